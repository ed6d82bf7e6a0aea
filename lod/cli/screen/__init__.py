"""What commands print for people at a terminal, one module a kind of result. Imported inside commands only: rich is heavy."""
