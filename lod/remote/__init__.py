"""Triple stores at an address: a SPARQL 1.1 client, what engines differ in, pushing a generation, and a site served from there."""
