"""TODO lod/web/sparql"""
