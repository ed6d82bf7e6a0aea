"""oai_dc and qdc: an item in Dublin Core, without and with refinements.

Source: OAI-PMH 2.0, appendix 2.1 (oai_dc.xsd); DCMI, "dcterms.xsd" and "qualifieddc.xsd" of 2008-02-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lod.web.oai.described import DATES, DCTERMS, DescribedItem, unique
from lod.web.profiles.dublin_core import NAMESPACE as ELEMENTS
from lod.web.profiles.summary import Text
from lod.web.reading import terms
from lod.web.writing.xml_text import element, tagged

_Property = tuple[str, Iterable[Text]]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
QDC = "http://dspace.org/qualifieddc/"
QDC_SCHEMA = "http://dublincore.org/schemas/xmls/qdc/2008/02/11/dcterms.xsd"

_RELATIONS = (
    *("isPartOf", "isVersionOf", "hasVersion", "isReplacedBy", "replaces", "isRequiredBy", "requires", "hasPart"),
    *("isReferencedBy", "references", "isFormatOf", "hasFormat", "conformsTo"),
)
_REFINEMENTS = (
    *("alternative", "tableOfContents", "abstract", "bibliographicCitation"),
    *DATES,
    *("extent", "medium"),
    *_RELATIONS,
    *("spatial", "temporal"),
    *("audience", "educationLevel", "mediator", "accrualMethod", "accrualPeriodicity", "accrualPolicy"),
    *("instructionalMethod", "provenance", "rightsHolder", "license", "accessRights"),
)


def write_oai_dc(item: DescribedItem) -> str:
    """Return an item as oai_dc."""
    summary = item.summary
    dates = unique(text for name in DATES for text, _ in item.values(name))
    parts: list[_Property] = [
        *_common(item),
        (
            "description",
            [*summary.texts(terms.ABSTRACT), *summary.texts(terms.DESCRIPTION), *item.values("tableOfContents")],
        ),
        ("date", _plain(dates)),
        ("format", _plain(text for text, _ in item.values("extent"))),
        ("source", item.values("bibliographicCitation")),
        ("relation", _shown(item, (*_RELATIONS, "relation"))),
        ("coverage", _shown(item, ("spatial", "temporal", "coverage"))),
        ("rights", _shown(item, ("license", "accessRights", "rights", "rightsHolder"))),
    ]
    return _root(
        "oai_dc:dc",
        {"xmlns:oai_dc": OAI_DC, "xmlns:dc": ELEMENTS, "xsi:schemaLocation": f"{OAI_DC} {OAI_DC_SCHEMA}"},
        ((f"dc:{name}", values) for name, values in parts),
    )


def write_qdc(item: DescribedItem) -> str:
    """Return an item as qualified Dublin Core: the elements, and DCMI's terms where they refine one."""
    summary = item.summary
    parts: list[_Property] = [
        *_common(item),
        ("description", summary.texts(terms.DESCRIPTION)),
        ("relation", item.values("relation")),
        ("coverage", item.values("coverage")),
        ("rights", item.values("rights")),
    ]
    refined = ((f"dcterms:{name}", item.values(name)) for name in _REFINEMENTS)
    return _root(
        "qdc:qualifieddc",
        {
            "xmlns:qdc": QDC,
            "xmlns:dc": ELEMENTS,
            "xmlns:dcterms": DCTERMS,
            "xsi:schemaLocation": f"{DCTERMS} {QDC_SCHEMA}",
        },
        [*((f"dc:{name}", values) for name, values in parts), *refined],
    )


def _common(item: DescribedItem) -> Iterator[_Property]:
    """Yield the elements that both forms share; authors in their order."""
    summary = item.summary
    yield "title", item.titles
    yield "title", summary.texts(terms.ALTERNATIVE)
    yield "creator", _plain(agent.name for agent in summary.authors)
    yield "subject", item.keywords
    yield "publisher", _plain(agent.name for agent in summary.agents(terms.PUBLISHER))
    yield "contributor", _plain(name for _, _, agents in item.roles() for name, _ in agents)
    yield "type", _plain([item.type_name, *item.iris("type")])
    yield "format", _plain(item.media_types)
    schemes = (f"{scheme}:{value}" for scheme, value in item.identifiers if scheme not in {"doi", "handle", "url"})
    yield "identifier", _plain([*item.addresses, *schemes])
    yield "language", _plain(summary.languages or [text for text, _ in item.values("language")])
    yield "source", _plain(part.title for part in summary.containers)


def _shown(item: DescribedItem, names: Iterable[str]) -> list[Text]:
    return [text for name in names for text in item.values(name)]


def _plain(texts: Iterable[str]) -> list[Text]:
    return [(text, None) for text in unique(texts)]


def _root(name: str, attributes: dict[str, str | None], parts: Iterable[_Property]) -> str:
    lines = dict.fromkeys(
        element(part, text, {"xml:lang": language}) for part, values in parts for text, language in values
    )
    return tagged(name, "".join(lines), {"xmlns:xsi": _XSI, **attributes})
