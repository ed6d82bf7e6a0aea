"""Evaluation of untrusted queries: admission control, limits, disposable worker processes, stores at an address.

The HTTP side of queries is in `sparql`.
"""
