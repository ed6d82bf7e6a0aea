"""MODS: one record, collections of them, and the tables of its words."""
