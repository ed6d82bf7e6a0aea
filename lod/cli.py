"""The commands: parse arguments, call one function, print its result. Heavy imports stay inside the commands."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from lod import __version__
from lod.errors import ConfigError, LodError

if TYPE_CHECKING:
    from lod.config import Settings
    from lod.publish import Plan
    from lod.report import RunReport
    from lod.store.generations import Site

OK, REFUSED, USAGE, BROKEN = 0, 1, 2, 3

_site_option = click.option(
    "--site",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="Folder of the site: lod.toml and, if wanted, crosswalk/, maps/, shapes/.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


class _Commands(click.Group):
    """Commands in the order of the flow, and faults as messages with their exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as fault:
            _stop(fault.faults, USAGE)
        except LodError as fault:
            _stop([str(fault)], BROKEN)
        except (BrokenPipeError, KeyboardInterrupt):
            sys.exit(BROKEN)


def _stop(lines: tuple[str, ...] | list[str], code: int) -> NoReturn:
    for line in lines:
        click.echo(f"lod: {line}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lod")
def main() -> None:
    """Publish the records of a repository as validated linked data."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--base-iri", default="http://127.0.0.1:8000/", show_default=True, help="Start of every minted IRI.")
@click.option("--title", default="My repository as linked data", show_default=True)
def init(folder: Path, base_iri: str, title: str) -> None:
    """Make a site folder DIR with a commented lod.toml."""
    from lod.site_folder import make_site

    path = make_site(folder, {"base_iri": base_iri, "title": title, "publisher": "", "license": ""})
    click.echo(f"Wrote {path}. Set base_iri, publisher and license there, then publish:")
    click.echo(f"  lod publish --site {folder} SOURCE…")


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@_site_option
@click.option("--format", "format_", metavar="F", help="Format of the sources; told from their content if left out.")
@click.option("--dry-run", is_flag=True, help="Read, map and validate; publish nothing.")
@click.option("--partial", is_flag=True, help="The sources hold a part only: remove nothing that is missing from them.")
@_json_option
def publish(
    sources: tuple[str, ...], site: Path, format_: str | None, dry_run: bool, partial: bool, as_json: bool
) -> None:
    """Read SOURCE… (files or folders), map, validate, and publish a new generation.

    A record that was published from a SOURCE before and is missing from it now is removed; its IRI answers 410.
    """
    if not sources:
        raise click.UsageError("name at least one SOURCE: a file or a folder; see 'lod publish --help'")
    _check_format(format_)
    report = _publish(site, sources, format_, dry_run=dry_run, partial=partial, quiet=as_json)
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        from lod.screen import show_report

        show_report(report)
    sys.exit(REFUSED if report.refused else OK)


def _check_format(name: str | None) -> None:
    from lod.sources import SOURCES

    known = [source.name for source in SOURCES]
    if name is not None and name not in known:
        raise click.BadParameter(f"unknown format {name!r}; known: {', '.join(known)}", param_hint="--format")


def _publish(
    site: Path, sources: tuple[str, ...], format_: str | None, *, dry_run: bool, partial: bool, quiet: bool
) -> RunReport:
    from dataclasses import replace
    from itertools import chain

    from lod.publish import publish as publish_records
    from lod.screen import progress_shown
    from lod.sources import open_source
    from lod.store.generations import Site

    settings, plan = _plan(site, dry_run=dry_run)
    skipped: list[tuple[str, str]] = []
    streams = [open_source(source, settings, format=format_, skipped=skipped) for source in sources]
    if not partial:
        unread = tuple(str(Path(file).resolve()) for file, _ in skipped)
        plan = replace(plan, scopes=tuple(str(Path(source).resolve()) for source in sources), unread=unread)
    with progress_shown(quiet=quiet) as progress:
        report = publish_records(chain.from_iterable(streams), plan, Site(site), progress)
    report.skipped = skipped
    return report


def _plan(site: Path, *, dry_run: bool = False) -> tuple[Settings, Plan]:
    """Read everything that a site's folder says; raise ConfigError with every fault of all of it."""
    from lod.bundled import SHAPES
    from lod.config import SETTINGS_FILE, make_settings, read_settings
    from lod.mapping.crosswalk import load_crosswalk
    from lod.publish import Plan
    from lod.validation.shapes import EMAIL_RULES, load_shapes
    from lod.vocabulary import load_vocabulary

    faults: list[str] = []
    try:
        settings = read_settings(site)
    except ConfigError as fault:
        # Go on with settings that are right, so that the faults of all other files are told as well.
        faults += fault.faults
        settings = make_settings({"base_iri": "https://example.org/"}, {})
        if not (site / SETTINGS_FILE).exists():
            raise
    folders = [SHAPES, *([site / "shapes"] if (site / "shapes").is_dir() else [])]
    loaded: list[Any] = []
    steps: tuple[Callable[[], Any], ...] = (
        lambda: load_crosswalk(settings, site),
        lambda: load_shapes(
            folders,
            load_vocabulary(settings.vocabulary_namespace),
            without=EMAIL_RULES if settings.publish_email_addresses else (),
        ),
    )
    for step in steps:
        try:
            loaded.append(step())
        except ConfigError as fault:
            faults += fault.faults
    if faults:
        raise ConfigError(faults)
    return settings, Plan(loaded[0], loaded[1], dry_run=dry_run)


