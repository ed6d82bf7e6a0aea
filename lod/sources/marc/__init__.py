"""MARC 21: records from ISO 2709 files and from MARCXML, and the Dublin Core and BIBO that is read out of them."""
