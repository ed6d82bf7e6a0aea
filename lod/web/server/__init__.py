"""TODO lod/web/server"""
