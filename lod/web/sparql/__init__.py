"""The SPARQL endpoint over HTTP: requests, responses, the query page."""
