"""Change feed of a site: what each generation has created, updated and deleted, in pages that are written once. Served by `lod.web.feeds`."""
