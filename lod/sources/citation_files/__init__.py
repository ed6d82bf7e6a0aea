"""TODO lod/sources/citation_files"""
