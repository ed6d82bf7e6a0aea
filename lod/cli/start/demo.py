"""lod demo: the bundled sample, published and served."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from lod.cli.group import main
from lod.cli.publish.publish import publish_sources
from lod.cli.site import free_to_listen, load_plan, open_site
from lod.cli.terminal import PrintableFormatter, echo


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True, help="0 takes any free port.")
@click.option("--site", type=click.Path(path_type=Path), help="Folder for the demo site; a temporary one if left out.")
@click.option("--no-serve", is_flag=True, help="Publish only.")
def demo(host: str, port: int, site: Path | None, no_serve: bool) -> None:
    """Publish the bundled sample into a new site and serve it.

    \b
    Examples:
      lod demo
      lod demo --port 0 --site demo
    """
    from lod.bundled import SAMPLE
    from lod.cli.screen.report import show_report
    from lod.disk.scratch import scratch_folder
    from lod.harvest import Way
    from lod.settings.table import SETTINGS_FILE
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
        show_report(report, folder)
        if no_serve:
            return
        from lod.settings.table import read_settings
        from lod.web.appearance.site_files import read_appearance
        from lod.web.server.waitress import serve as serve_site

        log = logging.StreamHandler()
        log.setFormatter(PrintableFormatter("%(levelname)s %(name)s: %(message)s"))
        logging.basicConfig(level=logging.WARNING, handlers=[log])
        settings = read_settings(folder)
        serve_site(
            settings,
            open_site(folder, settings),
            host,
            port,
            lambda _: echo(_what_to_try(base_iri)),
            read_appearance(settings, folder),
        )


def _what_to_try(base_iri: str) -> str:
    item = f"{base_iri}id/item/10722/129504"
    return f"""
Serving at {base_iri} (stop with Ctrl+C). Open in a browser:
  {base_iri}
  {item}
  {base_iri}sparql
Or, in another terminal:
  curl -L -H 'Accept: text/turtle' {item}"""
