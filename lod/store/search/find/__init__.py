"""The index read: queries, facet counts, lists, things by name or identifier; `index.SearchIndex` is the way in."""
