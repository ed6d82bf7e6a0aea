"""TODO lod/web/observe"""
