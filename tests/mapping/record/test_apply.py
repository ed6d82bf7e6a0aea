"""What becomes of the values of a record: claims, fates, findings."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.mapping.record.apply import map_record
from lod.mapping.values.iris import hash16
from lod.privacy import MASK
from lod.rdf.claims import split_claim
from lod.record import File, Record, Value, checksum_of
from lod.report import Fate
from lod.settings.table import make_settings
from tests.helpers.loaded import bundled_crosswalk

MOMENT = "2026-11-23T00:00:00Z"
ITEM = "<https://example.org/id/item/1/2>"
DOCUMENT = "<https://example.org/data/item/1/2>"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/1/2")
ARTICLE = Value("dc.type", "Article")


def value(text_or_value):
    if isinstance(text_or_value, Value):
        return text_or_value
    field, text = text_or_value.split(" = ", 1)
    return Value(field, text)


def mapped(crosswalk, *values, **parts):
    return map_record(Record("s", "s.csv, row 2", (*map(value, values), HANDLE), **parts), crosswalk, MOMENT)


def stated(crosswalk, result):
    """The claims as text with prefixed names, for reading."""
    compact = crosswalk.vocabulary.compact

    def short(term):
        if not term.startswith("<"):
            text, _, datatype = term.partition("^^")
            return f"{text}^^{compact(datatype[1:-1])}" if datatype else text
        name = compact(term[1:-1])
        return name.removeprefix("https://example.org/")

    return {" ".join(map(short, split_claim(line))) for line in result.claims}


CLAIMS = [
    pytest.param(["dc.contributor.author = Lu, L (ORCID: 0000-0002-1825-0097)"], [
        "id/item/1/2 dcterms:creator id/person/orcid-0000-0002-1825-0097",
        'id/person/orcid-0000-0002-1825-0097 foaf:name "Lu, L"',
        "id/person/orcid-0000-0002-1825-0097 schema:sameAs https://orcid.org/0000-0002-1825-0097",
    ], id="an ORCID iD glued to a name"),
    pytest.param(["dc.identifier.doi = 10.1000/a@b"], ['id/item/1/2 bibo:doi "10.1000/a@b"'], id="a DOI with an @ is no address"),
    pytest.param(["dc.identifier.uri = http://dx.doi.org/10.1000/X"], ['id/item/1/2 bibo:doi "10.1000/x"'], id="a DOI in the field of handles"),
    pytest.param(["dc.relation = info:eu-repo/grantAgreement/EC/FP7/246686/EU/Open Access/OA"], [
        "id/item/1/2 schema:funding id/item/1/2#grant-246686",
        'id/item/1/2#grant-246686 schema:identifier "246686"',
    ], id="a grant agreement"),
    pytest.param(["dc.contributor.author = Smith, Ann", "dc.contributor.author = Hua, B"], [
        "id/item/1/2 bibo:authorList .well-known/genid/item/1/2/authorList/1",
        ".well-known/genid/item/1/2/authorList/1 rdf:first id/item/1/2#agent-smith%2C_ann",
        ".well-known/genid/item/1/2/authorList/2 rdf:first id/item/1/2#agent-hua%2C_b",
        ".well-known/genid/item/1/2/authorList/2 rdf:rest rdf:nil",
        'id/item/1/2#agent-smith%2C_ann foaf:givenName "Ann"',
    ], id="authors keep their order"),
    pytest.param(["dc.contributor.author = Wang, H", "dc.contributor.author = Wang, H"], [
        "id/item/1/2 dcterms:creator id/item/1/2#agent-wang%2C_h",
        "id/item/1/2 dcterms:creator id/item/1/2#agent-wang%2C_h~2",
    ], id="two people of one name are two nodes"),
    pytest.param(["dc.contributor.author = World Health University", "dc.contributor.author = Endale Y"], [
        "id/item/1/2#agent-world_health_university rdf:type foaf:Organization",
        "id/item/1/2#agent-endale_y rdf:type foaf:Agent",
    ], id="no comma: an organisation by its words, else an agent"),
    pytest.param([Value("dc.contributor.author", "Lu, L", authority="rp00477", confidence=600)], [
        "id/item/1/2 dcterms:creator id/person/rp00477",
        "id/person/rp00477#id-hku-rp-rp00477 datacite:usesIdentifierScheme ids:hku-rp",
    ], id="an accepted authority"),
    pytest.param([Value("dc.contributor.author", "Lu, L", authority="will be referenced::ORCID::0000-0002-1825-0097", confidence=-1)], [
        "id/item/1/2 dcterms:creator id/person/orcid-0000-0002-1825-0097",
        "id/person/orcid-0000-0002-1825-0097 schema:sameAs https://orcid.org/0000-0002-1825-0097",
    ], id="an ORCID iD in the authority"),
    pytest.param([Value("dc.contributor.author", "Lu, L", authority="rp00477", confidence=300)], [
        "id/item/1/2 dcterms:creator id/item/1/2#agent-lu%2C_l",
    ], id="an authority below accepted is not linked"),
    pytest.param(["dc.identifier.authority = Lu, L=rp00477", "dc.contributor.author = Lu, L", "dc.contributor.author = Lu, M"], [
        "id/item/1/2 dcterms:creator id/person/rp00477",
        "id/item/1/2 dcterms:creator id/item/1/2#agent-lu%2C_m",
    ], id="name=id goes to the author of that name"),
    pytest.param(["dc.creator = Hua, B", "dc.contributor.author = Lu, L", "dc.contributor.editor = Lu, L"], [
        "id/item/1/2 bibo:editor id/item/1/2#agent-lu%2C_l",
        "id/item/1/2 dcterms:creator id/item/1/2#agent-hua%2C_b",
    ], id="one person in two roles is one node"),
    pytest.param([ARTICLE, "dc.relation.ispartof = The Lancet", "dc.identifier.issn = 0140-6736", "dc.identifier.volume = Vol. 5", "dc.identifier.issue = No. 3"], [
        "id/item/1/2 dcterms:isPartOf id/serial/0140-6736/v/5/i/3",
        "id/serial/0140-6736/v/5/i/3 dcterms:isPartOf id/serial/0140-6736/v/5",
        "id/serial/0140-6736/v/5 frbr:partOf id/serial/0140-6736",
        'id/serial/0140-6736 prism:issn "0140-6736"',
        'data/item/1/2 fld:dc.identifier.volume "Vol. 5"',
    ], id="journal, volume, issue"),
    pytest.param([ARTICLE, "dc.relation.ispartof = The Lancet, vol. 5, no. 3 (1999)", "dc.identifier.issn = 0140-6736"], [
        "id/item/1/2 dcterms:isPartOf id/serial/0140-6736/v/5/i/3",
        'id/serial/0140-6736 dcterms:title "The Lancet"',
        'data/item/1/2 fld:dc.relation.ispartof "The Lancet, vol. 5, no. 3 (1999)"',
    ], id="the numbers behind the title of a journal"),
    pytest.param([ARTICLE, "dc.relation.ispartof = The Lancet", "dc.identifier.issue = 3", "dc.date.issued = 1999-05"], [
        "id/item/1/2 dcterms:isPartOf id/serial/n-5efc6b77fa592e98/y/1999/i/3",
        'id/item/1/2 fabio:hasPublicationYear "1999"^^xsd:gYear',
        'id/item/1/2 prism:publicationDate "1999-05"^^xsd:gYearMonth',
    ], id="an issue without a volume hangs on the year"),
    pytest.param(["dc.type = Book chapter", "dc.relation.ispartof = Handbook of SLE", "dc.identifier.isbn = 0-306-40615-2"], [
        "id/item/1/2 dcterms:isPartOf id/book/9780306406157",
        'id/book/9780306406157 dcterms:title "Handbook of SLE"',
        'id/book/9780306406157 bibo:isbn10 "0306406152"',
        "id/item/1/2 rdf:type fabio:BookChapter",
    ], id="a chapter is in its book"),
    pytest.param(["dc.type = Book", "dc.identifier.isbn = 9780306406157"], [
        'id/item/1/2 prism:isbn "9780306406157"',
    ], id="a book has its ISBN itself"),
    pytest.param(["dc.identifier.spage = 1423", "dc.identifier.epage = 9"], [
        'id/item/1/2 bibo:pages "1423-1429"',
        'data/item/1/2 fld:dc.identifier.epage "9"',
    ], id="an abbreviated last page"),
    pytest.param(["dc.identifier.spage = pp. 12–19"], [
        'id/item/1/2 bibo:pageStart "12"',
        'id/item/1/2 bibo:pageEnd "19"',
    ], id="a whole range in one field"),
    pytest.param(["dc.identifier.spage = e0154297"], [
        'id/item/1/2 fabio:hasElectronicArticleIdentifier "e0154297"',
    ], id="an article number is no page"),
    pytest.param(["dc.date.issued = forthcoming", "dc.date.issued = 2010"], [
        'id/item/1/2 dcterms:issued "2010"^^xsd:gYear',
        'data/item/1/2 fld:dc.date.issued "forthcoming"',
    ], id="the first readable date of issue"),
    pytest.param(["dc.date.issued = forthcoming"], [
        'id/item/1/2 dcterms:issued "forthcoming"',
        'data/item/1/2 fld:dc.date.issued "forthcoming"',
    ], id="an unreadable date stays a text"),
    pytest.param(["dc.identifier.uri = https://doi.org/10.1000/ABC", "dc.identifier.uri = hdl:1/2", "dc.identifier.uri = http://hdl.handle.net/3/4", "dc.identifier.uri = http://a.org/x y"], [
        'id/item/1/2 bibo:handle "1/2"',
        'id/item/1/2 bibo:doi "10.1000/abc"',
        "id/item/1/2 schema:sameAs https://hdl.handle.net/3/4",
        "id/item/1/2 fabio:hasURL \"http://a.org/x%20y\"^^xsd:anyURI",
    ], id="handle and other addresses"),
    pytest.param(["dc.rights = CC BY 4.0", "dc.rights = info:eu-repo/semantics/openAccess", "dc.rights = All rights reserved"], [
        "id/item/1/2 dcterms:license https://creativecommons.org/licenses/by/4.0/",
        "id/item/1/2 dcterms:accessRights http://purl.org/coar/access_right/c_abf2",
        'id/item/1/2#rights-1 rdfs:label "All rights reserved"',
    ], id="licence, access right, statement"),
    pytest.param(["dc.relation.references = http://www.scopus.com/mlt/select.url?eid=1&selection=ref", "dc.relation.references = doi:10.1000/X", "dc.relation = Another text"], [
        "id/item/1/2 rdfs:seeAlso http://www.scopus.com/mlt/select.url?eid=1&selection=ref",
        "id/item/1/2 cito:cites https://doi.org/10.1000/x",
        'data/item/1/2 fld:dc.relation "Another text"',
    ], id="relations"),
    pytest.param(["dc.subject = lupus; stem cells, MSCT"], [
        'id/item/1/2 prism:keyword "lupus"',
        'id/item/1/2 prism:keyword "stem cells, MSCT"',
    ], id="keywords are split at semicolons only"),
    pytest.param(["dc.subject.mesh = *Lupus Erythematosus, Systemic/therapy"], [
        "id/item/1/2 dcterms:subject id/concept/mesh/lupus_erythematosus%2C_systemic/therapy",
        "id/concept/mesh/lupus_erythematosus%2C_systemic/therapy skos:exactMatch mesh:D008180Q000628",
    ], id="a MeSH heading with major topic and slash"),
    pytest.param([Value("dc.subject.mesh", "santé environnementale", "fr"), Value("dc.subject.mesh", "Humans", "fr"), Value("dc.subject.mesh", "Umwelt")], [
        'id/concept/mesh/sant%C3%A9_environnementale skos:prefLabel "santé environnementale"@fr',
        'id/concept/mesh/humans skos:prefLabel "Humans"@en',
        'id/concept/mesh/umwelt skos:prefLabel "Umwelt"',
    ], id="only headings in the table of MeSH are known to be English"),
    pytest.param(["dc.subject = Governors--Maryland; Asthma; "], [
        'id/item/1/2 prism:keyword "Governors--Maryland"',
        'id/item/1/2 prism:keyword "Asthma"',
    ], id="two dashes make no heading of a scheme"),
    pytest.param(["dc.subject.lcsh = Governors -- Maryland; Asthma;", "dc.subject.mesh = Humans; Mice/genetics"], [
        'id/concept/lcsh/governors--maryland skos:prefLabel "Governors--Maryland"',
        'id/concept/lcsh/asthma skos:prefLabel "Asthma"',
        'id/concept/mesh/mice/genetics skos:broader id/concept/mesh/mice',
    ], id="headings in one value stand apart"),
    pytest.param(["dc.subject.ddc = 330.9 Economic history; 813/.54", "dc.subject.ddc = Wirtschaft", "dc.subject.ddc = 300-399"], [
        'id/concept/ddc/330.9 skos:notation "330.9"',
        'id/concept/ddc/330.9 skos:altLabel "Economic history"',
        'id/concept/ddc/813.54 skos:notation "813.54"',
        'id/concept/ddc/wirtschaft skos:prefLabel "Wirtschaft"',
        'id/concept/ddc/300-399 skos:prefLabel "300-399"',
    ], id="the number of a class is digits, its caption another name"),
    pytest.param(["dc.publisher = http://example.org/", "dc.publisher = [Verlag nicht ermittelbar]"], [
        'data/item/1/2 fld:dc.publisher "http://example.org/"',
        'data/item/1/2 fld:dc.publisher "[Verlag nicht ermittelbar]"',
    ], id="an address, and words for none, name no publisher"),
    pytest.param(["dc.publisher = Berlin ; New York : De Gruyter, 1998"], [
        'id/org/n-1c67d46680b4aa07 foaf:name "De Gruyter"',
        'id/place/n-bd732730bd39834d rdfs:label "New York"',
        'data/item/1/2 fld:dc.publisher "Berlin ; New York : De Gruyter, 1998"',
    ], id="places and name of a publisher as ISBD writes them"),
    pytest.param(["dc.publisher = Lund :Gleerup,1901-1913."], [
        'id/org/n-7f2173fd913f48d2 foaf:name "Gleerup"',
        'data/item/1/2 fld:dc.publisher "Lund :Gleerup,1901-1913."',
    ], id="places and name of a publisher without blanks"),
    pytest.param(["dc.publisher = Example Press, Inc.; "], [
        'id/org/n-1a3f7c6eff368426 foaf:name "Example Press, Inc."',
    ], id="a semicolon behind a publisher"),
    pytest.param(["dcterms.provenance = Example University Library"], [
        'id/item/1/2#provenance-example_university_library rdfs:label "Example University Library"',
    ], id="who holds the thing"),
    pytest.param(["dc.coverage.spatial = Norway", "dc.coverage.spatial = Oslo"], [
        'id/place/no rdfs:label "Norway"',
        'id/place/n-8e016391c88c77d6 rdfs:label "Oslo"',
    ], id="a country and another place"),
    pytest.param(["dc.type = Thesis", "dc.type = Doctoral Thesis", "dc.type = Refereed"], [
        "id/item/1/2 rdf:type fabio:DoctoralThesis",
        "id/item/1/2 dcterms:type http://purl.org/coar/resource_type/c_46ec",
        'data/item/1/2 fld:dc.type "Refereed"',
    ], id="several types: the most specific classes"),
    pytest.param(["dc.type = Whatsit"], [
        "id/item/1/2 dcterms:type http://purl.org/coar/resource_type/c_1843",
        'data/item/1/2 fld:dc.type "Whatsit"',
    ], id="an unknown type is 'other', and kept"),
    pytest.param(["local.note = Anything"], [
        'data/item/1/2 fld:local.note "Anything"',
    ], id="a field without a rule is kept"),
    pytest.param(["dc.relation.ispartofseries = Working papers; WP 12"], [
        'id/item/1/2 bibo:number "WP 12"',
    ], id="series and number"),
    pytest.param(["dc.relation.funding = Research Council", "dc.relation.funding = Trust", "dc.relation.grantno = RC-1"], [
        'id/item/1/2#grant-RC-1 schema:identifier "RC-1"',
        f"id/item/1/2#grant-RC-1 schema:funder id/org/n-{hash16('Research Council')}",
        'data/item/1/2 fld:dc.relation.funding "Trust"',
    ], id="funders and award numbers are paired by position"),
    pytest.param(["dc.type = Book chapter", "dc.relation.publication = Handbook", "dc.relation.doi = doi:10.1007/X"], [
        'id/item/1/2#host bibo:doi "10.1007/x"',
        "id/item/1/2#host schema:sameAs https://doi.org/10.1007/x",
    ], id="the DOI of the book that holds a chapter"),
    pytest.param([
        "dc.type = Article", "dc.relation.ispartof = Journal of Examples", "dc.identifier.issn = 0333-3760",
        "dc.relation.isbn = 9780306406157", "dc.identifier.volume = 4", "dc.identifier.issue = 2",
    ], [
        'id/serial/0333-3760 dcterms:title "Journal of Examples"',
        'data/item/1/2 fld:dc.relation.isbn "9780306406157"',
    ], id="an article in an issue with an ISSN is in no book"),
    pytest.param(["dc.type = Article", "dc.identifier.citation = Journal A 12, no. 3 (2013): 4-6. doi:10.5555/1"], [
        'id/item/1/2 bibo:doi "10.5555/1"',
    ], id="the DOI in the one citation of an article"),
    pytest.param(["dc.type = Book chapter", "dc.relation.isbn = 9780306406157", "dc.relation.doi = 10.1007/X_7"], [
        "id/item/1/2 dcterms:relation https://doi.org/10.1007/x_7",
        'data/item/1/2 fld:dc.relation.doi "10.1007/X_7"',
    ], id="a DOI beside no title of the book may be that of the chapter"),
    pytest.param([
        "dc.relation.ispartofseries = NMH-publikasjoner;2022:2",
        "dc.identifier.issn = 0333-3760", "dc.identifier.issn = 2535-373X (online)",
    ], [
        'id/serial/0333-3760 bibo:issn "0333-3760"',
        'id/serial/0333-3760 prism:issn "0333-3760"',
        'id/serial/0333-3760 bibo:eissn "2535-373X"',
    ], id="the ISSN of the edition on the web says so"),
    pytest.param(["dc.type = Article", "dc.relation.doi = 10.1007/X_7"], [
        "id/item/1/2 dcterms:relation https://doi.org/10.1007/x_7",
    ], id="the DOI that an article is related to"),
    pytest.param(["dc.type = Report", "dc.relation.ispartofseries = Area 51, 12:3"], [
        'id/item/1/2 bibo:number "12:3"',
    ], id="volume and issue that end the name of a series"),
    pytest.param(["dc.identifier = 2010/11", "dc.relation = 2010/11", "dc.relation = hdl:1/7", "dc.relation = hdl:9/7"], [
        'id/item/1/2#id-local-2010%2F11 literal:hasLiteralValue "2010/11"',
        "id/item/1/2 dcterms:relation id/item/1/7",
        "id/item/1/2 dcterms:relation https://hdl.handle.net/9/7",
        'data/item/1/2 fld:dc.relation "2010/11"',
    ], id="a number with a slash is a handle only with a label"),
    pytest.param(["dc.type = Journal", "dc.identifier.issn = ISSN 0140-6736", "dc.relation.haspart = hdl:1/7"], [
        'id/item/1/2 bibo:issn "0140-6736"',
        'data/item/1/2 fld:dc.relation.haspart "hdl:1/7"',
    ], id="a journal as an item has its ISSN and no stated parts"),
    pytest.param(["dc.type = Review article", "dc.relation.ispartof = The Lancet"], [
        "id/item/1/2 rdf:type fabio:ReviewArticle",
        "id/item/1/2 rdf:type fabio:JournalArticle",
    ], id="a review in a journal is a journal article too"),
    pytest.param(["dc.type = Book chapter", "dc.relation.ispartofseries = LNCS; 12"], [
        "id/item/1/2 dcterms:isPartOf id/item/1/2#host",
        'id/item/1/2#host bibo:number "12"',
    ], id="the series of a chapter is its book's"),
    pytest.param(["dc.type = Book", "dc.identifier.issn = 0302-9743", "dc.relation.ispartofseries = LNCS; 12"], [
        "id/item/1/2 dcterms:isPartOf id/serial/0302-9743",
        "id/serial/0302-9743 rdf:type bibo:Series",
    ], id="the ISSN of a book is its series'"),
    pytest.param(["dc.type = Conference paper", "dc.relation.ispartof = Proceedings of X", "dc.identifier.isbn = 9780306406157", "dc.identifier.issn = 0302-9743"], [
        'id/book/9780306406157 dcterms:title "Proceedings of X"',
        'data/item/1/2 fld:dc.identifier.issn "0302-9743"',
    ], id="proceedings with an ISBN are a book"),
    pytest.param([Value("dc.contributor.author", "Lu, L", authority="k1", confidence=600), "dc.contributor.editor = Lu, L"], [
        "id/item/1/2 bibo:editor id/person/k1",
    ], id="an authority serves all roles of a name"),
    pytest.param([Value("dc.contributor.author", "Lu, L", authority="will be generated::SOLR::abc", confidence=600)], [
        "id/item/1/2 dcterms:creator id/item/1/2#agent-lu%2C_l",
    ], id="a promise of DSpace names nobody"),
    pytest.param(["dc.rights = https://creativecommons.org/licenses/by/4.0/legalcode.en", "dc.rights = http://creativecommons.org/licenses/by-nc/3.0/igo/?ref=x"], [
        "id/item/1/2 dcterms:license https://creativecommons.org/licenses/by/4.0/",
        "id/item/1/2 dcterms:license https://creativecommons.org/licenses/by-nc/3.0/igo/",
    ], id="the pages of a licence are the licence"),
    pytest.param(["dc.date.issued = 2010-00-00T00:00:00Z", "dc.date.accessioned = 2015-01-07T11:02:00+08:00"], [
        'id/item/1/2 dcterms:issued "2010"^^xsd:gYear',
        'data/item/1/2 dcterms:created "2015-01-07T03:02:00Z"^^xsd:dateTime',
    ], id="moments are in UTC, padding is cut"),
    pytest.param(["dc.identifier.spage = 1423", "dc.identifier.epage = 1423-1429", "dc.identifier.volume = N.S. 4", "dc.identifier.issue = n8"], [
        'id/item/1/2 bibo:pages "1423-1429"',
        'id/item/1/2 bibo:volume "N.S. 4"',
        'id/item/1/2 prism:issueIdentifier "8"',
    ], id="a range in the last page, labels of one letter"),
    pytest.param([Value("dc.title", "Same", "en"), Value("dcterms.title", "Same", "en")], [
        'id/item/1/2 dcterms:title "Same"@en',
    ], id="the twin field repeats the title"),
    pytest.param(["dc.relation.conference = ISWC 2010", "oaire.citation.conferencePlace = Shanghai"], [
        'id/item/1/2#event dcterms:title "ISWC 2010"',
        "id/item/1/2 bibo:presentedAt id/item/1/2#event",
    ], id="a conference"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "claims"), CLAIMS)
def test_values_become_claims(crosswalk, values, claims):
    made = stated(crosswalk, mapped(crosswalk, *values))
    assert [claim for claim in claims if claim not in made] == []


FINDINGS = [
    (
        "dc.identifier.doi = none",
        "D05",
        Fate.KEPT,
        "Not mapped but kept verbatim: not a DOI; a DOI looks like 10.1234/abc.",
    ),
    ("dc.identifier.issn = 0003-4968", "D12", Fate.KEPT, "not a valid ISSN"),
    ("dc.identifier.issn = 0003-4967", "issn-without-title", Fate.MAPPED, "Give the title in dc.relation.ispartof"),
    ("dc.language = Klingonish", "I23", Fate.KEPT, "no language of ISO 639"),
    (
        "dc.date.issued = in press 2010",
        "I18",
        Fate.MAPPED,
        "The date could not be read: not a date that can be read without guessing",
    ),
    ("dc.identifier.authority = Lu, L=rp1", "A08", Fate.KEPT, "The authority entry matches no contributor"),
    ("dc.description = Write to ann@example.org now", "A06", Fate.MAPPED, "The text holds an e-mail address"),
    ("dc.identifier.other = ann@example.org", "A06", Fate.WITHHELD, "was withheld whole"),
    ("local.contact = ann@example.org", "A06", Fate.WITHHELD, "was withheld whole"),
    ("dc.identifier.email = ann@example.org", "", Fate.WITHHELD, ""),
    ("dc.publisher = info@example.org", "A06", Fate.WITHHELD, "was withheld whole"),
    ("dc.subject = ann&#64;example.org", "A06", Fate.WITHHELD, "was withheld whole"),
    ("dc.relation = http://example.org/?mail=ann%40example.com", "A06", Fate.WITHHELD, "was withheld whole"),
    ("dc.contributor.author = Lee, A (ann\uff20example.org)", "A06", Fate.WITHHELD, "was withheld whole"),
    ("dc.identifier.doi = 10.1000/\ud83d", "D05", Fate.KEPT, "half of a surrogate pair"),
    ("dc.date.issued = 2010-13", "I18", Fate.MAPPED, "The date could not be read"),
    ("dc.date.available = 2027-01-01", "embargo", Fate.MAPPED, "becomes available in the future"),
    ("dc.date.available = 10000-01-01", "embargo", Fate.KEPT, "becomes available in the future"),
    ("dc.description.provenance = Submitted by A", "", Fate.WITHHELD, ""),
    ("dspace.entity.type = Publication", "", Fate.WITHHELD, ""),
    ("local.note = x", "no-rule", Fate.KEPT, "No rule takes the field; its values are kept verbatim."),
    ("dc.description.nature = odd", "I29", Fate.KEPT, "no version of the full text"),
]


@pytest.mark.parametrize(("given_value", "rule", "fate", "message"), FINDINGS)
def test_what_cannot_be_mapped_is_kept_or_withheld_and_said(crosswalk, given_value, rule, fate, message):
    result = mapped(crosswalk, ARTICLE, given_value)
    found = {finding.rule: finding for finding in result.findings}
    assert result.fates[1].fate is fate
    assert set(found) == ({rule} if rule else set())
    if rule:
        assert message in found[rule].message
        assert found[rule].field == given_value.split(" = ")[0]
        assert found[rule].place == "s.csv, row 2"


def test_an_address_in_prose_is_masked_and_never_kept(crosswalk):
    result = mapped(crosswalk, "dc.description.abstract = <p>Write to Ann.Lee@example.org.</p>")
    assert not any('example.org"' in line or "Ann.Lee" in line for line in result.claims)
    assert f'"Write to {MASK}."' in " ".join(result.claims)


DISGUISES = [
    "a.lee&#64;example.org",
    "a.lee<b>@</b>example.org",
    "a.lee\u200b@example.org",
    "a.lee\uff20example.org",
    "a.lee&commat;example.org",
    "a.lee%40example.org",
]


@pytest.mark.parametrize("address", DISGUISES)
def test_an_address_in_disguise_is_nowhere_in_what_is_published(crosswalk, address):
    result = mapped(crosswalk, f"dc.description.abstract = Write to {address} soon", f"local.note = see {address}")
    published = " ".join(result.claims) + " ".join(finding.value for finding in result.findings)
    assert "a.lee" not in published
    assert MASK in published


def test_the_source_of_a_record_that_a_urn_names_is_the_urn(crosswalk):
    given_values = (Value("dc.title", "A study"), Value("dc.identifier.urn", "URN:NBN:fi-abc123"))
    result = map_record(Record("s.xml", "s.xml, record 1", given_values), crosswalk, "2026-11-23T00:00:00Z")
    assert result.key == "dc.identifier.urn/URN%3ANBN%3Afi-abc123"
    assert f"<{result.document}> <http://purl.org/dc/terms/source> <URN:NBN:fi-abc123> ." in result.claims
    assert not [line for line in result.claims if "SourceEntry" in line]


def test_an_address_of_the_record_is_not_its_source(crosswalk):
    result = mapped(
        crosswalk,
        "dc.identifier.uri = http://example.org/?mail=a.lee@example.com",
        url="http://example.org/a.lee@example.com",
    )
    assert "a.lee" not in " ".join(result.claims)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("dc.identifier", "a" + " " * 200_000 + "b"),
        ("dc.subject.mesh", "A/" * 100_000),
        ("dc.publisher", "x " * 100_000),
        ("dc.rights", "cc " * 60_000),
    ],
)
def test_a_hostile_value_costs_no_more_than_its_length(crosswalk, field, text):
    assert len(mapped(crosswalk, Value(field, text)).fates) == 2


def test_thousands_of_authors_with_authorities_are_linked_in_one_pass(crosswalk):
    names = [f"Family{number}, Given" for number in range(3_000)]
    values = [f"dc.contributor.author = {name}" for name in names] + [
        f"dc.identifier.authority = {name}=k{number}" for number, name in enumerate(names)
    ]
    made = mapped(crosswalk, *values)
    assert sum("/id/person/k" in line and "creator" in line for line in made.claims) == 3_000


def test_a_site_may_publish_addresses():
    crosswalk = bundled_crosswalk(
        make_settings({"base_iri": "https://example.org/", "publish_email_addresses": True}, {})
    )
    result = mapped(crosswalk, "dc.description = Write to ann@example.org now")
    assert 'id/item/1/2 dcterms:description "Write to ann@example.org now"' in stated(crosswalk, result)


def test_a_field_of_which_one_value_is_withheld_has_no_verbatim_copies(crosswalk):
    result = mapped(crosswalk, "local.contact = ann@example.org", "local.contact = The desk")
    assert [fate.fate for fate in result.fates[:2]] == [Fate.WITHHELD, Fate.WITHHELD]
    assert 'data/item/1/2 rt:suppressedField "local.contact"' in stated(crosswalk, result)


def test_mirrors_can_be_switched_off():
    crosswalk = bundled_crosswalk(make_settings({"base_iri": "https://example.org/", "mirrors": False}, {}))
    made = stated(crosswalk, mapped(crosswalk, "dc.identifier.doi = 10.1000/1", "dc.identifier.spage = 1"))
    assert 'id/item/1/2 bibo:doi "10.1000/1"' in made
    assert not any("prism:" in claim or "fabio:hasHandle" in claim for claim in made)


def test_two_dois_are_not_mirrored_in_a_functional_property(crosswalk):
    made = stated(crosswalk, mapped(crosswalk, "dc.identifier.doi = 10.1000/1", "dc.identifier.doi = 10.1000/2"))
    assert 'id/item/1/2 bibo:doi "10.1000/2"' in made
    assert not any("prism:doi" in claim for claim in made)


def test_files_are_described(crosswalk):
    file = File("a.pdf", "http://a.org/a.pdf", "application/pdf", 10, "sha256:ab", sequence="1")
    made = stated(crosswalk, mapped(crosswalk, files=(file, File("license.txt", "http://a.org/l", bundle="LICENSE"))))
    assert 'id/item/1/2#file-1 dcat:byteSize "10"^^xsd:nonNegativeInteger' in made
    assert not any("license.txt" in claim for claim in made)


def test_files_of_one_number_are_files_of_their_own(crosswalk):
    files = [File(f"{name}.pdf", f"http://a.org/{name}.pdf", sequence="1") for name in "ab"]
    made = stated(crosswalk, mapped(crosswalk, files=(*files, File("c.pdf", "http://a.org/c.pdf", sequence="2"))))
    addresses = [line for line in made if "fabio:hasURL" in line]
    assert sorted(line.split()[0].partition("#")[2] for line in addresses) == ["file-2", "file-n1", "file-n2"]


@pytest.mark.parametrize(
    ("lines", "stated_of_the_journal"),
    [
        pytest.param(["dc.type = Article", "dc.relation.ispartof = Annals of Tides"], ["Ann Tides"], id="a journal"),
        pytest.param(["dc.type = Article", "dc.relation.ispartof = Ann Tides"], [], id="the same as the title"),
        pytest.param(["dc.type = Book chapter", "dc.relation.publication = Tides"], [], id="a book has none"),
        pytest.param(["dc.type = Article"], [], id="no title of the journal"),
    ],
)
def test_the_abbreviation_of_a_journal_is_an_alternative_title_of_it(crosswalk, lines, stated_of_the_journal):
    result = mapped(crosswalk, *lines, "pubmed.medlineta = Ann Tides")
    made = stated(crosswalk, result)
    found = [claim for claim in made if "dcterms:alternative" in claim]
    assert [claim.partition('"')[2][:-1] for claim in found] == stated_of_the_journal
    assert all(claim.startswith("id/serial/") for claim in found)
    assert 'data/item/1/2 fld:pubmed.medlineta "Ann Tides"' in made


@pytest.mark.parametrize(("algorithm", "digits"), [("MD5", 32), ("SHA-1", 40), ("SHA-256", 64), ("sha512", 128)])
def test_the_checksum_of_a_file_is_a_node_with_its_algorithm(crosswalk, algorithm, digits):
    file = File("a.pdf", "http://a.org/a.pdf", checksum=checksum_of(algorithm, "AB" * (digits // 2)), sequence="1")
    made = stated(crosswalk, mapped(crosswalk, files=(file,)))
    name = algorithm.lower().replace("-", "")
    node = f"id/item/1/2#file-1-{name}"
    assert f"id/item/1/2#file-1 spdx:checksum {node}" in made
    assert f"{node} spdx:algorithm spdx:checksumAlgorithm_{name}" in made
    assert f'{node} spdx:checksumValue "{"ab" * (digits // 2)}"^^xsd:hexBinary' in made
    assert any("schema:sha256" in claim for claim in made) == (name == "sha256")


@pytest.mark.parametrize("checksum", ["md5:123", "crc32:0a1b2c3d", f"md5:{'z' * 32}", "md5"])
def test_what_is_no_checksum_is_left_out_and_told(crosswalk, checksum):
    file = File("a.pdf", "http://a.org/a.pdf", checksum=checksum, sequence="1")
    result = mapped(crosswalk, files=(file,))
    assert not any("spdx" in claim for claim in stated(crosswalk, result))
    (message,) = [finding.message for finding in result.findings if finding.rule == "F06"]
    assert message.startswith(f"The checksum of the file 'a.pdf' was left out: {checksum!r} is none of md5, sha1")


def test_collections_belong_to_the_record(crosswalk):
    made = stated(crosswalk, mapped(crosswalk, collections=("1/9", "Working papers")))
    assert "data/item/1/2 dcterms:isPartOf id/collection/1/9" in made
    assert any(claim.endswith('dcterms:title "Working papers"') for claim in made)


def test_the_later_of_two_modification_dates_is_stated(crosswalk):
    made = stated(
        crosswalk, mapped(crosswalk, "dc.date.updated = 2015-01-07T11:02:00Z", modified="2016-01-01T00:00:00Z")
    )
    assert [claim for claim in made if "dcterms:modified" in claim] == [
        'data/item/1/2 dcterms:modified "2016-01-01T00:00:00Z"^^xsd:dateTime'
    ]


def test_a_record_without_a_key_is_a_bad_value(crosswalk):
    with pytest.raises(BadValueError, match="cannot be given a lasting IRI"):
        map_record(Record("s", "s, row 1", ()), crosswalk, MOMENT)


FIELDS = ["dc.title", "dc.contributor.author", "dc.date.issued", "dc.identifier.doi", "dc.identifier.issn", "dc.rights",
          "dc.relation.ispartof", "dc.subject", "dc.subject.mesh", "dc.type", "dc.language", "dc.description.abstract",
          "dc.identifier.spage", "dc.identifier.epage", "dc.identifier.volume", "dc.identifier.uri", "dc.identifier",
          "dc.relation.references", "dc.description.sponsorship", "dc.publisher", "dc.coverage.spatial", "dc.format.extent",
          "local.x", "dc.date.accessioned", "dc.identifier.authority", "dc.relation.ispartofseries", "dc.identifier.isbn",
          "dc.contributor.editor", "dc.date.available", "dc.description.nature", "dc.format"]  # fmt: skip


def crosswalk_of_any():
    """Not a fixture: hypothesis writes out what a test is given when it fails, and this is long."""
    return bundled_crosswalk(make_settings({"base_iri": "https://example.org/"}, {}))


@pytest.mark.slow
@hypothesis_settings(deadline=None, max_examples=150)
@given(
    data=st.lists(
        st.tuples(
            st.sampled_from(FIELDS), st.text(min_size=1, max_size=40), st.sampled_from([None, "en", "zh_CN", "x!"])
        ),
        max_size=12,
    )
)
def test_any_record_gives_valid_claims_and_one_fate_a_value(data):
    crosswalk = crosswalk_of_any()
    values = [Value(field, text, language) for field, text, language in data if text.strip()]
    result = mapped(crosswalk, *values)
    again = mapped(crosswalk, *values)
    assert result.claims == again.claims
    assert len(result.fates) == len(values) + 1
    assert all(fate.claims or fate.fate is Fate.WITHHELD for fate in result.fates)
    assert (
        len(result.claims)
        == len(set(result.claims))
        == len(list(pyoxigraph.parse("\n".join(result.claims), format=pyoxigraph.RdfFormat.N_TRIPLES)))
    )


def test_one_authority_key_beside_several_names_makes_no_single_person(crosswalk):
    names = [Value("dc.contributor.author", name, authority="e7d1ac61", confidence=600) for name in ("Lu, L", "Wu, W")]
    result = mapped(crosswalk, *names)
    assert not any("/id/person/" in line for line in result.claims)
    assert [finding.rule for finding in result.findings if "several names" in finding.message] == ["A08", "A08"]
    assert sum("authorList/" in line and "#first>" in line for line in result.claims) == 2


LATER = "2099-01-01"
PDF = File("a.pdf", url="https://example.org/a.pdf", media_type="application/pdf")


@pytest.mark.parametrize(
    ("given_value", "files", "subject"),
    [
        pytest.param(f"dc.embargo.terms = {LATER}", (PDF,), ITEM.replace(">", "#file-n1>"), id="of the file"),
        pytest.param(f"dc.embargo.liftdate = {LATER}", (), ITEM, id="no file is named"),
        pytest.param(
            f"dc.rights = info:eu-repo/date/embargoEnd/{LATER}", (PDF,), ITEM.replace(">", "#file-n1>"), id="OpenAIRE"
        ),
        pytest.param(f"dc.date.available = {LATER}", (PDF,), ITEM.replace(">", "#file-n1>"), id="DSpace"),
        pytest.param("dc.embargo.liftdate = 10000-01-01", (PDF,), ITEM.replace(">", "#file-n1>"), id="for ever"),
        pytest.param("dc.embargo.terms = oneyear", (PDF,), None, id="words"),
        pytest.param("dc.embargo.liftdate = 10000-01-01", (), None, id="for ever without a file"),
    ],
)
def test_the_end_of_an_embargo_is_stated_of_the_file(crosswalk, given_value, files, subject):
    result = mapped(crosswalk, given_value, files=files)
    available = [claim for claim in result.claims if " <http://purl.org/dc/terms/available> " in claim]
    day = "10000-01-01" if "10000" in given_value else LATER
    assert available == (
        [f'{subject} <http://purl.org/dc/terms/available> "{day}"^^<http://www.w3.org/2001/XMLSchema#date> .']
        if subject
        else []
    )
    assert any(given_value.split(" = ")[1] in claim and "/field/" in claim for claim in result.claims)


def test_the_year_of_a_date_that_cannot_be_read_is_stated(crosswalk):
    result = mapped(crosswalk, "dc.date.issued = in press 2010")
    assert (
        f'{ITEM} <http://purl.org/spar/fabio/hasPublicationYear> "2010"^^<http://www.w3.org/2001/XMLSchema#gYear> .'
        in result.claims
    )


@pytest.mark.parametrize(
    ("dates", "years"),
    [
        pytest.param(["2013-06-25", "2013-09"], ["2013"], id="one year"),
        pytest.param(["2013-06-25", "2014-09"], [], id="two years"),
    ],
)
def test_the_year_of_all_unqualified_dates_is_that_of_publication(crosswalk, dates, years):
    result = mapped(crosswalk, *(f"dcterms.date = {date}" for date in dates))
    stated_years = [
        claim.split('"')[1]
        for claim in result.claims
        if claim.startswith(f"{ITEM} <http://purl.org/spar/fabio/hasPublicationYear>")
    ]
    assert stated_years == years


COAR = "http://purl.org/coar/resource_type/"


def types_of(result):
    return sorted(
        claim.split("> <")[2].rstrip("> .").removeprefix(COAR)
        for claim in result.claims
        if claim.startswith(f"{ITEM} <http://purl.org/dc/terms/type>")
    )


@pytest.mark.parametrize(
    ("text", "types"),
    [
        pytest.param("Doktora", ["c_db06"], id="Turkish"),
        pytest.param("Yüksek Lisans Tezi", ["c_bdcc"], id="Turkish master"),
        pytest.param("Докторская диссертация", ["c_db06"], id="Russian"),
        pytest.param("Luận văn thạc sĩ", ["c_bdcc"], id="Vietnamese"),
        pytest.param("Dissertação (Mestrado)", ["c_bdcc"], id="Portuguese"),
        pytest.param("researchData", ["c_ddb1"], id="camel case"),
        pytest.param("book_contribution", ["c_3248"], id="low line"),
        pytest.param("Diplomarbeit / Diploma thesis", ["c_bdcc"], id="two languages"),
        pytest.param("Tesis de maestría | Master's thesis", ["c_bdcc"], id="two languages and a bar"),
        pytest.param("Artículo (Article)", ["c_6501"], id="two languages and brackets"),
        pytest.param("Thesis (Doctoral)", ["c_db06"], id="the narrower one"),
        pytest.param("Image; ", ["c_c513"], id="semicolon at the end"),
        pytest.param("Wissenschaftliche Abschlussarbeiten » Dissertation", ["c_46ec"], id="the last level of a path"),
        pytest.param("text::journal::journal article", ["c_6501"], id="the last level of COAR's path"),
        pytest.param("Doktorsavhandling, monografi", ["c_db06"], id="DiVA"),
        pytest.param("Dissertation:phil.", ["c_46ec"], id="a colon"),
        pytest.param("svep/art", ["c_6501"], id="a code of Swepub"),
        pytest.param("Art", ["c_1843"], id="a word like a code of Swepub"),
        pytest.param("Book (Review)", ["c_1843"], id="two types"),
        pytest.param("Journal (Paginated)", ["c_6501"], id="EPrints"),
        pytest.param("Journal (Printed)", ["c_1843"], id="half of it is a serial"),
        pytest.param("doc-type:article", ["c_6501"], id="the label of DINI"),
        pytest.param("publications:dataset", ["c_ddb1"], id="the label of HUBzero"),
        pytest.param("article-journal", ["c_6501"], id="the word of CSL"),
        pytest.param("inproceedings", ["c_5794"], id="the word of BibTeX"),
        pytest.param("BlogPosting", ["c_6947"], id="schema.org"),
        pytest.param("Gramophone record", ["c_1843"], id="unknown"),
        pytest.param("", [], id="no type"),
        pytest.param("PhysicalObject", [], id="no document"),
    ],
)
def test_a_type_is_told_by_its_words_and_parts(crosswalk, text, types):
    result = mapped(crosswalk, *([Value("dc.type", text)] if text else []))
    assert types_of(result) == types


def test_a_thing_is_no_document(crosswalk):
    claims = mapped(crosswalk, "dc.type = Physical object").claims
    assert (
        f"{ITEM} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/dc/dcmitype/PhysicalObject> ."
        in claims
    )
    assert (
        f"{ITEM} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/ontology/bibo/Document> ."
        not in claims
    )


@pytest.mark.parametrize(
    ("special", "types"),
    [
        pytest.param("Gramophone record", ["c_18cf"], id="unknown"),
        pytest.param("Preprint", ["c_816b"], id="known"),
    ],
)
def test_the_general_type_of_datacite_counts_where_the_special_one_is_not_known(crosswalk, special, types):
    result = mapped(crosswalk, Value("dc.type", special), Value("datacite.types.resourceTypeGeneral", "Text"))
    assert types_of(result) == types


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("№1(24) (2019)", id="the number of an issue"),
        pytest.param("Vol. 3, No. 2", id="volume and number"),
        pytest.param("[Unknown host]", id="a word for none"),
        pytest.param("Unknown Journal", id="another word for none"),
        pytest.param("to appear", id="a state"),
        pytest.param("3rd Example Conference on Lichens", id="an event"),
    ],
)
def test_what_is_no_title_of_a_journal_makes_none(crosswalk, title):
    result = mapped(crosswalk, Value("dc.type", "Article"), Value("dc.relation.ispartof", title))
    assert not [claim for claim in result.claims if "/id/serial/" in claim]
    assert any(title in claim for claim in result.claims)


@pytest.mark.parametrize(
    ("others", "types"), [pytest.param([ARTICLE], ["c_6501"], id="genre"), pytest.param([], ["c_ecc8"], id="no genre")]
)
def test_the_type_of_resource_of_mods_counts_where_no_genre_is_known(crosswalk, others, types):
    assert types_of(mapped(crosswalk, "mods.typeOfResource = still image", *others)) == types


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("pt_br", ["por"]), ("EN", ["eng"]), ("en-us", ["eng"]), ("zh-hant-tw", ["chi"]), ("sr-latn", ["srp"]), ("English; ", ["eng"]),
        ("en; fr", ["eng", "fre"]), ("cmn", ["chi"]), ("quz", ["que"]), ("ES-419", ["spa"]), ("de_DE.UTF-8", ["ger"]),
    ],
)  # fmt: skip
def test_a_language_is_read_whatever_its_case_and_separator(crosswalk, text, codes):
    result = mapped(crosswalk, Value("dc.language.iso", text))
    assert (
        sorted(
            claim[-6:-3] for claim in result.claims if claim.startswith(f"{ITEM} <http://purl.org/dc/terms/language>")
        )
        == codes
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bfa", "'bfa' is a language of ISO 639-3, and ISO 639-2"),
        ("en-USA1234567", "no language of ISO 639"),
        ("Klingonish; en", "no language of ISO 639"),
    ],
)
def test_a_language_without_an_address_is_kept_and_said(crosswalk, text, message):
    result = mapped(crosswalk, Value("dc.language.iso", text))
    (finding,) = [finding for finding in result.findings if finding.rule == "I23"]
    assert message in finding.message


def test_two_handles_that_run_together_are_told_and_both_are_stated(crosswalk):
    value = Value("dc.identifier.uri", "http://hdl.handle.net/1/2https://hdl.handle.net/3/4")
    result = map_record(Record("s", "s.csv, row 2", (value,)), crosswalk, MOMENT)
    assert result.item == ITEM[1:-1]
    assert f"{ITEM} <http://schema.org/sameAs> <https://hdl.handle.net/3/4> ." in result.claims
    assert [finding.message for finding in result.findings if finding.rule == "D22"] == [
        "Two addresses run together in one value; each was read by itself. Give each a value of its own."
    ]


@pytest.mark.parametrize(
    ("text", "is_statement"),
    [
        (
            "Roe, J., Poe, K. (2011). A study of examples. Journal of Tests, 5(2), 12-19. https://doi.org/10.5555/1",
            False,
        ),
        ("Copyright 2011 J. Roe. Cite as: Journal of Tests, 5(2), 12-19, doi 10.5555/1 (2011)", True),
        ("Citation: J Ex Biol. 2010 Oct;30(19):4616-25. doi: 10.5555/1. Link to article on publisher's site", None),
        ("In copyright", True),
        ("63", None),
        ("None", None),
    ],
)
def test_a_citation_is_no_statement_of_rights(crosswalk, text, is_statement):
    result = mapped(crosswalk, Value("dc.rights", text))
    assert any("RightsStatement" in claim for claim in result.claims) == bool(is_statement)
    said = any("The value cites the item and states no rights" in finding.message for finding in result.findings)
    assert said == (is_statement is False)


@pytest.mark.parametrize(
    ("address", "is_item"),
    [
        ("http://digital.example.org/utils/getthumbnail/collection/a/id/1", False),
        ("https://example.org/islandora/object/a:1/datastream/TN/view", False),
        ("https://example.org/iiif/abc/manifest.json", False),
        ("https://example.org/a/thumb.jpg", False),
        ("https://example.org/notes/1", True),
        ("https://example.org/manifesto", True),
    ],
)
def test_a_thumbnail_or_a_manifest_is_not_the_address_of_the_item(crosswalk, address, is_item):
    result = mapped(crosswalk, Value("dc.identifier.other", address))
    assert any(" <http://purl.org/ontology/bibo/uri> " in claim for claim in result.claims) == is_item
    assert any(claim.startswith(f"{ITEM} <http://www.w3.org/2000/01/rdf-schema#seeAlso>") for claim in result.claims)
