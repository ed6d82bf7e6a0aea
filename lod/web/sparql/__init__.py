"""The SPARQL endpoint over HTTP: requests, answers, the query page."""
