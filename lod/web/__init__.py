"""Web server: it serves what has been published. It imports neither sources nor mapping nor validation."""
