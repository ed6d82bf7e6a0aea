"""HTML pages: the start page and lists; pages of resources, whose templates get plain values."""
