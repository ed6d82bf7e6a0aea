"""TODO lod/harvest/oai"""
