"""TODO lod/mapping/resources"""
