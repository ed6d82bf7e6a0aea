"""Parsers of syntaxes, piece by piece: encodings, XML, JSON, CSV, HTML, zip. No format of a repository."""
