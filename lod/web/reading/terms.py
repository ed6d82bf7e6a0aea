"""Terms of other vocabularies that the web side names itself, encoded."""

from __future__ import annotations

from lod.rdf.claims import RDF_TYPE, XSD_NS, Iri, Term, iri, literal

_DCTERMS = "http://purl.org/dc/terms/"
_BIBO = "http://purl.org/ontology/bibo/"
_FABIO = "http://purl.org/spar/fabio/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "http://schema.org/"
_PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
_RELATORS = "http://id.loc.gov/vocabulary/relators/"
_DATACITE = "http://purl.org/spar/datacite/"

TYPE = RDF_TYPE
TITLE = iri(f"{_DCTERMS}title")
ALTERNATIVE = iri(f"{_DCTERMS}alternative")
ABSTRACT = iri(f"{_DCTERMS}abstract")
CREATOR = iri(f"{_DCTERMS}creator")
CONTRIBUTOR = iri(f"{_DCTERMS}contributor")
ISSUED = iri(f"{_DCTERMS}issued")
DATE = iri(f"{_DCTERMS}date")
EXTENT = iri(f"{_DCTERMS}extent")
PUBLISHER = iri(f"{_DCTERMS}publisher")
IS_PART_OF = iri(f"{_DCTERMS}isPartOf")
CITATION = iri(f"{_DCTERMS}bibliographicCitation")
LANGUAGE = iri(f"{_DCTERMS}language")
RESOURCE_TYPE = iri(f"{_DCTERMS}type")
SUBJECT = iri(f"{_DCTERMS}subject")
SOURCE = iri(f"{_DCTERMS}source")
REFERENCES = iri(f"{_DCTERMS}references")
IS_REFERENCED_BY = iri(f"{_DCTERMS}isReferencedBy")
HAS_VERSION = iri(f"{_DCTERMS}hasVersion")
IS_VERSION_OF = iri(f"{_DCTERMS}isVersionOf")
REPLACES = iri(f"{_DCTERMS}replaces")
IS_REPLACED_BY = iri(f"{_DCTERMS}isReplacedBy")
HAS_PART = iri(f"{_DCTERMS}hasPart")
TABLE_OF_CONTENTS = iri(f"{_DCTERMS}tableOfContents")
LICENSE = iri(f"{_DCTERMS}license")
RIGHTS = iri(f"{_DCTERMS}rights")
ACCESS_RIGHTS = iri(f"{_DCTERMS}accessRights")
AUTHOR_LIST = iri(f"{_BIBO}authorList")
EDITOR_LIST = iri(f"{_BIBO}editorList")
EDITOR = iri(f"{_BIBO}editor")
TRANSLATOR = iri(f"{_BIBO}translator")
THESIS_ADVISOR = iri(f"{_RELATORS}ths")
ILLUSTRATOR = iri(f"{_RELATORS}ill")
COMMITTEE_MEMBER = iri(f"{_RELATORS}dgc")
DEGREE_GRANTOR = iri(f"{_RELATORS}dgg")
DEGREE = iri(f"{_BIBO}degree")
EDITION = iri(f"{_BIBO}edition")
SHORT_TITLE = iri(f"{_BIBO}shortTitle")
STATUS = iri(f"{_BIBO}status")
VOLUME = iri(f"{_BIBO}volume")
ISSUE = iri(f"{_BIBO}issue")
NUMBER = iri(f"{_BIBO}number")
PAGES = iri(f"{_BIBO}pages")
PAGE_START = iri(f"{_BIBO}pageStart")
PAGE_END = iri(f"{_BIBO}pageEnd")
PAGE_COUNT = iri(f"{_BIBO}numPages")
ARTICLE_NUMBER = iri(f"{_FABIO}hasElectronicArticleIdentifier")
PATENT_NUMBER = iri(f"{_FABIO}hasPatentNumber")
ISBN13 = iri(f"{_BIBO}isbn13")
ISBN10 = iri(f"{_BIBO}isbn10")
EISSN = iri(f"{_BIBO}eissn")
PRESENTED_AT = iri(f"{_BIBO}presentedAt")
DOI = iri(f"{_BIBO}doi")
HANDLE = iri(f"{_BIBO}handle")
PMID = iri(f"{_BIBO}pmid")
PMCID = iri(f"{_FABIO}hasPubMedCentralId")
ISSN = iri(f"{_BIBO}issn")
FORMAT = iri(f"{_DCTERMS}format")
DESCRIPTION = iri(f"{_DCTERMS}description")
COVERAGE = iri(f"{_DCTERMS}coverage")
SPATIAL = iri(f"{_DCTERMS}spatial")
TEMPORAL = iri(f"{_DCTERMS}temporal")
RELATION = iri(f"{_DCTERMS}relation")
ISSUE_IDENTIFIER = iri(f"{_PRISM}issueIdentifier")
PUBLICATION_NAME = iri(f"{_PRISM}publicationName")
BYTE_SIZE = iri("http://www.w3.org/ns/dcat#byteSize")
DISTRIBUTION = iri("http://www.w3.org/ns/dcat#distribution")
DOWNLOAD = iri("http://www.w3.org/ns/dcat#downloadURL")
MEDIA_TYPE = iri("http://www.w3.org/ns/dcat#mediaType")
FILE = iri(f"{_FABIO}hasRepresentation")
FILE_URL = iri(f"{_FABIO}hasURL")
PLACE_OF_PUBLICATION = iri(f"{_FABIO}hasPlaceOfPublication")
FRBR_PART_OF = iri("http://purl.org/vocab/frbr/core#partOf")
NAME = iri(f"{_FOAF}name")
HOME = iri(f"{_FOAF}page")
FAMILY_NAME = iri(f"{_FOAF}familyName")
GIVEN_NAME = iri(f"{_FOAF}givenName")
ORGANIZATION = iri(f"{_FOAF}Organization")
PRIMARY_TOPIC = iri(f"{_FOAF}primaryTopic")
IS_PRIMARY_TOPIC_OF = iri(f"{_FOAF}isPrimaryTopicOf")
PREF_LABEL = iri(f"{_SKOS}prefLabel")
LABEL = iri(f"{_RDFS}label")
SEE_ALSO = iri(f"{_RDFS}seeAlso")
CORRECTS = iri("http://purl.org/spar/cito/corrects")
IS_CORRECTED_BY = iri("http://purl.org/spar/cito/isCorrectedBy")
RETRACTS = iri("http://purl.org/spar/cito/retracts")
IS_RETRACTED_BY = iri("http://purl.org/spar/cito/isRetractedBy")
STATISTIC = iri(f"{_SCHEMA}interactionStatistic")
INTERACTION_TYPE = iri(f"{_SCHEMA}interactionType")
INTERACTION_COUNT = iri(f"{_SCHEMA}userInteractionCount")
INTERACTION_SERVICE = iri(f"{_SCHEMA}interactionService")
SAME_AS = iri(f"{_SCHEMA}sameAs")
FUNDING = iri(f"{_SCHEMA}funding")
FUNDER = iri(f"{_SCHEMA}funder")
AWARD_NUMBER = iri(f"{_SCHEMA}identifier")
KEYWORD = iri(f"{_PRISM}keyword")
HAS_IDENTIFIER = iri(f"{_DATACITE}hasIdentifier")
IDENTIFIER_SCHEME = iri(f"{_DATACITE}usesIdentifierScheme")
LITERAL_VALUE = iri("http://www.essepuntato.it/2010/06/literalreification/hasLiteralValue")

LABELS: tuple[Iri, ...] = (TITLE, NAME, PREF_LABEL, LABEL)
"""Properties that name a resource, the most telling first."""


def integer(number: int) -> Term:
    """Return a number as an encoded literal."""
    return literal(str(number), datatype=f"{XSD_NS}integer")
