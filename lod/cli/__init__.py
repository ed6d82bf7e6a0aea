"""The commands: parse arguments, call one function, print its result. One file a command; heavy imports stay inside the commands."""
# ruff: noqa: F401  (each module adds its command to `main`)

import lod.cli.look.check
import lod.cli.look.coverage
import lod.cli.look.explain
import lod.cli.look.links
import lod.cli.look.status
import lod.cli.look.terms
import lod.cli.look.validate
import lod.cli.publish.dump
import lod.cli.publish.publish
import lod.cli.publish.push
import lod.cli.publish.rollback
import lod.cli.run.backup
import lod.cli.run.restore
import lod.cli.run.serve
import lod.cli.run.verify
import lod.cli.start.demo
import lod.cli.start.formats
import lod.cli.start.import_mapping
import lod.cli.start.init
import lod.cli.start.settings
from lod.cli.group import main

__all__ = ["main"]
