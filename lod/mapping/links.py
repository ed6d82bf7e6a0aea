"""Links and relations: texts that stand for another resource (rules U1 and REL)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from lod.claims import checked_iri
from lod.errors import BadValueError
from lod.mapping.identifiers import link_path, read_arxiv, read_doi, read_isbn
from lod.mapping.iris import handle_key, handle_of

if TYPE_CHECKING:
    from lod.mapping.draft import Draft

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
MEDIA_TYPE = re.compile(
    r"(application|audio|font|image|message|model|multipart|text|video)/[a-z0-9][a-z0-9!$&_.+-]{0,126}", re.IGNORECASE
)
_ILLEGAL = re.compile(r'[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})')


def link_iri(text: str) -> str:
    """Return the encoded IRI of an absolute http(s) address; what may not stand in an IRI is percent-encoded (rule U1).

    Raises:
        BadValueError: the text is no such address.
    """
    address = text.strip()
    if not re.match(r"https?://[^\s/?#]", address, re.IGNORECASE):
        raise BadValueError("no absolute web address; it starts with http:// or https://")
    return checked_iri(_ILLEGAL.sub(lambda match: quote(match.group(), safe=""), address))


def related_iri(draft: Draft, text: str) -> str | None:
    """Return the encoded IRI of the document that a text names by address or identifier, None where it names none."""
    handle = handle_of(text, labelled=True)
    if handle:
        own = handle.partition("/")[0] == draft.key.partition("/")[0]
        return (
            draft.node("item", handle_key(handle))
            if own
            else checked_iri(f"https://hdl.handle.net/{link_path(handle)}")
        )
    for read, pattern in _READERS:
        try:
            return checked_iri(pattern.format(link_path(read(text))))
        except BadValueError:
            continue
    try:
        return link_iri(text) if not re.search(r"\s", text.strip()) else None
    except BadValueError:
        return None


def _arxiv_with_label(text: str) -> str:
    if not re.match(r"\s*(?:arxiv:|https?://arxiv)", text, re.IGNORECASE):
        raise BadValueError("no arXiv id")
    return read_arxiv(text)


def _isbn_with_label(text: str) -> str:
    if not re.match(r"\s*(?:urn:)?isbn", text, re.IGNORECASE):
        raise BadValueError("no ISBN")
    return read_isbn(text)


_READERS = (
    (read_doi, "https://doi.org/{}"),
    (_arxiv_with_label, "https://arxiv.org/abs/{}"),
    (_isbn_with_label, "urn:isbn:{}"),
)
