"""TODO lod/sources/works"""
