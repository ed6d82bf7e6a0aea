"""Read from one generation what is served about a resource: documents, paging, mementos, triple patterns, terms."""
