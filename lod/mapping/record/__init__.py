"""TODO lod/mapping/record"""
