"""TODO lod/sources/dublin_core"""
