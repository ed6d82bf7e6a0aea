"""Look at a site without changing it: check, coverage, explain, status, validate."""
