"""Figures of quality of a generation: which records lack what and have which findings, by collection, source, year and type, with their history."""
