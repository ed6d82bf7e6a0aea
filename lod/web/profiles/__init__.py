"""A resource in the words of others: Dublin Core, schema.org, metadata in pages, signposts, link sets."""
