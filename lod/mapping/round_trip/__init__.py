"""TODO lod/mapping/round_trip"""
