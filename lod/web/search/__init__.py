"""Search and browse pages, over the index of the live generation: /search, /browse/, /suggest, /opensearch.xml."""
