"""PubMed XML and its dates. Lists of PubMed as CSV are in `tables`."""
