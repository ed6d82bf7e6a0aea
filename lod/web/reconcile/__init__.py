"""Reconciliation service at /reconcile: candidates for names and identifiers in tables, suggest, preview, data extension.

What is found and how it is scored knows no form of the protocol; `form_0_2` and `routes` are version 0.2 of it.
"""
