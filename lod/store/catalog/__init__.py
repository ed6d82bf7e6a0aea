"""The catalog of a generation (SQLite): who claimed what, what became of every value, findings, redirects, backlinks. No triples are queried here."""
