"""Generations of a site: built in a temporary folder, checked, switched to atomically; their named graphs and checksums."""
