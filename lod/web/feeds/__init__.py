"""TODO lod/web/feeds"""
