"""Documents and query results written in the formats that are served."""
