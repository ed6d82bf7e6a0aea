"""TODO lod/validation/foreign"""
