"""lod serve, lod demo."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from lod.cli.group import main, site_option
from lod.cli.publishing import publish_sources
from lod.cli.site import free_to_listen, load_plan, open_site


@main.command()
@site_option
@click.option("--host", help="Address to listen on; the setting `host` if left out.")
@click.option("--port", type=int, help="Port to listen on; the setting `port` if left out, 0 for any free one.")
def serve(site: Path, host: str | None, port: int | None) -> None:
    """Serve the live generation: dereferencing, pages, SPARQL."""
    from lod.settings.load import read_settings
    from lod.web.server.waitress import serve as serve_site

    settings = read_settings(site)
    _log_as_a_service()
    serve_site(
        settings,
        open_site(site, settings),
        host or settings.host,
        free_to_listen(host or settings.host, settings.port if port is None else port),
        lambda address: click.echo(f"Serving {settings.title} at {address} (stop with Ctrl+C)"),
    )


def _log_as_a_service() -> None:
    """Send the access log to standard output as it is, everything else to standard error with the id of its request."""
    import sys

    from lod.web.observe.access_log import ACCESS_LOG, WithRequestId
    from lod.web.observe.log_queue import BackgroundHandler

    log = BackgroundHandler(sys.stderr)
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"))
    log.addFilter(WithRequestId())
    logging.basicConfig(level=logging.INFO, handlers=[log])
    ACCESS_LOG.addHandler(BackgroundHandler(sys.stdout))
    ACCESS_LOG.propagate = False


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True, help="0 takes any free port.")
@click.option("--site", type=click.Path(path_type=Path), help="Folder for the demo site; a temporary one if left out.")
@click.option("--no-serve", is_flag=True, help="Publish only.")
def demo(host: str, port: int, site: Path | None, no_serve: bool) -> None:
    """Publish the bundled sample records into a fresh site and serve them."""
    from lod.bundled import SAMPLE
    from lod.cli.screen import show_demo, show_report
    from lod.disk.scratch import scratch_folder
    from lod.harvest import Way
    from lod.settings.load import SETTINGS_FILE
    from lod.site.folder import free_port, make_site
    from lod.sources.configured import NamedSource

    port = free_to_listen(host, port) or free_port(host)
    with scratch_folder() as temporary:
        folder = site or temporary
        base_iri = f"http://{host}:{port}/"
        chosen = {"base_iri": base_iri, "title": "lod demo", "publisher": "lod"}
        chosen["license"] = "https://creativecommons.org/publicdomain/zero/1.0/"
        if not (folder / SETTINGS_FILE).exists():
            make_site(folder, chosen)
        sample = NamedSource(name="sample", path=str(SAMPLE.absolute()))
        report = publish_sources(folder, *load_plan(folder), [sample], Way())
        show_report(report)
        if no_serve:
            return
        from lod.settings.load import read_settings
        from lod.web.server.waitress import serve as serve_site

        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        settings = read_settings(folder)
        serve_site(settings, open_site(folder, settings), host, port, lambda _: show_demo(base_iri))
