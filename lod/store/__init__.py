"""Where published triples live: the Store protocol, Oxigraph, the catalog, generations."""
