"""TODO lod/sources/parsing"""
