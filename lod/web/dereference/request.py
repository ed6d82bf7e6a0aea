"""What a request for something published asks for: of which generation, which thing, in which format and profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from lod.store.base import PublishedGeneration
from lod.web.http.addresses import requested_path
from lod.web.http.formats import DATA_FORMATS, HTML, JSON_LD_FORMS, Format, format_named
from lod.web.http.negotiate import choose_format, read_accept
from lod.web.profiles.offers import Profile
from lod.web.profiles.signposting import LINKSETS, Places
from lod.web.reading.memento import MEMENTO
from lod.web.reading.reader import Reader
from lod.web.service import Service, service


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `start` is "memento/GENERATION/" where an older state is asked for, "" for the live one."""

    here: Service
    reader: Reader
    start: str = ""
    generations: tuple[PublishedGeneration, ...] = ()

    def after(self, place: str) -> str:
        """Return what follows "id/", "data/" … in the address, with its escapes as the client sent them."""
        return requested_path(request.environ)[len(self.here.addresses.path(self.start + place)) :]

    def path(self, key: str, format_: Format, profile: Profile | None = None) -> str:
        """Return the path of a document."""
        path = self.here.addresses.path(self.start) + self.here.document_of(self.reader, key, format_)
        if profile is None or profile is self.here.profiles.full:
            return path
        return f"{path}{'&' if '?' in path else '?'}_profile={profile.token}"

    def address(self, key: str, format_: Format, profile: Profile | None = None) -> str:
        """Return the IRI of a document: its public address, whatever host the request came to."""
        return self.here.addresses.base + self.path(key, format_, profile)[len(self.here.addresses.mount) :]

    def places(self, key: str) -> Places:
        """Return where a resource is served."""
        here = self.here
        return Places(
            here.addresses.thing(key),
            self.address(key, HTML),
            {offer.extension: self.address(key, offer) for offer in DATA_FORMATS},
            {one.extension: f"{here.addresses.base}linkset/{one.extension}/{key}" for one in LINKSETS},
            here.profiles.full.iri,
        )


def live() -> Asked:
    """Return a request for the live state."""
    here = service()
    return Asked(here, here.reader())


def asked_of(here: Service, reader: Reader, name: str, generations: tuple[PublishedGeneration, ...]) -> Asked:
    """Return a request for the state of a generation."""
    return Asked(here, reader, f"{MEMENTO}{name}/", generations)


def chosen_profile(asked: Asked) -> Profile | None:
    """Return the profile that the request asks for; None where its query names one that is not offered."""
    named, header = request.args.get("_profile"), request.environ.get("HTTP_ACCEPT_PROFILE")
    return asked.here.profiles.chosen(named, header) if named or header else asked.here.profiles.full


def chosen_format(offers: Sequence[Format], profile: Profile) -> Format | None:
    """Return the format that the request asks for, by ?format= or the Accept header; None where it is not offered."""
    offered = tuple(offer for offer in offers if offer in profile.formats) + JSON_LD_FORMS
    named = request.args.get("format")
    return format_named(named, offered) if named else choose_format(read_accept(request.headers.get("Accept")), offered)
