"""Citations of items: CSL-JSON, and from it BibTeX, RIS and formatted references. What a page shows of them belongs to `pages`."""
