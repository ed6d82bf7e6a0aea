"""oai_doaj: articles as the Directory of Open Access Journals, and journals for it, give them by OAI-PMH."""

from __future__ import annotations

from collections.abc import Iterator

from lod.record import Value
from lod.sources.parsing.xml_files import XML_LANG, XmlElement, local_name, text_of
from lod.sources.reading.payload import Payload

_FIELDS = {
    "language": "dc.language.iso",
    "publisher": "dc.publisher",
    "journalTitle": "dc.relation.ispartof",
    "issn": "dc.identifier.issn",
    "eissn": "dc.identifier.eissn",
    "volume": "dc.identifier.volume",
    "issue": "dc.identifier.issue",
    "startPage": "dc.identifier.spage",
    "endPage": "dc.identifier.epage",
    "doi": "dc.identifier.doi",
    "title": "dc.title",
    "abstract": "dc.description.abstract",
    "fullTextUrl": "dc.description.uri",
}
"""Elements whose text is the value. Source: DOAJ, "doajArticles.xsd" of 2024."""


def doaj_article(root: XmlElement) -> Payload:
    """Return the values of a `doajArticle`; an element without a rule is a value of the schema `doaj`."""
    values = [value for child in root for value in _read(root, child)]
    # DOAJ holds articles only, and mostly says so nowhere.
    if values and not any(value.field == "dc.type" for value in values):
        values.append(Value("dc.type", "journal article"))
    joins = root.find("{*}authors/{*}author/{*}affiliationId") is not None
    return Payload(tuple(values), left_out=_JOINS if joins else {})


_JOINS = dict.fromkeys(
    ("affiliationId", "affiliationName@affiliationId"), "it joins an author with the affiliation beside the name"
)


def _read(root: XmlElement, element: XmlElement) -> Iterator[Value]:
    name = local_name(element)
    if name == "authors":
        names = {
            part.get("affiliationId", ""): _text(part)
            for part in root.iterfind("{*}affiliationsList/{*}affiliationName")
        }
        for author in element:
            yield from _author(author, names)
    elif name == "affiliationsList":
        used = {_text(part) for part in root.iterfind("{*}authors/{*}author/{*}affiliationId")}
        for part in element:
            if part.get("affiliationId") not in used:
                yield from _value("doaj.affiliation", part)
    elif name == "keywords":
        for keyword in element:
            yield from _value("dc.subject", keyword, element)
    elif name == "publicationDate":
        # The form asks for a time, and journals write midnight: "2018-01-01T00:00:00Z".
        text = _text(element)
        yield from _made("dc.date.issued", text.partition("T")[0])
        if not text.partition("T")[2].startswith("00:00:00") and "T" in text:
            yield Value("doaj.publicationDate", text)
    elif name == "documentType":
        yield from _value("dc.type", element)
    elif name in _FIELDS:
        yield from _value(_FIELDS[name], element)
        if element.get("format"):
            yield Value(f"doaj.{name}.format", element.get("format", ""))
    else:
        yield from _kept(f"doaj.{name}", element)


def _author(author: XmlElement, affiliations: dict[str, str]) -> Iterator[Value]:
    """Yield the name, in the order in which the journal has it, with the ORCID iD; the rest is kept."""
    parts = {local_name(part): _text(part) for part in author}
    name, orcid = parts.pop("name", ""), parts.pop("orcid_id", "")
    if name:
        yield Value("dc.contributor.author", name, None, orcid or None, 600 if orcid else None)
    number = parts.pop("affiliationId", "")
    for part, text in parts.items():
        yield from _made(f"doaj.author.{part}", f"{name}: {text}" if text and part != "email" else text)
    if number:
        yield Value("doaj.author.affiliation", f"{name}: {affiliations.get(number) or number}")


def _kept(field: str, element: XmlElement) -> Iterator[Value]:
    children = list(element)
    if not children:
        yield from _value(field, element)
    for child in children:
        yield from _kept(f"{field}.{local_name(child)}", child)


def _value(field: str, element: XmlElement, holder: XmlElement | None = None) -> Iterator[Value]:
    language = element.get("language") or element.get(XML_LANG)
    if language is None and holder is not None:
        language = holder.get("language") or holder.get(XML_LANG)
    yield from _made(field, _text(element), language)


def _made(field: str, text: str, language: str | None = None) -> Iterator[Value]:
    if text:
        yield Value(field, text, language or None)


def _text(element: XmlElement) -> str:
    return text_of(element).strip()
