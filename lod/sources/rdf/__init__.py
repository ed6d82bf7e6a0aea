"""Files of RDF made elsewhere, as records that are published unchanged."""
