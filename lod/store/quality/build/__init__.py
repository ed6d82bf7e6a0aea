"""The figures written: made of the catalog, brought along with each run, with their history."""
