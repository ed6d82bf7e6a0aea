"""TODO lod/web/writing"""
