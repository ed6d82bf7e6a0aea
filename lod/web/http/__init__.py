"""TODO lod/web/http"""
