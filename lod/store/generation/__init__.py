"""Generations of a site: built aside, checked, switched to in one step; the named graphs and checksums of one."""
