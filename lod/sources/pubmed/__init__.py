"""TODO lod/sources/pubmed"""
