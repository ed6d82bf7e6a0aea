"""OAI-PMH provider at /oai: arguments, resumption tokens, sets, forms of metadata. The harvester of others is `lod.harvest`."""
