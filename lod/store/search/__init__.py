"""Search: a full-text index with facets, things by name and by identifier, made of the published claims; no pages, no requests."""
