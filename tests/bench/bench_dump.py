"""What dumps cost: all of them from sorted claims, and after a few changed records; against plain gzip of the same bytes.

    python tests/bench/bench_dump.py FILE.nt [CHANGED]

FILE.nt holds sorted N-Triples, such as an unpacked dump; CHANGED records (100) get another title, a new record comes and
one goes. Times are CPU seconds of this process, so that a busy machine changes them little; ratios compare them with gzip -6 of the
same N-Triples in one stream, and with what Oxigraph takes to write the same triples as N-Triples.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from lod.dump.manifest import DUMPS
from lod.dump.write import DumpWriter
from lod.rdf.formats import DUMP_NAMES
from lod.rdf.vocabulary import load_vocabulary

TITLE = "<http://purl.org/dc/terms/title>"
STORE_TRIPLES = 1_000_000


class Changed:
    """A difference: some claims, each with another value."""

    def __init__(self, lines: list[str]) -> None:
        self._removed = sorted(lines)
        self._added = sorted(
            f'{line[: line.rindex(chr(34))]} (revised)"{line[line.rindex(chr(34)) + 1 :]}' for line in lines
        )

    def added(self) -> Iterator[str]:
        return iter(self._added)

    def removed(self) -> Iterator[str]:
        return iter(self._removed)


def lines_of(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def records_changed(path: Path, count: int) -> list[str]:
    """Return every claim with a literal of some items, their documents and their list cells, as a new version changes them."""
    items = [
        line.split(" ", 1)[0][1:-1] for line in lines_of(path) if f"> {TITLE} " in line and "/id/item/" in line[:200]
    ]
    chosen = set(random.Random(1).sample(items, count))
    documents = {item.replace("/id/item/", "/data/item/") for item in chosen}
    return [
        line
        for line in lines_of(path)
        if line.endswith(('" .', "@en .", "dateTime> ."))
        and line[1 : line.index(">")].partition("#")[0] in chosen | documents
    ]


def write(folder: Path, path: Path, before: Path | None, changes: Changed | None) -> None:
    folder.mkdir()
    writer = DumpWriter(DUMP_NAMES, load_vocabulary().prefixes, "https://data.example.org/id/")
    writer.write_published(folder / DUMPS, before and before / DUMPS, changes, lambda: lines_of(path))
    writer.complete([])


def plain_gzip(path: Path) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            packer.compress(chunk)
    packer.flush()


def main() -> None:
    path = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    triples = sum(1 for _ in lines_of(path))
    changes = Changed(records_changed(path, count))
    print(
        f"{triples:,} triples, {path.stat().st_size:,} bytes; {count} records changed, {len(changes._added):,} claims"
    )
    root = Path(tempfile.mkdtemp(prefix="lod-bench-", dir=path.parent))
    try:
        reading = cpu(lambda: sum(1 for _ in lines_of(path)))
        plain = cpu(lambda: plain_gzip(path))
        full = cpu(lambda: write(root / "a", path, None, None)) - reading
        started = time.monotonic()
        few = cpu(lambda: write(root / "b", path, root / "a", changes))
        elapsed = time.monotonic() - started
        packed = sum(file.stat().st_size for file in (root / "a" / DUMPS).glob("dataset.*"))
        print(f"gzip -6, one stream         {plain:8.1f} s   1.00")
        print(f"all six dumps, from claims  {full:8.1f} s {full / plain:6.2f}")
        print(f"all six, after the changes  {few:8.1f} s {few / plain:6.2f}   ({elapsed:.1f} s on the clock)")
        oxigraph = oxigraph_dump(path) * triples / min(triples, STORE_TRIPLES)
        print(f"Oxigraph's own N-Triples    {oxigraph:8.1f} s {oxigraph / plain:6.2f}   (unpacked, unsorted)")
        print(f"dumps on disk {packed:,} bytes, blocks {(root / 'a' / DUMPS / 'blocks.json').stat().st_size:,} bytes")
    finally:
        shutil.rmtree(root)


def oxigraph_dump(path: Path) -> float:
    import pyoxigraph as ox

    store = ox.Store()
    text = "".join(f"{line}\n" for line in islice(lines_of(path), STORE_TRIPLES)).encode()
    store.bulk_load(text, ox.RdfFormat.N_TRIPLES)
    return cpu(lambda: store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()))


if __name__ == "__main__":
    main()
