"""HTML pages of resources: what the templates show, as plain values."""
