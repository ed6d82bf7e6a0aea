"""Shapes in, findings out. What a finding means for publication is decided in `lod.publish`."""
