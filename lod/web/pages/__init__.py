"""TODO lod/web/pages"""
