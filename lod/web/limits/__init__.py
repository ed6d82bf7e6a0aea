"""Limits of what one client may cost the others."""
