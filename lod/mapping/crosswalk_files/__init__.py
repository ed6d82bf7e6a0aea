"""TODO lod/mapping/crosswalk_files"""
