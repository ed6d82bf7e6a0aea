"""TODO lod/mapping/unlabelled"""
