"""TODO lod/store/generation"""
