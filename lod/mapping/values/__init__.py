"""TODO lod/mapping/values"""
