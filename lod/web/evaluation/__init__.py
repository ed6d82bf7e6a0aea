"""TODO lod/web/evaluation"""
