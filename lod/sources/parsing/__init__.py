"""Syntaxes taken apart piece by piece: encodings, XML, JSON, CSV, HTML, zip. No format of a repository."""
