"""TODO lod/web/profiles"""
