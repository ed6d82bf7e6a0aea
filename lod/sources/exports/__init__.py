"""Texts with tags that databases and reference managers export: Web of Science, MEDLINE, EndNote."""
