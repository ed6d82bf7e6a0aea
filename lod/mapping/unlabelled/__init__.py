"""Unqualified Dublin Core: the qualified field of a value, read from its form."""
