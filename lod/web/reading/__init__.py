"""What is served about a resource, read from one generation: documents, paging, mementos, triple patterns, terms."""
