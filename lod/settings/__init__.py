"""TODO lod/settings"""