def _free(host: str, port: int) -> int:
    """Return the port; stop with a message where something else listens there."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            _stop(
                [
                    f"cannot listen on {host}, port {port} ({fault.strerror}); choose another one with --port, 0 takes any free one"
                ],
                BROKEN,
            )
    return port


def _open_site(folder: Path, settings: Settings) -> Site:
    """Open a site to be served; its catalog masks e-mail addresses unless they may be published."""
    from lod.privacy import mask_addresses
    from lod.store.generations import Site

    return Site(folder, mask=str if settings.publish_email_addresses else mask_addresses)


@main.command()
@_site_option
@click.option("--host", help="Address to listen on; the setting `host` if left out.")
@click.option("--port", type=int, help="Port to listen on; the setting `port` if left out, 0 for any free one.")
def serve(site: Path, host: str | None, port: int | None) -> None:
    """Serve the live generation: dereferencing, pages, SPARQL."""
    from lod.config import read_settings
    from lod.web.server import serve as serve_site

    settings = read_settings(site)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    serve_site(
        settings,
        _open_site(site, settings),
        host or settings.host,
        _free(host or settings.host, settings.port if port is None else port),
        lambda address: click.echo(f"Serving {settings.title} at {address} (stop with Ctrl+C)"),
    )


@main.command()
@_site_option
@_json_option
def check(site: Path, as_json: bool) -> None:
    """Check settings, crosswalk, maps and shapes: every fault at once."""
    from lod.mapping.examples import example_faults

    faults: tuple[str, ...] = ()
    rules = shapes = 0
    try:
        _, plan = _plan(site)
        rules, shapes = len(plan.crosswalk.rules), len(plan.shapes.rules)
        faults = tuple(example_faults(plan.crosswalk))
    except ConfigError as fault:
        faults = fault.faults
    if as_json:
        click.echo(
            json.dumps({"faults": list(faults), "rules": rules, "constraints": shapes}, ensure_ascii=False, indent=2)
        )
        sys.exit(USAGE if faults else OK)
    if faults:
        _stop(faults, USAGE)
    click.echo(f"No faults: {rules} rules with their examples, {shapes} constraints.")


@main.command()
@click.argument("record", metavar="RECORD")
@_site_option
@_json_option
def explain(record: str, site: Path, as_json: bool) -> None:
    """Show, field by field, which rule took each value of RECORD and what it became.

    RECORD is a handle (10722/129504), the IRI of an item, or the place of a refused record ("climate.csv, row 14").
    """
    from lod.explain import explain_record
    from lod.screen import show_explanation

    explanation = explain_record(site, record)
    if explanation is None:
        _stop([f"no record {record!r} has been published or refused here; 'lod status' lists the refused ones"], USAGE)
    if as_json:
        click.echo(json.dumps(explanation.rows(), ensure_ascii=False, indent=2))
    else:
        show_explanation(explanation)


@main.command()
@_site_option
@_json_option
@click.option("--shacl", is_flag=True, help="Print all findings as a SHACL validation report in Turtle.")
def status(site: Path, as_json: bool, shacl: bool) -> None:
    """Show generations, counts, the last run, and findings by rule."""
    from lod.explain import site_status, validation_report
    from lod.screen import show_status

    if shacl:
        from lod.config import read_settings

        click.echo(validation_report(site, read_settings(site)), nl=False)
        return
    state = site_status(site)
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False, indent=2))
    else:
        show_status(state)


@main.command()
@_json_option
def settings(as_json: bool) -> None:
    """List every setting with its default."""
    from dataclasses import MISSING

    from lod.config import SETTINGS

    rows = [
        {"name": row.name, "default": None if row.default is MISSING else row.default, "help": row.metadata["help"]}
        for row in SETTINGS
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for entry in rows:
        default = "no default" if entry["default"] is None else json.dumps(entry["default"])
        click.echo(f"{entry['name']} ({default})\n    {entry['help']}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True, help="0 takes any free port.")
@click.option("--site", type=click.Path(path_type=Path), help="Folder for the demo site; a temporary one if left out.")
@click.option("--no-serve", is_flag=True, help="Publish only.")
def demo(host: str, port: int, site: Path | None, no_serve: bool) -> None:
    """Publish the bundled sample records into a fresh site and serve them."""
    import tempfile

    from lod.bundled import SAMPLE
    from lod.config import SETTINGS_FILE
    from lod.screen import show_demo, show_report
    from lod.site_folder import free_port, make_site

    port = _free(host, port) or free_port(host)
    with tempfile.TemporaryDirectory(prefix="lod-demo-") as temporary:
        folder = site or Path(temporary)
        base_iri = f"http://{host}:{port}/"
        chosen = {"base_iri": base_iri, "title": "lod demo", "publisher": "lod"}
        chosen["license"] = "https://creativecommons.org/publicdomain/zero/1.0/"
        if not (folder / SETTINGS_FILE).exists():
            make_site(folder, chosen)
        report = _publish(folder, (str(SAMPLE),), None, dry_run=False, partial=False, quiet=False)
        show_report(report)
        if no_serve:
            return
        from lod.config import read_settings
        from lod.web.server import serve as serve_site

        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        settings = read_settings(folder)
        serve_site(settings, _open_site(folder, settings), host, port, lambda _: show_demo(base_iri))
