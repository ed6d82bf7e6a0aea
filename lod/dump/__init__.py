"""Dumps of a generation, the difference to the previous one, and the description of the dataset. What triples say is decided elsewhere."""
