"""TODO lod/web/fragments"""
