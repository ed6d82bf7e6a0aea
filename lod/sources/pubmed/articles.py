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
from lod.sources.reading.left_out import Ignored
from lod.sources.reading.members import Gathered, add_pages, person_name
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


_CORRECTIONS = {
    "Cites": "dc.relation.references",
    "RetractionIn": "dc.relation.isretractedby",
    "PartialRetractionIn": "dc.relation.isretractedby",
    "RetractionOf": "dc.relation.retracts",
    "PartialRetractionOf": "dc.relation.retracts",
    "ErratumIn": "dc.relation.iscorrectedby",
    "CorrectedandRepublishedIn": "dc.relation.iscorrectedby",
    "ErratumFor": "dc.relation.corrects",
    "CorrectedandRepublishedFrom": "dc.relation.corrects",
    "UpdateIn": "dc.relation.isreplacedby",
    "UpdateOf": "dc.relation.replaces",
}
"""Fields of notices; comments and others are kept verbatim. Source: NLM, PubMed DTD of 2025, RefType."""

_MESH = "http://id.nlm.nih.gov/mesh/"
_LONGEST_LABEL = 200
_FIELD = "the field says it"
_SAID_OTHERWISE = {
    **dict.fromkeys(("MedlineCitation@Owner", "MedlineCitation@Status", "MedlineCitation@IndexingMethod"), _NLM),
    **dict.fromkeys(("MedlineCitation@VersionID", "MedlineCitation@VersionDate", "PMID@Version"), _NLM),
    **dict.fromkeys(("ISSN@IssnType", "ArticleId@IdType", "ELocationID@EIdType", "Identifier@Source"), _FIELD),
    **dict.fromkeys(("DescriptorName@UI", "QualifierName@UI"), "the address of the concept has it"),
    "DescriptorName@Type": "MeSH says it of the concept",
    "PublicationType@UI": "the name of the type says it",
    "AbstractText@NlmCategory": "NLM's own name for a labelled part of the abstract",
}
_PLAIN_MARKS = {
    "ValidYN": ("Y", "NLM found no fault in it"),
    "CompleteYN": ("Y", "the list is complete"),
    "MajorTopicYN": ("N", "major topics are named beside"),
}
"""Marks that say nothing where they have this value, and why."""

_KEPT_MARKS = frozenset(
    {
        "Article@PubModel", "JournalIssue@CitedMedium", "KeywordList@Owner", "OtherAbstract@Type", "Author@EqualContrib",
    }
)  # fmt: skip


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
    _attributes(gathered, article)
    ignored.take(gathered.left_out)
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


def _attributes(gathered: Gathered, article: XmlElement) -> None:
    """Keep what attributes say of an element, but for those that only repeat it or say how NLM keeps it."""
    for element in article.iter("*"):
        for attribute, text in element.attrib.items():
            name = f"{element.tag}@{attribute}"
            plain = _PLAIN_MARKS.get(str(attribute))
            if name in _SAID_OTHERWISE:
                gathered.leave_out(name, _SAID_OTHERWISE[name])
            elif plain and (text == plain[0] or attribute == "MajorTopicYN"):
                gathered.leave_out(name, plain[1])
            elif name in _KEPT_MARKS or plain:
                about = "" if name in _KEPT_MARKS or len(element) else f"{_text(element)[:_LONGEST_LABEL]}: "
                gathered.keep(f"{element.tag}.{attribute}".lower(), f"{about}{text}")


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
        gathered.keep("pubdate.season", _text(date.find("Season")))


def _pages(gathered: Gathered, element: XmlElement) -> None:
    whole = _text(element.find("MedlinePgn"))
    start, _, more = whole.partition(";")
    start = start or _text(element.find("StartPage"))
    add_pages(gathered, "pagination", start)
    if more or "," in start:
        gathered.keep("medlinepgn", whole)
    last = _text(element.find("EndPage"))
    if not whole:
        gathered.add("dc.identifier.epage", last)
    elif last.endswith(start.rpartition("-")[2]):
        gathered.leave_out("EndPage", "the range of pages says it, its last page in short")
    else:
        gathered.keep("pagination.endpage", last)


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
        _affiliations(gathered, name, author)
        for identifier in author.iterfind("Identifier"):
            if identifier.get("Source") != "ORCID":
                gathered.keep("author.identifier", {"of": name, "identifier": _value(identifier)})


def _affiliations(gathered: Gathered, name: str, person: XmlElement) -> None:
    """Keep the affiliations of a person, with their identifiers where they have any."""
    for info in person.iterfind("AffiliationInfo"):
        if info.find("Identifier") is not None:
            gathered.keep("affiliation", {"of": name, **_value(info)})
        else:
            gathered.keep("affiliation", f"{name}: {_text(info.find('Affiliation'))}")
    if person.find("ForeName") is not None and person.find("Initials") is not None:
        gathered.leave_out(f"{person.tag}/Initials", "the first letters of the forename")


def _investigators(gathered: Gathered, element: XmlElement) -> None:
    for investigator in element.iterfind("Investigator"):
        name = _name(investigator)
        gathered.keep("investigator", name)
        _affiliations(gathered, name, investigator)
        for identifier in investigator.iterfind("Identifier"):
            gathered.keep("investigator.identifier", {"of": name, "identifier": _value(identifier)})


