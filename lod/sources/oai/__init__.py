"""TODO lod/sources/oai"""
