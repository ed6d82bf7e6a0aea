"""The catalog of a generation (SQLite): records, their claims, the fate of every value, findings, redirects, backlinks. Triples are queried in the store."""
