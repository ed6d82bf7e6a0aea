"""The commands: parse arguments, call one function, print its result. Heavy imports stay inside the commands."""

from lod.cli import publishing, covering, looking, validating, generations, dumping, pushing, serving  # noqa: F401, I001  (each adds its commands, in this order)
from lod.cli.group import main

__all__ = ["main"]
