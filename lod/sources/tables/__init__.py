"""TODO lod/sources/tables"""
