"""lod push: a generation into another triple store."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.group import main
from lod.cli.options import json_option, site_option
from lod.cli.output import print_json
from lod.settings.table import STORE_ENGINES

if TYPE_CHECKING:
    from lod.store.generation.generations import Generation, Site


@main.command()
@click.argument("address", required=False, metavar="[URL]")
@site_option
@click.option(
    "--graph", metavar="IRI", help="Named graph for the published triples; the setting store_graph if left out."
)
@click.option(
    "--engine",
    type=click.Choice(STORE_ENGINES),
    help="What the store is, where neither its answers nor URL tell.",
)
@click.option("--update", metavar="URL", help="Address for SPARQL updates, where it cannot be told from URL.")
@click.option("--graph-store", metavar="URL", help="Address of the Graph Store Protocol, likewise.")
@click.option("--generation", metavar="NAME", help="A kept generation; the live one if left out.")
@click.option(
    "--full", is_flag=True, help="Trust no mark: compare triple by triple with what the store holds, or replace it."
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send nothing.")
@click.option(
    "--loaded",
    is_flag=True,
    help="The store's own loader took it in: compare counts, bring the named graphs along, mark the store.",
)
@json_option
def push(
    address: str | None,
    site: Path,
    graph: str | None,
    engine: str | None,
    update: str | None,
    graph_store: str | None,
    generation: str | None,
    full: bool,
    dry_run: bool,
    loaded: bool,
    as_json: bool,
) -> None:
    """Bring another triple store, at URL, to the live generation.

    URL is its SPARQL query endpoint; the setting `store` if left out. Only the difference is sent where it is known. The
    credentials are LOD_STORE_USER and LOD_STORE_PASSWORD, or
    LOD_STORE_TOKEN, in the environment; requests to Neptune are signed with the AWS credentials that are found there.

    \b
    Examples:
      lod push --site mysite http://localhost:3030/records/sparql
      lod push --site mysite http://localhost:3030/records/sparql --dry-run
    """
    from lod.cli.screen.push import push_progress, show_push
    from lod.errors import ConfigError
    from lod.remote.push import Push, opened_to_write
    from lod.settings.table import read_settings, store_faults
    from lod.store.generation.generations import Site

    settings = read_settings(site)
    if address and address != settings.store:
        settings = replace(settings, store=address, store_engine="", store_update="", store_graph_store="")
    settings = replace(
        settings,
        store_graph=settings.store_graph if graph is None else graph,
        store_engine=engine or settings.store_engine,
        store_update=update or settings.store_update,
        store_graph_store=graph_store or settings.store_graph_store,
    )
    if loaded and (full or dry_run):
        raise click.UsageError(
            "--loaded sets a mark and sends named graphs only; it goes with neither --full nor --dry-run"
        )
    if not settings.store:
        raise click.UsageError("name the store: its SPARQL query endpoint as URL, or the setting `store`")
    if faults := tuple(store_faults(vars(settings))):
        raise ConfigError(faults)
    published = Site(site)
    with published.locked_for_push() as kept:
        wanted = _chosen(published, kept, generation)
        with opened_to_write(settings, os.environ) as (store, found), push_progress(quiet=as_json) as progress:
            job = Push(store, found, settings.base_iri, progress)
            report = job.mark(wanted) if loaded else job.run(wanted, kept, full=full, dry=dry_run)
    if as_json:
        print_json(asdict(report))
    else:
        show_push(report, settings.store, found.name, dry=dry_run, loaded=loaded)


def _chosen(site: Site, kept: list[Generation], name: str | None) -> Generation:
    from lod.errors import StoreError

    live = name or site.live_name()
    found = next((generation for generation in kept if generation.name == live), None)
    if found is None:
        there = ", ".join(generation.name for generation in kept) or "none; begin with 'lod publish SOURCE…'"
        raise StoreError(f"{site.directory}: no generation {live or 'is live'}; kept: {there}")
    return found
