"""TODO lod/sources/dspace"""
