"""Memory: the peak of reading a source, and of `lod publish` with store and dumps, at two sizes. It should not grow with the source.

    python tests/bench/bench_memory.py [SMALL [LARGE]] [--read-only]

Each figure is the peak resident set of a fresh process, without its workers, in MiB; `growth` is what a further record costs, in bytes.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lod.site.folder import make_site

FIELDS = {
    "dc.title": "A record of some rivers and what they carry, number {}",
    "dc.contributor.author": "Example, Ann {}",
    "dc.date.issued": "2019-03-05",
    "dc.description.abstract": "What rivers carry in suspension was weighed at {} places. " * 12,
    "dc.identifier.uri": "http://hdl.handle.net/20.500.12348/{}",
    "dc.language.iso": "eng",
    "dc.subject": "rivers {}",
    "dc.type": "Article",
}

READ = """
import resource, sys
from lod.settings.table import Settings
from lod.sources import open_source
count = sum(1 for _ in open_source(sys.argv[1], Settings(base_iri="https://example.org/")))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

PUBLISH = """
import resource, sys
from click.testing import CliRunner
from lod.cli import main
result = CliRunner().invoke(main, ["publish", sys.argv[1], "--site", sys.argv[2], "--json"])
import json
report = json.loads(result.stdout)
print(report["published"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def filled(number: int) -> dict[str, str]:
    return {name: text.replace("{}", str(number)) for name, text in FIELDS.items()}


def write_csv(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write(",".join(FIELDS) + "\n")
        for number in range(count):
            file.write(",".join(f'"{text}"' for text in filled(number).values()) + "\n")


def write_json_lines(path: Path, count: int) -> None:
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps(filled(number)) + "\n")


def write_oai_pmh(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write('<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n')
        for number in range(count):
            parts = [name.split(".") for name in FIELDS]
            fields = "".join(
                f'<dim:field mdschema="{schema}" element="{element}"{f" qualifier={json.dumps(rest[0])}" if rest else ""}>'
                f"{text}</dim:field>"
                for (schema, element, *rest), text in zip(parts, filled(number).values(), strict=True)
            )
            file.write(
                f"<record><header><identifier>oai:example.org:20.500.12348/{number}</identifier>"
                "<datestamp>2020-01-01T00:00:00Z</datestamp></header><metadata>"
                f'<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">{fields}</dim:dim></metadata></record>\n'
            )
        file.write("</ListRecords></OAI-PMH>\n")


FORMATS = {"a.csv": write_csv, "a.jsonl": write_json_lines, "a.xml": write_oai_pmh}


def peak(code: str, *arguments: object) -> tuple[int, float, float]:
    """Return how many records a fresh process saw, its peak in MiB, and its seconds."""
    started = time.perf_counter()
    output = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout.split()
    return int(output[0]), int(output[1]) / 1024, time.perf_counter() - started


def main(sizes: tuple[int, ...], *, read_only: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'source':8} {'stage':18}" + "".join(f"{size:>10,} records" for size in sizes) + "      growth")
        for name, write in FORMATS.items():
            figures: dict[str, list[tuple[float, float]]] = {"reading": [], "publish": []}
            for size in sizes:
                path = Path(folder, name)
                write(path, size)
                site = Path(folder, f"site-{name}-{size}")
                make_site(site, {"base_iri": "https://example.org/", "title": "Bench", "publisher": "", "license": ""})
                for stage, code in (("reading", READ), ("publish", PUBLISH))[: 1 if read_only else 2]:
                    count, mib, seconds = peak(code, path, site)
                    assert count == size
                    figures[stage].append((mib, seconds))
            for stage, found in figures.items():
                if found:
                    shown = "".join(f"{mib:8.0f} MiB {seconds:4.0f} s" for mib, seconds in found)
                    growth = (found[-1][0] - found[0][0]) * 1024**2 / (sizes[-1] - sizes[0])
                    print(f"{name:8} {stage:18}{shown} {growth:7.0f} bytes a record", flush=True)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    main(tuple(numbers) or (1_000, 100_000), read_only="--read-only" in sys.argv)
