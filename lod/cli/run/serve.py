"""lod serve: the live generation on the web."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.options import site_option
from lod.cli.site import free_to_listen, open_site
from lod.cli.terminal import PrintableFormatter, echo


@main.command()
@site_option
@click.option("--host", help="Address to listen on; the setting `host` if left out.")
@click.option("--port", type=int, help="Port to listen on; the setting `port` if left out, 0 for any free one.")
def serve(site: Path, host: str | None, port: int | None) -> None:
    """Serve the live generation: dereferencing, pages, SPARQL.

    \b
    Examples:
      lod serve --site mysite
      lod serve --site mysite --port 8080
    """
    from lod.memory import give_back_large_blocks, share_heaps
    from lod.settings.table import read_settings
    from lod.web.appearance.site_files import read_appearance
    from lod.web.server.waitress import serve as serve_site

    settings = read_settings(site)
    appearance = read_appearance(settings, site)
    give_back_large_blocks()
    share_heaps()
    _log_as_a_service()
    serve_site(
        settings,
        open_site(site, settings),
        host or settings.host,
        free_to_listen(host or settings.host, settings.port if port is None else port),
        lambda address: echo(f"Serving {settings.title} at {address} (stop with Ctrl+C)"),
        appearance,
    )


def _log_as_a_service() -> None:
    """Send the access log to standard output as it is, everything else to standard error with the id of its request."""
    import sys

    from lod.web.observe.access_log import ACCESS_LOG, WithRequestId
    from lod.web.observe.log_queue import BackgroundHandler

    log = BackgroundHandler(sys.stderr)
    log.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"))
    log.addFilter(WithRequestId())
    logging.basicConfig(level=logging.INFO, handlers=[log])
    ACCESS_LOG.addHandler(BackgroundHandler(sys.stdout))
    ACCESS_LOG.propagate = False
