"""TODO lod/site"""
