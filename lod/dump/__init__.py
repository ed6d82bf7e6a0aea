"""Dumps of a generation, the difference to the one before, and the description of the dataset. What triples say is decided elsewhere."""
