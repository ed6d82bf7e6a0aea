"""Publish a generation and hand it on: publish, push, dump, rollback."""
