"""Queries of strangers evaluated: admission, limits, disposable worker processes, stores at an address. Requests and results of HTTP are in `sparql`."""
