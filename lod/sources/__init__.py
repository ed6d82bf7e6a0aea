"""Sources: one module a format, all of them yielding records."""
