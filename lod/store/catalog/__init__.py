"""TODO lod/store/catalog"""
