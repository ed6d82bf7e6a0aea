"""What DSpace writes: CSV and spreadsheets of its metadata, the Simple Archive Format, answers of its REST API. Its item pages are in `pages`."""
