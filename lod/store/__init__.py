"""Stores on this machine: protocols of published data, Oxigraph, the catalog, generations. Remote stores are in `lod.remote`."""
