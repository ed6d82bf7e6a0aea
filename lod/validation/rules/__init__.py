"""TODO lod/validation/rules"""
