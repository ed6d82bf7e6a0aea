"""What the provider answers to each verb. Source: OAI-PMH 2.0, section 4."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from lod.errors import StoreError
from lod.store.item_changes import ItemChange, ItemHistory, Timeline, to_second
from lod.web.http.codings import CODINGS
from lod.web.oai.arguments import OaiError, read_span
from lod.web.oai.described import DescribedItem
from lod.web.oai.formats import METADATA_FORMATS, MetadataFormat
from lod.web.oai.provenance import write_provenance
from lod.web.oai.sets import Sets
from lod.web.oai.tokens import Token
from lod.web.view import PublishedView
from lod.web.writing.xml_text import element, tagged

RECORDS_PER_PAGE = 100
HEADERS_PER_PAGE = 1_000

ADDRESS = "oai"
"""Of the provider, after the base."""


class NoHistoryError(Exception):
    """The generation has no dates of changes: an earlier version of lod built it."""


@dataclass(frozen=True)
class Provider:
    """The provider over one generation."""

    view: PublishedView
    is_rolled_back: bool
    live: str

    @classmethod
    def of(cls, view: PublishedView) -> Provider:
        """Return the provider over the live generation."""
        return cls(view, view.service.site.is_rolled_back(), to_second(view.reader.switched))

    def answer(self, arguments: dict[str, str]) -> str:
        """Return the element that answers a request with checked arguments.

        Raises:
            OaiError: there is none.
            NoHistoryError: see there.
        """
        return _ANSWERS[arguments["verb"]](self, arguments)

    @cached_property
    def history(self) -> ItemHistory:
        """The changes of the items."""
        found = self.view.reader.catalog.history()
        if found is None:
            raise NoHistoryError
        return found

    @cached_property
    def timeline(self) -> Timeline:
        """The moments of these changes."""
        return self.history.timeline(self.live, is_rolled_back=self.is_rolled_back)

    @cached_property
    def sets(self) -> Sets:
        """The sets."""
        return Sets(self.view.reader, self.history.groups())

    def identify(self, _: dict[str, str]) -> str:
        """Answer Identify."""
        settings = self.view.service.settings
        parts = (
            ("repositoryName", settings.title),
            ("baseURL", settings.base_iri + ADDRESS),
            ("protocolVersion", "2.0"),
            ("adminEmail", settings.contact_email),
            ("earliestDatestamp", self.timeline.moments[0] if self.timeline.moments else self.live),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
            *(("compression", coding) for coding in CODINGS),
        )
        return tagged("Identify", "".join(element(name, text) for name, text in parts))

    def list_metadata_formats(self, arguments: dict[str, str]) -> str:
        """Answer ListMetadataFormats."""
        offered = METADATA_FORMATS
        if "identifier" in arguments:
            change = self._change_of(arguments["identifier"])
            groups = self.history.groups_of([change.id])[change.id]
            offered = {name: form for name, form in offered.items() if not form.group or form.group in groups}
        return tagged(
            "ListMetadataFormats",
            "".join(
                tagged(
                    "metadataFormat",
                    element("metadataPrefix", name)
                    + element("schema", form.schema)
                    + element("metadataNamespace", form.namespace),
                )
                for name, form in offered.items()
            ),
        )

    def list_sets(self, arguments: dict[str, str]) -> str:
        """Answer ListSets: all sets at once, so that there are no tokens."""
        if "resumptionToken" in arguments:
            raise OaiError("badResumptionToken", "the list of sets comes whole, without resumptionToken")
        if not self.sets.by_spec:
            raise OaiError("noSetHierarchy", "there are no sets: no record names a collection, or a type of document")
        return tagged(
            "ListSets",
            "".join(
                tagged("set", element("setSpec", spec) + element("setName", self.sets.name_of(spec)))
                for spec in self.sets.by_spec
            ),
        )

    def get_record(self, arguments: dict[str, str]) -> str:
        """Answer GetRecord."""
        form = _form(arguments["metadataPrefix"])
        change = self._change_of(arguments["identifier"])
        groups = self.history.groups_of([change.id])[change.id]
        if form.group and form.group not in groups:
            raise OaiError(
                "cannotDisseminateFormat", f"this item has no metadata of the form {arguments['metadataPrefix']}"
            )
        return tagged("GetRecord", self._record(change, groups, form))

    def list_identifiers(self, arguments: dict[str, str]) -> str:
        """Answer ListIdentifiers."""
        return self._list(arguments, HEADERS_PER_PAGE)

    def list_records(self, arguments: dict[str, str]) -> str:
        """Answer ListRecords."""
        return self._list(arguments, RECORDS_PER_PAGE)

    def _list(self, arguments: dict[str, str], limit: int) -> str:
        verb = arguments["verb"]
        if "resumptionToken" in arguments:
            token = Token.decode(arguments["resumptionToken"], verb)
            return self._resumed(token)._page(token, limit)
        _form(arguments["metadataPrefix"])
        since, until = read_span(arguments)
        token = Token(
            verb,
            arguments["metadataPrefix"],
            arguments.get("set", ""),
            since,
            until,
            self.view.reader.generation.name,
            self.live,
            self.is_rolled_back,
        )
        return self._page(replace(token, size=self._size(token)), limit)

    def _page(self, token: Token, limit: int) -> str:
        form, write = _form(token.prefix), self._record if token.verb == "ListRecords" else self._bare_header
        after = (token.after_publication, token.after_id)
        found = self.history.changes(*self._span(token), self._groups(token), after, limit + 1) if token.size else []
        if not found:
            raise OaiError("noRecordsMatch", "no record has changed in this span of time, or none of this set")
        groups = self.history.groups_of([change.id for change in found])
        written = "".join(write(change, groups[change.id], form) for change in found[:limit])
        return tagged(token.verb, written + self._resumption(token, found, limit))

    def _resumption(self, token: Token, found: Sequence[ItemChange], limit: int) -> str:
        """Return the element resumptionToken: with a token while more follows, empty at the end of a list in parts."""
        if len(found) <= limit and not token.cursor:
            return ""
        last = found[:limit][-1]
        following = replace(token, after_publication=last.publication, after_id=last.id, cursor=token.cursor + limit)
        attributes: dict[str, str | None] = {"completeListSize": str(token.size), "cursor": str(token.cursor)}
        return element("resumptionToken", following.encode() if len(found) > limit else "", attributes)

    def _resumed(self, token: Token) -> Provider:
        """Return the provider over the generation that a list began with."""
        service = self.view.service
        if token.generation != self.view.reader.generation.name:
            # A run may remove it meanwhile.
            with suppress(StoreError):
                for generation in service.site.generations():
                    if generation.name == token.generation:
                        view = PublishedView(service, service.reader_of(generation))
                        return Provider(view, token.is_rolled_back, token.live)
            raise OaiError(
                "badResumptionToken",
                "what this list began with has been replaced, and is no longer kept; begin the list again, from the same moment",
            )
        return Provider(self.view, token.is_rolled_back, token.live)

    def _groups(self, token: Token) -> list[str]:
        """Return the groups of which all items of a list are.

        Raises:
            OaiError: noRecordsMatch, there is no such set.
        """
        if token.set_spec and token.set_spec not in self.sets.by_spec:
            raise OaiError("noRecordsMatch", f"there is no set {token.set_spec!r}; ListSets lists them")
        chosen = [self.sets.by_spec[token.set_spec]] if token.set_spec else []
        group = METADATA_FORMATS[token.prefix].group
        return [*chosen, *([group] if group else [])]

    def _size(self, token: Token) -> int:
        return self.history.count(*self._span(token), self._groups(token))

    def _span(self, token: Token) -> tuple[int, int]:
        return self.timeline.between(token.since, token.until)

    def _change_of(self, identifier: str) -> ItemChange:
        found = self.history.change_of(identifier)
        if found is None:
            raise OaiError(
                "idDoesNotExist", f"there has never been an item {identifier!r}; ListIdentifiers lists them all"
            )
        return found

    def _record(self, change: ItemChange, groups: Sequence[str], form: MetadataFormat) -> str:
        header = self._header(change, groups)
        if change.is_removed:
            return tagged("record", header)
        metadata = form.write(DescribedItem(self.view, change.item))
        about = write_provenance(self.view.reader.catalog.source_of_item(change.item))
        return tagged("record", f"{header}{tagged('metadata', metadata)}{about}\n")

    def _bare_header(self, change: ItemChange, groups: Sequence[str], _: MetadataFormat) -> str:
        return self._header(change, groups)

    def _header(self, change: ItemChange, groups: Sequence[str]) -> str:
        specs = sorted(filter(None, map(self.sets.spec_of, groups)))
        return tagged(
            "header",
            element("identifier", change.item)
            + element("datestamp", self.timeline.moment(change.publication))
            + "".join(element("setSpec", spec) for spec in specs),
            {"status": "deleted" if change.is_removed else None},
        )


def _form(prefix: str) -> MetadataFormat:
    if prefix not in METADATA_FORMATS:
        known = ", ".join(METADATA_FORMATS)
        raise OaiError("cannotDisseminateFormat", f"there is no metadata of the form {prefix!r}; there is: {known}")
    return METADATA_FORMATS[prefix]


_ANSWERS: dict[str, Callable[[Provider, dict[str, str]], str]] = {
    "Identify": Provider.identify,
    "ListMetadataFormats": Provider.list_metadata_formats,
    "ListSets": Provider.list_sets,
    "GetRecord": Provider.get_record,
    "ListIdentifiers": Provider.list_identifiers,
    "ListRecords": Provider.list_records,
}
