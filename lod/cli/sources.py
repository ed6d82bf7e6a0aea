"""Sources that a command reads: files, addresses and the sources that a site names, all as NamedSource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lod.cli.terminal import with_site
from lod.errors import SourceError

if TYPE_CHECKING:
    from lod.harvest import Harvest, Way
    from lod.publish.plan import Progress
    from lod.settings.table import Settings
    from lod.sources import FileWatch, Item
    from lod.sources.configured import NamedSource


@dataclass
class OpenedSources:
    """Opened sources.

    Attributes:
        streams: items, one iterator a source.
        scopes, parts: what is read whole, so that what is missing from it is removed, and what in part.
        skipped: files left out, with the reason.
        harvests: of the sources on the web; broken: errors of those that failed.
    """

    streams: list[Iterator[Item]] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    harvests: list[Harvest] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def commit(self) -> None:
        """Note that everything that was read is published."""
        for harvest in self.harvests:
            harvest.commit()


def chosen_sources(
    site: Path, arguments: Sequence[str], *, format_: str | None, sets: tuple[str, ...], metadata_prefix: str
) -> list[NamedSource]:
    """Return the sources that SOURCE arguments name, by address, name or path; all named sources without arguments.

    Raises:
        ConfigError: an address or a named source is faulty.
        SourceError: an argument is none of them.
    """
    from lod.sources.configured import NamedSource, ad_hoc, is_address, read_named_sources

    named = {source.name: source for source in read_named_sources(site)}
    if not arguments and not named:
        raise no_source()
    if (sets or metadata_prefix) and not any(map(is_address, arguments)):
        raise click.UsageError("--set and --metadata-prefix go with an address; a named source has them in lod.toml")
    if format_ and (not arguments or any(argument in named for argument in arguments)):
        raise click.UsageError("--format goes with files and addresses; a named source has it in lod.toml")
    chosen = []
    for argument in arguments or named:
        if argument in named:
            chosen.append(named[argument])
        elif is_address(argument):
            chosen.append(ad_hoc(argument, format=format_ or "", sets=sets, metadata_prefix=metadata_prefix))
        elif named and not Path(argument).exists():
            raise SourceError(
                f"{argument}: no such file or folder, and no source of that name; named: {', '.join(named)}"
            )
        else:
            chosen.append(NamedSource(name="", path=str(Path(argument).absolute()), format=format_ or ""))
    return chosen


def check_format(name: str | None) -> None:
    """Raise UsageError where no format of sources has a name."""
    from lod.sources import SOURCES

    known = [source.name for source in SOURCES]
    if name is not None and name not in known:
        raise click.BadParameter(f"unknown format {name!r}; known: {', '.join(known)}", param_hint="--format")


def no_source() -> click.UsageError:
    """Return the error of a command that has no source to read."""
    return click.UsageError(
        "name at least one SOURCE: a file, a folder or an address; or write [[source]] tables into lod.toml. "
        "See 'lod publish --help'"
    )


def open_sources(
    stack: ExitStack,
    site: Path,
    sources: Sequence[NamedSource],
    settings: Settings,
    way: Way,
    progress: Progress | None,
    watch: FileWatch | None = None,
) -> OpenedSources:
    """Open files and fetch what is on the web.

    Of several sources those that answer are read, and `broken` has the errors of the others. `watch` knows files that need not
    be read again.

    Raises:
        SourceError: a file or folder cannot be read, or no source answers.
    """
    from lod.harvest import Harvest
    from lod.sources import open_source

    def report(done: int, total: int) -> None:
        if progress:
            progress("harvest", done, total)

    opened = OpenedSources()
    for source in sources:
        if source.path:
            path = Path(site, source.path)
            left_out: list[tuple[str, str]] = []
            try:
                items = open_source(
                    path,
                    settings,
                    format=source.format or None,
                    skipped=left_out,
                    defaults=source.defaults_in(site),
                    watch=watch,
                )
            except SourceError as fault:
                raise SourceError(with_site(str(fault), site)) from None
            opened.streams.append(items)
            opened.skipped += [(file, with_site(reason, site)) for file, reason in left_out]
            if not (way.partial or source.partial):
                opened.scopes.append(str(path.resolve()))
    for source in sources:
        if source.url:
            harvest = Harvest(source, site, settings, way, report)
            try:
                stack.enter_context(harvest)
                harvest.fetch()
            except SourceError as fault:
                opened.broken.append(f"{source.name}: {fault}" if not source.is_ad_hoc else str(fault))
                continue
            opened.harvests.append(harvest)
            opened.streams.append(harvest.items())
            opened.scopes += harvest.scopes
            opened.parts += (part for part in harvest.parts if part not in harvest.scopes)
    if not opened.streams:
        raise SourceError("\n".join(opened.broken))
    return opened
