"""Records from JSON whose members describe a work: one table a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from lod.record import File, Record
from lod.sources.parsing.json_files import JsonObject, read_json
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import AddMember, Members, gather
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile


@dataclass(frozen=True)
class WorkFormat:
    """How the works of one JSON format become records.

    Attributes:
        schema: begins the names of fields that only this format has.
        table: what each member adds; a member without a row is kept verbatim.
        ignored: members that say nothing about the work, each with the reason.
        containers: members that hold the works in the answers of the service.
        unwrap: the members of the work among those of an object.
        modified: when the description was last changed, ISO 8601, "" where it does not say.
        hidden: why a work may not be published, "" for most.
        files: the deposited files of a work.
        oai_identifier: the OAI identifier of a work, "" where it states none.
    """

    schema: str
    table: Mapping[str, AddMember]
    ignored: Mapping[str, str]
    containers: tuple[str, ...] = ()
    unwrap: Callable[[Members], Members] = field(default=lambda members: members)
    modified: Callable[[Members], str] = field(default=lambda members: "")
    hidden: Callable[[Members], str] = field(default=lambda members: "")
    files: Callable[[Members], Iterator[File]] = field(default=lambda members: iter(()))
    oai_identifier: Callable[[Members], str] = field(default=lambda members: "")


def read_works(file: SourceFile, form: WorkFormat) -> Iterator[Item]:
    """Yield a record for each work of a JSON file, a violation for what is none, and a remark about what was left out.

    Raises:
        SourceError: the file is no JSON from some place on.
    """
    ignored = Ignored(file, form.ignored)
    found = read_json(file, form.containers)
    yield from records_of(file, found, lambda object_: [item_of(file, form, object_, ignored)], attrgetter("where"))
    yield from ignored.remark()


def item_of(file: SourceFile, form: WorkFormat, object_: JsonObject, ignored: Ignored) -> Item:
    """Return the record of one work, a remark about one that may not be published, or a violation for what is none."""
    work = form.unwrap(object_.members)
    if reason := form.hidden(work):
        return file.remark("hidden", f"{object_.where} was left out: {reason}", value=object_.where)
    gathered = gather(form.schema, work, form.table, ignored)
    ignored.take(gathered.left_out)
    if not gathered.values:
        names = ", ".join(list(work)[:5]) or "none"
        message = (
            f"no member of the object describes a work (it has: {names}); look whether the file is of another format"
        )
        return file.unreadable("no-metadata", object_.where, message)
    return Record(
        file.source,
        file.place(object_.where),
        tuple(gathered.values),
        oai_identifier=form.oai_identifier(work) or None,
        modified=form.modified(work) or None,
        files=tuple(form.files(work)),
    )
