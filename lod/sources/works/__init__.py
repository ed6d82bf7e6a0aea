"""JSON of registration agencies and indexes: Crossref, DataCite, DOAJ, CSL-JSON, by what they share."""
