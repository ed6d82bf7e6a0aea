"""A resource in other vocabularies and media: Dublin Core, schema.org, metadata in pages, signposts, link sets."""