def _name(person: XmlElement) -> str:
    given = _text(person.find("ForeName")) or _text(person.find("Initials"))
    written = person_name(_text(person.find("LastName")), given, _text(person.find("Suffix")))
    return written or _text(person.find("CollectiveName"))


def _types(gathered: Gathered, element: XmlElement) -> None:
    """Add the document types; "Journal Article" beside a more telling one says nothing new, and is kept verbatim."""
    names = [_text(child) for child in element.iterchildren("*")]
    known = [name for name in names if name in PUBLICATION_TYPES]
    telling = [name for name in known if PUBLICATION_TYPES[name] != "journal article"] or known[:1]
    for type_ in dict.fromkeys(PUBLICATION_TYPES[name] for name in telling):
        gathered.add("dc.type", type_)
    told = [name for name in telling if name.casefold() in PUBLICATION_TYPES[name]]
    gathered.keep("publicationtype", [name for name in names if name not in told])


def _mesh(gathered: Gathered, element: XmlElement) -> None:
    """Add a heading for each qualifier, "Descriptor - qualifier", with the address of its concept in MeSH.

    Those that are a major topic are named beside. Source: MeSH RDF, descriptors (D000066) and pairs (D000066Q000378).
    """
    for heading in element.iterfind("MeshHeading"):
        descriptor, *qualifiers = heading.iterchildren("*")
        for part in qualifiers or [descriptor]:
            texts = [_text(descriptor), _text(part)] if qualifiers else [_text(descriptor)]
            number = "".join(each.get("UI", "") for each in ([descriptor, part] if qualifiers else [descriptor]))
            link = f"{_MESH}{number}" if number else None
            gathered.add("dc.subject.mesh", " - ".join(texts), language="en", authority=link)
        for part in (descriptor, *qualifiers):
            if part.get("MajorTopicYN") == "Y":
                gathered.keep("majortopic", " - ".join(dict.fromkeys((_text(descriptor), _text(part)))))


def _keywords(gathered: Gathered, element: XmlElement) -> None:
    for keyword in element.iterfind("Keyword"):
        gathered.add("dc.subject", _text(keyword))
        gathered.keep("majorkeyword", _text(keyword) if keyword.get("MajorTopicYN") == "Y" else "")


def _grants(gathered: Gathered, element: XmlElement) -> None:
    """Add funder and award number in pairs, first those that have both: they are paired by position."""
    grants = [_parts(grant) for grant in element.iterfind("Grant")]
    for grant in sorted(grants, key=lambda parts: not (parts.get("GrantID") and parts.get("Agency"))):
        gathered.add("dc.relation.funding", grant.get("Agency", ""))
        gathered.add("dc.relation.grantno", grant.get("GrantID", ""))
        gathered.keep_rest("grant", grant, "Agency", "GrantID")


def _location(gathered: Gathered, element: XmlElement) -> None:
    if element.get("EIdType") == "doi" and element.get("ValidYN", "Y") == "Y":
        gathered.add_once("dc.identifier.doi", _text(element))
    else:
        gathered.keep(f"elocationid.{element.get('EIdType', '')}".rstrip("."), _text(element))


_ID_FIELDS = {"doi": "dc.identifier.doi", "pubmed": "dc.identifier.pmid", "pmc": "dc.identifier.other"}


def _article_ids(gathered: Gathered, element: XmlElement) -> None:
    for identifier in element.iterfind("ArticleId"):
        kind = identifier.get("IdType", "")
        if kind in _ID_FIELDS:
            gathered.add_once(_ID_FIELDS[kind], _text(identifier))
        else:
            gathered.keep(f"articleid.{kind}".rstrip("."), _text(identifier))


def _corrections(gathered: Gathered, element: XmlElement) -> None:
    """Add what the article cites, retracts and corrects, and by what it is; whatever else is said of a notice is kept."""
    for correction in element.iterfind("CommentsCorrections"):
        number = _text(correction.find("PMID"))
        field = _CORRECTIONS.get(correction.get("RefType", ""))
        if field:
            source = _text(correction.find("RefSource"))
            gathered.add(field, f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else source)
        gathered.keep("commentscorrections", _value(correction))


def _references(gathered: Gathered, element: XmlElement) -> None:
    """Add each cited work: by its DOI or its PubMed id, else as it is cited; whatever else is said of it is kept."""
    if element.find("Title") is not None:
        gathered.leave_out("ReferenceList/Title", "the heading of a list, no description of the article")
    for reference in element.iter("Reference"):
        ids = {identifier.get("IdType"): _text(identifier) for identifier in reference.iter("ArticleId")}
        citation = _text(reference.find("Citation"))
        if ids.get("doi"):
            gathered.add("dc.relation.references", f"https://doi.org/{ids['doi']}")
        elif ids.get("pubmed"):
            gathered.add("dc.relation.references", f"https://pubmed.ncbi.nlm.nih.gov/{ids['pubmed']}/")
        else:
            gathered.add("dc.relation.references", citation)
        if ids and (citation or len(ids) > 1):
            gathered.keep("reference", {"citation": citation, **{str(kind): text for kind, text in ids.items()}})


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
