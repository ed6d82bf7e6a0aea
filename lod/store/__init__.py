"""Where published triples live on this machine: the Store protocol, Oxigraph, the catalog, generations. Stores at an address are in `lod.remote`."""
