"""OAI-PMH responses and the metadata forms that they carry. Fetching them is `lod.harvest`."""
