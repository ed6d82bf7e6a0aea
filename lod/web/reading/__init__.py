"""TODO lod/web/reading"""
