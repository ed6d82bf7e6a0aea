"""PubMed XML: article sets of NLM, as its API, its website and its yearly files give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lod.record import Record
from lod.settings.table import Settings
from lod.sources.pubmed.dates import read_pub_date
from lod.sources.reading.members import Gathered, Ignored, add_pages, person_name
from lod.sources.reading.records import records_of
from lod.sources.reading.source_file import Item, SourceFile, head_text

if TYPE_CHECKING:
    from lxml.etree import _Element as XmlElement

_ROOT = re.compile(r"<(?:PubmedArticleSet|PubmedArticle)[\s>]")
_NLM = "how NLM keeps the record, no description of the article"

PUBLICATION_TYPES = {
    "Journal Article": "journal article",
    "Introductory Journal Article": "journal article",
    "Review": "review article",
    "Systematic Review": "review article",
    "Letter": "letter to the editor",
    "Editorial": "editorial",
    "Comment": "commentary",
    "Published Erratum": "corrigendum",
    "Newspaper Article": "newspaper article",
    "Dataset": "dataset",
    "Preprint": "preprint",
    "Technical Report": "technical report",
    "Lecture": "lecture",
    "Interview": "interview",
}
"""Publication types that are document types; all others (trials, funding, biographies) are kept verbatim."""


def detect_pubmed(head: bytes, path: Path) -> bool:
    """Return whether a file is XML with PubMed articles."""
    del path
    return _ROOT.search(head_text(head)) is not None


def read_pubmed(file: SourceFile, settings: Settings) -> Iterator[Item]:
    """Yield a record for each article; what NLM has deleted, and books, are named and left out.

    Raises:
        SourceError: the file declares entities, breaks off, or is not well-formed outside of the articles.
    """
    from lod.sources.parsing.xml_files import FoundElement, iter_elements, local_name, text_of

    ignored = Ignored(file, _IGNORED)

    def read_one(found: FoundElement) -> Iterator[Item]:
        if local_name(found.element) == "PubmedArticle":
            yield _record(file, found.element, found.where, ignored)
        elif local_name(found.element) == "DeleteCitation":
            numbers = " ".join(text_of(found.element).split())
            yield file.remark(
                "pubmed-deleted",
                f"{found.where}: NLM has deleted the citations {numbers}; take them out of the file that has them",
                value=numbers,
            )
        else:
            yield file.unreadable(
                "pubmed-book", found.where, "a book of NLM's Bookshelf, which is no article; delete it here"
            )

    names = {"PubmedArticle", "PubmedBookArticle", "DeleteCitation"}
    yield from records_of(file, iter_elements(file, names, settings), read_one, attrgetter("where"))
    yield from ignored.remark()


def _record(file: SourceFile, article: XmlElement, where: str, ignored: Ignored) -> Item:
    gathered = Gathered("pubmed", {})
    for path in ("MedlineCitation", "MedlineCitation/Article", "MedlineCitation/Article/Journal", "PubmedData"):
        for parent in article.iterfind(path):
            for child in parent.iterchildren("*"):
                if child.tag in ignored:
                    ignored.count(str(child.tag))
                else:
                    _TABLE.get(str(child.tag), _keep)(gathered, child)
    if not gathered.values:
        return file.unreadable("no-metadata", where, "the article has neither a PubMed id nor a title")
    revised = article.find("MedlineCitation/DateRevised")
    return Record(
        file.source,
        file.place(where),
        tuple(gathered.values),
        modified=read_pub_date(_parts(revised)) if revised is not None else None,
    )


AddElement = Callable[[Gathered, "XmlElement"], None]


def _to(field: str) -> AddElement:
    return lambda gathered, element: gathered.add(field, _text(element))


def _text(element: XmlElement | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _parts(element: XmlElement) -> dict[str, str]:
    return {str(child.tag): _text(child) for child in element.iterchildren("*")}


def _keep(gathered: Gathered, element: XmlElement) -> None:
    """Keep an element under its own name: its text, or its parts as JSON; of a list each of its elements."""
    name = str(element.tag)
    if name.endswith("List"):
        for child in element.iterchildren("*"):
            _keep(gathered, child)
    else:
        gathered.keep(name.lower(), _value(element))


def _value(element: XmlElement) -> Any:
    children = list(element.iterchildren("*"))
    if not children and not element.attrib:
        return _text(element)
    parts: dict[str, Any] = dict(element.attrib)
    for child in children:
        parts.setdefault(str(child.tag), []).append(_value(child))
    if not children:
        parts["text"] = _text(element)
    return {name: part[0] if isinstance(part, list) and len(part) == 1 else part for name, part in parts.items()}


def _nothing(gathered: Gathered, element: XmlElement) -> None:
    """Leave an element whose parts are read on their own."""


def _issn(gathered: Gathered, element: XmlElement) -> None:
    electronic = element.get("IssnType") == "Electronic"
    gathered.add("dc.identifier.eissn" if electronic else "dc.identifier.issn", _text(element))


def _journal_info(gathered: Gathered, element: XmlElement) -> None:
    for child in element.iterchildren("*"):
        if child.tag == "ISSNLinking":
            gathered.add("dc.identifier.issnl", _text(child))
        else:
            _keep(gathered, child)


def _issue(gathered: Gathered, element: XmlElement) -> None:
    gathered.add("dc.identifier.volume", _text(element.find("Volume")))
    gathered.add("dc.identifier.issue", _text(element.find("Issue")))
    date = element.find("PubDate")
    if date is not None:
        gathered.add("dc.date.issued", read_pub_date(_parts(date)))


def _pages(gathered: Gathered, element: XmlElement) -> None:
    whole = _text(element.find("MedlinePgn"))
    start, _, more = whole.partition(";")
    start = start or _text(element.find("StartPage"))
    add_pages(gathered, "pagination", start)
    if more or "," in start:
        gathered.keep("medlinepgn", whole)
    if not whole and element.find("EndPage") is not None:
        gathered.add("dc.identifier.epage", _text(element.find("EndPage")))


def _abstract(gathered: Gathered, element: XmlElement) -> None:
    """Add the abstract as one text, a paragraph for each of its labelled parts."""
    parts = []
    for part in element.iterfind("AbstractText"):
        label, text = part.get("Label", ""), _text(part)
        parts.append(f"{label}: {text}" if label and label != "UNLABELLED" and text else text)
    text = "\n".join(filter(None, parts))
    language = element.get("Language")
    gathered.add("dc.description.abstract", text, language=language or ("eng" if element.tag == "Abstract" else None))
    gathered.add("dc.rights", _text(element.find("CopyrightInformation")))


def _authors(gathered: Gathered, element: XmlElement) -> None:
    for author in element.iterfind("Author"):
        name = _name(author)
        orcid = next((_text(i) for i in author.iterfind("Identifier") if i.get("Source") == "ORCID"), None)
        gathered.person("dc.contributor.author", name, authority=orcid)
        for affiliation in author.iterfind("AffiliationInfo/Affiliation"):
            gathered.keep("affiliation", f"{name}: {_text(affiliation)}")
        for identifier in author.iterfind("Identifier"):
            if identifier.get("Source") != "ORCID":
                gathered.keep("author.identifier", _value(identifier))


def _investigators(gathered: Gathered, element: XmlElement) -> None:
    for investigator in element.iterfind("Investigator"):
        gathered.keep("investigator", _name(investigator))


def _name(person: XmlElement) -> str:
    given = _text(person.find("ForeName")) or _text(person.find("Initials"))
    written = person_name(_text(person.find("LastName")), given, _text(person.find("Suffix")))
    return written or _text(person.find("CollectiveName"))


def _types(gathered: Gathered, element: XmlElement) -> None:
    """Add the document types; "Journal Article" beside a more telling one says nothing new."""
    names = [_text(child) for child in element.iterchildren("*")]
    known = [PUBLICATION_TYPES[name] for name in names if name in PUBLICATION_TYPES]
    for name in [name for name in known if name != "journal article"] or known[:1]:
        gathered.add("dc.type", name)
    gathered.keep("publicationtype", [name for name in names if name not in PUBLICATION_TYPES])


def _mesh(gathered: Gathered, element: XmlElement) -> None:
    """Add the headings as "Descriptor - qualifier"; those that are a major topic are named beside."""
    for heading in element.iterfind("MeshHeading"):
        parts = list(heading.iterchildren("*"))
        gathered.add("dc.subject.mesh", " - ".join(map(_text, parts)))
        for part in parts:
            if part.get("MajorTopicYN") == "Y":
                gathered.keep("majortopic", " - ".join(dict.fromkeys((_text(parts[0]), _text(part)))))


def _keywords(gathered: Gathered, element: XmlElement) -> None:
    for keyword in element.iterfind("Keyword"):
        gathered.add("dc.subject", _text(keyword))


def _grants(gathered: Gathered, element: XmlElement) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    grants = [_parts(grant) for grant in element.iterfind("Grant")]
    for grant in sorted(grants, key=lambda parts: not (parts.get("GrantID") and parts.get("Agency"))):
        gathered.add("dc.relation.funding", grant.pop("Agency", ""))
        gathered.add("dc.relation.grantno", grant.pop("GrantID", ""))
        for name, text in grant.items():
            gathered.keep(f"grant.{name.lower()}", text)


def _location(gathered: Gathered, element: XmlElement) -> None:
    if element.get("EIdType") == "doi" and element.get("ValidYN", "Y") == "Y":
        _add_once(gathered, "dc.identifier.doi", _text(element))
    else:
        gathered.keep(f"elocationid.{element.get('EIdType', '')}".rstrip("."), _text(element))


_ID_FIELDS = {"doi": "dc.identifier.doi", "pubmed": "dc.identifier.pmid", "pmc": "dc.identifier.other"}


def _article_ids(gathered: Gathered, element: XmlElement) -> None:
    for identifier in element.iterfind("ArticleId"):
        kind = identifier.get("IdType", "")
        if kind in _ID_FIELDS:
            _add_once(gathered, _ID_FIELDS[kind], _text(identifier))
        else:
            gathered.keep(f"articleid.{kind}".rstrip("."), _text(identifier))


def _add_once(gathered: Gathered, field: str, text: str) -> None:
    if not any(value.field == field and value.text.casefold() == text.casefold() for value in gathered.values):
        gathered.add(field, text)


def _corrections(gathered: Gathered, element: XmlElement) -> None:
    for correction in element.iterfind("CommentsCorrections"):
        number = _text(correction.find("PMID"))
        if correction.get("RefType") == "Cites" and number:
            gathered.add("dc.relation.references", f"https://pubmed.ncbi.nlm.nih.gov/{number}/")
        else:
            gathered.keep("commentscorrections", _value(correction))


def _references(gathered: Gathered, element: XmlElement) -> None:
    """Add each cited work: by its DOI or its PubMed id, else as it is cited."""
    for reference in element.iter("Reference"):
        ids = {identifier.get("IdType"): _text(identifier) for identifier in reference.iter("ArticleId")}
        if ids.get("doi"):
            gathered.add("dc.relation.references", f"https://doi.org/{ids['doi']}")
        elif ids.get("pubmed"):
            gathered.add("dc.relation.references", f"https://pubmed.ncbi.nlm.nih.gov/{ids['pubmed']}/")
        else:
            gathered.add("dc.relation.references", _text(reference.find("Citation")))


_TABLE: Mapping[str, AddElement] = {
    "PMID": _to("dc.identifier.pmid"),
    "ArticleTitle": _to("dc.title"),
    "VernacularTitle": _to("dc.title.alternative"),
    "Article": _nothing,
    "Journal": _nothing,
    "ISSN": _issn,
    "Title": _to("dc.relation.ispartof"),
    "JournalIssue": _issue,
    "MedlineJournalInfo": _journal_info,
    "Pagination": _pages,
    "ELocationID": _location,
    "ArticleIdList": _article_ids,
    "Abstract": _abstract,
    "OtherAbstract": _abstract,
    "AuthorList": _authors,
    "InvestigatorList": _investigators,
    "Language": _to("dc.language.iso"),
    "PublicationTypeList": _types,
    "MeshHeadingList": _mesh,
    "KeywordList": _keywords,
    "GrantList": _grants,
    "CommentsCorrectionsList": _corrections,
    "ReferenceList": _references,
}
"""Elements of an article. Source: NLM, PubMed DTD of 2025 and "MEDLINE/PubMed XML Element Descriptions"."""

_IGNORED = {
    "DateCompleted": _NLM,
    "DateRevised": "the date the record was last changed",
    "CitationSubset": _NLM,
    "History": _NLM,
    "PublicationStatus": _NLM,
    "NumberOfReferences": "a count without a date",
}
