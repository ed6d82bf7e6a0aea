"""Dereferencing: /id/, /page/ and /data/."""
