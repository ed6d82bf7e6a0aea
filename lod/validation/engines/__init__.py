"""Engines: what runs the SHACL shapes over records. Rules in code and the reading of shapes have rooms of their own."""
