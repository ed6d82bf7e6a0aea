"""TODO lod/web/dereference"""
