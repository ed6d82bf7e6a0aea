"""TODO lod/rdf"""
