"""Links and relations: texts that name another resource (rules U1 and REL)."""

from __future__ import annotations

import re
from urllib.parse import quote

from lod.errors import BadValueError
from lod.mapping.crosswalk import Rule
from lod.mapping.draft import Draft
from lod.mapping.values.identifiers import (
    isbn13,
    link_path,
    read_arxiv,
    read_doi,
    read_isbn,
    read_pmcid,
    read_pmid,
    read_urn,
)
from lod.mapping.values.iris import handle_key, handle_of, hash8
from lod.mapping.values.text import unescaped
from lod.rdf.claims import Iri, checked_iri, iri_text
from lod.report import Severity

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
MEDIA_TYPE = re.compile(
    r"(application|audio|font|image|message|model|multipart|text|video)/[a-z0-9][a-z0-9!$&_.+-]{0,126}", re.IGNORECASE
)
_ILLEGAL = re.compile(
    r'[\s\x00-\x20<>"{}|\\^`\[\]\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]|%(?![0-9A-Fa-f]{2})'
    r"|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U000e0fff\U000efffe-\U0010ffff]"
)
"""What no IRI holds in its path. Source: RFC 3987, section 2.2, `ucschar` and what is beside it."""
_AUTHORITY = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
# The address of a file whose name holds blanks: nothing follows but the name's ending.
_BLANKS = re.compile(r"https?://[^\s/?#]+/\S*(?: \S+){1,20}\.[a-z0-9]{2,5}", re.IGNORECASE)
_LONGEST_ADDRESS = 500


def link_iri(text: str) -> Iri:
    """Return the encoded IRI of an absolute http(s) address; what an IRI may not hold is percent-encoded (rule U1).

    "&amp;" is "&": the address was escaped once more than its file asks for, and leads nowhere as it is.

    Raises:
        BadValueError: the text is no such address.
    """
    address = unescaped(text.strip())
    if not re.match(r"https?://[^\s/?#]", address, re.IGNORECASE):
        raise BadValueError("no absolute web address; it starts with http:// or https://")
    authority = _AUTHORITY.match(address)
    start = authority.end() if authority else 0
    path, number_sign, fragment = address[start:].partition("#")
    # Only one number sign may stand in an address, and brackets only around the numbers of a host.
    rest = f"{path}{number_sign}{fragment.replace('#', '%23')}"
    return checked_iri(address[:start] + _ILLEGAL.sub(lambda match: quote(match.group(), safe=""), rest))


def related_iri(draft: Draft, text: str) -> Iri | None:
    """Return the encoded IRI of the document that a text names by address or identifier, None where it names none.

    One form for each target, or joins fail: the version of an arXiv id is left out, as it is in the item's own links.
    """
    bare = _WRAPPER.sub("", text.strip())
    item = _own_item(bare, draft.key)
    if item:
        return draft.node("item", item)
    handle = handle_of(bare, labelled=True)
    if handle:
        return checked_iri(f"https://hdl.handle.net/{link_path(handle)}")
    for label, read, pattern in _READERS:
        if not re.match(label, bare, re.IGNORECASE):
            continue
        try:
            return checked_iri(pattern.format(link_path(read(bare))))
        except BadValueError:
            continue
    try:
        return link_iri(bare) if not re.search(r"\s", bare) or is_address_with_blanks(bare) else None
    except BadValueError:
        return None


def is_address_with_blanks(text: str) -> bool:
    """Return whether a text is one address in spite of its blanks: "http://example.org/a file.pdf"."""
    return len(text) <= _LONGEST_ADDRESS and bool(_BLANKS.fullmatch(text)) and "://" not in text[8:]


def names_document(text: str, key: str) -> bool:
    """Return whether `related_iri` finds an IRI in a text, for the item with a key."""
    bare = _WRAPPER.sub("", text.strip())
    if _own_item(bare, key) or handle_of(bare, labelled=True):
        return True
    if re.match(r"https?://[^\s/?#]\S*$", bare, re.IGNORECASE) or is_address_with_blanks(bare):
        return True
    for label, read, _ in _READERS:
        if re.match(label, bare, re.IGNORECASE):
            try:
                read(bare)
            except BadValueError:
                continue
            return True
    return False


def _own_item(text: str, key: str) -> str:
    """Return the key of an item of this repository: a handle with its prefix, or the UUID of an entity; else ""."""
    if _UUID.fullmatch(text):
        return f"uuid/{text.lower()}"
    # Without a resolver "2010/11" may be anything; "11463/9" beside 11463/23958 is a handle.
    handle = handle_of(text)
    return handle_key(handle) if handle and handle.partition("/")[0] == key.partition("/")[0] else ""


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WRAPPER = re.compile(
    r"^info:eu-repo/semantics/[A-Za-z]+/(?:(?:doi|hdl|url|uri|arxiv|pmid|isbn)/(?=\S))?", re.IGNORECASE
)
_READERS = (
    ("", read_doi, "https://doi.org/{}"),
    (
        r"arxiv:|https?://(?:www\.)?arxiv\.org/",
        lambda text: re.sub(r"v\d+$", "", read_arxiv(text)),
        "https://arxiv.org/abs/{}",
    ),
    (r"pmid\b|https?://(?:www\.|pubmed\.)ncbi\.nlm", read_pmid, "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    (
        r"pmc(?:id)?\W*\d|pmcid|https?://(?:www\.|pmc\.)ncbi\.nlm",
        read_pmcid,
        "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    ),
    (r"(?:urn:)?isbn|97[89]", lambda text: isbn13(read_isbn(text)), "urn:isbn:{}"),
    (r"urn:nbn:", read_urn, "{}"),
)


def take_link(draft: Draft, rule: Rule, index: int) -> None:
    """State a link to a page that mentions the item (rule U1)."""
    address = link_iri(draft.record.values[index].text)
    draft.add(draft.item, rule.property, address, index)
    keep_unless_address(draft, address, index)


_CITATION_LIST = re.compile(r"^https?://\S*(?:mlt/select\.url|selection=ref)", re.IGNORECASE)


def take_relation(draft: Draft, rule: Rule, index: int) -> None:
    """State a relation to another document: by its IRI, else as a node with the text (rule REL)."""
    text = draft.record.values[index].text
    if _CITATION_LIST.match(text):
        draft.keep(index, "the address of a reference list, not a cited work")
        draft.add(draft.item, draft.terms["rdfs:seeAlso"], link_iri(text), index)
        return
    target = related_iri(draft, text)
    if target is None:
        label = draft.text(index, paragraphs=False)
        target = draft.text_node(f"rel-{hash8(label)}", draft.terms["bibo:Document"], label, index)
        draft.keep(index, "the related document is known as text only")
        if re.match(r"\s*https?:", text, re.IGNORECASE):
            message = "The value begins like a web address and is none; it was published as a text. Correct the address, or move the words beside it."
            draft.note("U1", Severity.WARNING, message, index)
    else:
        keep_unless_address(draft, target, index)
    for property_ in (rule.property, *rule.mirrors):
        draft.add(draft.item, property_, target, index)


def keep_unless_address(draft: Draft, target: str, index: int) -> None:
    draft.keep_unless(iri_text(target), index, "written as the address that it leads to")
