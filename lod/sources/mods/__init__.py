"""TODO lod/sources/mods"""
