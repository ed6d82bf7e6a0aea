"""TODO lod/sources/pages"""
