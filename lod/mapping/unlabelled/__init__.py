"""Unqualified Dublin Core: which field a value would stand in, told by its form."""
