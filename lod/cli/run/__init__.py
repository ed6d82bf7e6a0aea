"""Run a site: serve, verify, backup, restore."""
