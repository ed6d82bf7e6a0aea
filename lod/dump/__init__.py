"""Dumps of a generation, the difference to the one before, and the description of the dataset."""
