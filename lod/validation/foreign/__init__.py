"""Validation of any RDF by the shapes: files, SPARQL endpoints, and RDF that a site publishes unchanged."""
