"""The way back: a record's values rebuilt from its published claims and compared with the source."""
