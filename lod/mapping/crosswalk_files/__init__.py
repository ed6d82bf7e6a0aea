"""Crosswalk files: read and checked, their examples run, or made from DSpace's RDF mapping."""
