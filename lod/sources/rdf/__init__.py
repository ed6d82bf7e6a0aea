"""TODO lod/sources/rdf"""
