"""TODO lod/remote"""
