"""One record through the crosswalk: the table of kinds, assembly, and RDF that is taken as it stands."""
