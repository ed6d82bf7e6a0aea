"""The web side: it serves what has been published, and nothing else. It knows neither sources nor mapping nor validation."""
