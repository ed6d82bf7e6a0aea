"""Monitoring, for operators: health, metrics, access log."""
