"""The index written: entries and things made of published claims, brought along with each run."""
