"""Shared by all readers: the file of a source, its records one by one, their fields and members, limits of size. No syntax is read here."""
