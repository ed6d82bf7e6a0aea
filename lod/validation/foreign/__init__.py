"""Any RDF against the shapes: files, SPARQL endpoints, and RDF that a site publishes as it stands."""
