"""The commands: parse arguments, call one function, print its result."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
