"""TODO lod/sources/reading"""
