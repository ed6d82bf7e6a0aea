"""One record through the crosswalk: the table of kinds, assembly, and RDF that is published as it is."""
