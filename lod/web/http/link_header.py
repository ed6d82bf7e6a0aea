"""Links between resources, as the Link header writes them. Source: RFC 8288 (Web Linking), section 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BYTES = 2_600
"""Longest Link header: together with all others it stays under 4 KiB, which every proxy lets through."""

# Relations to drop when the header is too long, in this order; nothing is lost: pages link to all formats, link sets have the rest.
_DISPENSABLE = ("alternate", "item", "author", "describedby", "profile", "type", "license", "collection")


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link.

    Attributes:
        target: an IRI, or a path of this site.
        rel: the relation, registered or an IRI.
        type: media type of the target, "" where it is not known.
        profile: IRI of what the target conforms to, "" where that says nothing.
        length: size of the target in bytes, "" where it is not known.
        datetime: of a memento, "" for other links.
    """

    target: str
    rel: str
    type: str = ""
    profile: str = ""
    length: str = ""
    datetime: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the target that are known, by name."""
        found = {"type": self.type, "profile": self.profile, "length": self.length, "datetime": self.datetime}
        return {name: value for name, value in found.items() if value}

    def __str__(self) -> str:
        """Return the link as headers and link sets write it."""
        parts = [f"<{as_uri(self.target)}>", f'rel="{self.rel}"']
        parts += [f'{name}="{value}"' for name, value in self.attributes.items()]
        return "; ".join(parts)


def link_header(links: Sequence[Link], most_bytes: int = MOST_BYTES) -> str:
    """Return the value of a Link header, no longer than `most_bytes`.

    Where not everything fits, whole relations are left out, all of their links or none, so that no client takes some of
    the authors for all of them.
    """
    left = list(dict.fromkeys(links))
    for relation in (None, *_DISPENSABLE):
        left = [link for link in left if link.rel != relation]
        text = ", ".join(map(str, left))
        if len(text) <= most_bytes:
            return text
    short: list[str] = []
    for link in map(str, left):
        if sum(map(len, short)) + 2 * len(short) + len(link) <= most_bytes:
            short.append(link)
    return ", ".join(short)


def as_uri(iri: str) -> str:
    """Return an IRI as a URI, which headers carry: what is not ASCII is percent-encoded as UTF-8 (RFC 3987, section 3.1)."""
    if iri.isascii() and not any(character in iri for character in '<>" \\^`{|}'):
        return iri
    return "".join(
        character
        if character.isascii() and character not in '<>" \\^`{|}'
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in iri
    )
