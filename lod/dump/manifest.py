"""The manifest of dumps: which files a generation carries, with sizes, checksums and figures.

dumps/dataset.nt.gz …                 the published claims, compressed block by block
dumps/added.nt.gz, removed.nt.gz      the difference to the previous generation
dumps/differences/NAME/               the differences of earlier generations, whether these are still kept or not
dumps/SHA256SUMS                      for `sha256sum --check`
dumps/dumps.json                      sizes, checksums, figures (`Manifest`)
dumps/blocks.json                     offsets of the blocks, for the next run
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from lod.disk.compression import GZIP, ZSTD, Compression
from lod.dump.statistics import Statistics
from lod.dump.syntaxes import WRITERS, BlockWriter
from lod.rdf.formats import DUMPED, N_TRIPLES, Format

DUMPS = "dumps"
MANIFEST = "dumps.json"
BLOCKS = "blocks.json"
SUMS = "SHA256SUMS"
DIFFERENCES = "differences"
ADDED, REMOVED = "added.nt.gz", "removed.nt.gz"


@dataclass(frozen=True, slots=True)
class DumpFormat:
    """A serialization and a compression; the name of both ("nt.gz") ends the file's name."""

    syntax: Format
    compression: Compression

    @property
    def writer(self) -> BlockWriter:
        """How the blocks are written."""
        return WRITERS[self.syntax]

    @property
    def name(self) -> str:
        """Its name in the setting `dump_formats`."""
        return f"{self.syntax.extension}.{self.compression.extension}"

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"dataset.{self.name}"


MAIN = DumpFormat(N_TRIPLES, GZIP)
"""Every generation carries it: the next one's dumps are made from its blocks."""

_COMPRESSIONS = {compression.extension: compression for compression in (GZIP, ZSTD)}

DUMP_FORMATS = {name: DumpFormat(syntax, _COMPRESSIONS[ending]) for name, (syntax, ending) in DUMPED.items()}


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file: its name, bytes, SHA-256, and how many triples it holds (named graphs included)."""

    name: str
    bytes: int
    sha256: str
    triples: int

    @property
    def format(self) -> DumpFormat:
        """Its serialization and compression."""
        return DUMP_FORMATS[self.name.partition(".")[2]]


@dataclass(frozen=True, slots=True)
class PastDifference:
    """The difference of an earlier generation: its name, that of the previous generation, and the two files."""

    name: str
    previous: str
    files: tuple[DumpFile, ...]

    @property
    def bytes(self) -> int:
        """Size of the two files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The dumps of a generation.

    Attributes:
        previous: name of the previous generation, from which the difference starts; "" where there is none.
        files: in the order in which they are listed.
        statistics: the figures of the published claims.
        prefixes: those that Turtle declares, with their namespaces.
        history: the differences of earlier generations that are carried on, the latest first, without a gap.
    """

    previous: str
    files: tuple[DumpFile, ...]
    statistics: Statistics
    prefixes: Mapping[str, str]
    history: tuple[PastDifference, ...] = ()

    @property
    def dumps(self) -> list[DumpFile]:
        """The files that hold everything, in the order of `DUMP_FORMATS`."""
        return [file for file in self.files if file.name.startswith("dataset.")]

    @property
    def difference(self) -> list[DumpFile]:
        """The files of the difference to the previous generation; none of the first generation."""
        return [file for file in self.files if file.name in {ADDED, REMOVED}]

    @property
    def ancestors(self) -> list[str]:
        """Names of the generations that this one was built on, the latest first, as far back as differences are carried on."""
        names = [self.previous, *(past.previous for past in self.history)]
        return [name for name in names if name]

    @property
    def changes_nothing(self) -> bool:
        """Whether the same is published as in the previous generation."""
        return bool(self.difference) and not any(file.triples for file in self.difference)

    def file(self, name: str) -> DumpFile | None:
        """Return the entry of a file, None where none has that name."""
        return next((file for file in self.files if file.name == name), None)

    @classmethod
    def of(cls, generation: Path) -> Manifest | None:
        """Return the manifest of the generation in a folder, None where it carries no dumps."""
        try:
            found = json.loads((generation / DUMPS / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        files = tuple(DumpFile(**row) for row in found["files"])
        history = tuple(
            PastDifference(row["name"], row["previous"], tuple(DumpFile(**file) for file in row["files"]))
            for row in found["history"]
        )
        return cls(found["previous"], files, Statistics.from_dict(found["statistics"]), found["prefixes"], history)

    def write(self, folder: Path) -> None:
        """Write the manifest, and the checksums of the files, into their folder."""
        text = {
            "previous": self.previous,
            "files": [asdict(file) for file in self.files],
            "statistics": self.statistics.to_dict(),
            "prefixes": dict(self.prefixes),
            "history": [asdict(past) for past in self.history],
        }
        (folder / MANIFEST).write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
        (folder / SUMS).write_text(sums(self.files), encoding="utf-8")


def sums(files: tuple[DumpFile, ...]) -> str:
    """Return checksums as `sha256sum --check` reads them."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files)
