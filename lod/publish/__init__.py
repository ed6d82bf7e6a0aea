"""TODO lod/publish"""
