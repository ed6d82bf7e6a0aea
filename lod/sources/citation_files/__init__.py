"""Files of reference managers: BibTeX with its TeX, RIS. CSL-JSON is in `works`."""
