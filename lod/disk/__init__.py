"""TODO lod/disk"""
