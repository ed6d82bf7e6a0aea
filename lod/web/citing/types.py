"""Types of cited items: the table of what CSL, BibTeX and RIS call each class.

Sources: CSL 1.0.2, appendix III; BibTeX and biblatex's manual, section 2.1; the types of RIS that EndNote and Zotero read.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from lod.rdf.claims import iri

_BIBO = "http://purl.org/ontology/bibo/"
_FABIO = "http://purl.org/spar/fabio/"
_DCMI = "http://purl.org/dc/dcmitype/"
_COAR = "http://purl.org/coar/resource_type/"


@dataclass(frozen=True, slots=True)
class CitedType:
    """A type of item: its names in CSL, BibTeX and RIS, and the genre that styles print ("" where the type says it)."""

    csl: str
    bibtex: str
    ris: str
    genre: str = ""


_ARTICLE = CitedType("article-journal", "article", "JOUR")
_CHAPTER = CitedType("chapter", "incollection", "CHAP")
_BOOK = CitedType("book", "book", "BOOK")
_TALK = CitedType("speech", "misc", "SLIDE")
_PERIODICAL = CitedType("periodical", "misc", "JFULL")
_DATASET = CitedType("dataset", "dataset", "DATA")
_SOFTWARE = CitedType("software", "software", "COMP")
_PICTURE = CitedType("graphic", "misc", "ART")
_REPORT = CitedType("report", "techreport", "RPRT")
OTHER = CitedType("document", "misc", "GEN")
"""What is none of the others."""

# The first row whose class or type the item states decides, so the narrower ones come first.
_TABLE: tuple[tuple[str, CitedType], ...] = (
    (f"{_COAR}c_ba08", CitedType("review-book", "article", "JOUR")),
    (f"{_COAR}H9BQ-739P", CitedType("review", "misc", "GEN", "Peer review")),
    (f"{_COAR}43KC-T6DC", CitedType("article-magazine", "article", "MGZN")),
    (f"{_COAR}c_8042", CitedType("report", "techreport", "RPRT", "Working paper")),
    (f"{_COAR}c_18gh", CitedType("report", "techreport", "RPRT", "Technical report")),
    (f"{_COAR}c_26e4", CitedType("interview", "misc", "GEN", "Interview")),
    (f"{_COAR}c_18cw", CitedType("musical_score", "misc", "MUSIC")),
    (f"{_COAR}1YTN-RJZE", CitedType("legal_case", "misc", "CASE")),
    (f"{_DCMI}Dataset", _DATASET),
    (f"{_DCMI}Software", _SOFTWARE),
    (f"{_FABIO}ComputerProgram", _SOFTWARE),
    (f"{_FABIO}NewspaperArticle", CitedType("article-newspaper", "article", "NEWS")),
    (f"{_FABIO}BlogPost", CitedType("post-weblog", "misc", "BLOG")),
    (f"{_FABIO}ConferencePaper", CitedType("paper-conference", "inproceedings", "CONF")),
    (f"{_FABIO}ConferencePoster", CitedType("speech", "misc", "SLIDE", "Poster")),
    (f"{_FABIO}Presentation", _TALK),
    (f"{_FABIO}Oration", _TALK),
    (f"{_FABIO}DoctoralThesis", CitedType("thesis", "phdthesis", "THES", "Doctoral thesis")),
    (f"{_FABIO}MastersThesis", CitedType("thesis", "mastersthesis", "THES", "Master's thesis")),
    (f"{_FABIO}BachelorsThesis", CitedType("thesis", "mastersthesis", "THES", "Bachelor's thesis")),
    (f"{_BIBO}Thesis", CitedType("thesis", "phdthesis", "THES", "Thesis")),
    (f"{_FABIO}JournalArticle", _ARTICLE),
    (f"{_FABIO}ReviewArticle", _ARTICLE),
    (f"{_FABIO}Preprint", CitedType("article", "unpublished", "UNPB", "Preprint")),
    (f"{_BIBO}AcademicArticle", _ARTICLE),
    (f"{_BIBO}Article", _ARTICLE),
    (f"{_BIBO}Proceedings", CitedType("book", "proceedings", "BOOK")),
    (f"{_BIBO}EditedBook", _BOOK),
    (f"{_BIBO}Book", _BOOK),
    (f"{_BIBO}Chapter", _CHAPTER),
    (f"{_BIBO}BookSection", _CHAPTER),
    (f"{_BIBO}DocumentPart", _CHAPTER),
    (f"{_BIBO}Report", _REPORT),
    (f"{_BIBO}Patent", CitedType("patent", "patent", "PAT")),
    (f"{_BIBO}Manual", CitedType("report", "manual", "RPRT", "Manual")),
    (f"{_BIBO}Manuscript", CitedType("manuscript", "unpublished", "MANSCPT")),
    (f"{_BIBO}Letter", CitedType("personal_communication", "misc", "PCOMM", "Letter")),
    (f"{_BIBO}Map", CitedType("map", "misc", "MAP")),
    (f"{_BIBO}Image", _PICTURE),
    (f"{_BIBO}AudioVisualDocument", CitedType("motion_picture", "misc", "VIDEO")),
    (f"{_BIBO}AudioDocument", CitedType("song", "misc", "SOUND")),
    (f"{_BIBO}Slideshow", _TALK),
    (f"{_BIBO}Website", CitedType("webpage", "misc", "ELEC")),
    (f"{_BIBO}Journal", _PERIODICAL),
    (f"{_BIBO}Magazine", _PERIODICAL),
    (f"{_BIBO}Newspaper", _PERIODICAL),
    (f"{_BIBO}Periodical", _PERIODICAL),
)
_TYPES = tuple((iri(name), type_) for name, type_ in _TABLE)


def type_of(stated: Set[str], *, in_journal: bool, in_book: bool) -> CitedType:
    """Return the type for the encoded classes and types that an item states; where none says it, what the item is part of does."""
    found = next((type_ for name, type_ in _TYPES if name in stated), None)
    return found or (_ARTICLE if in_journal else _CHAPTER if in_book else OTHER)
