"""Shapes in, findings out."""
