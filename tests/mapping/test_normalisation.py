"""The normalisation rules of the model over values as people write them: what is stated of them, and what is refused."""

import pytest

from lod.mapping.record.apply import map_record
from lod.mapping.values.names import bare_name
from lod.record import Record, Value
from lod.report import Fate

MOMENT = "2026-11-23T00:00:00Z"
ITEM = "https://example.org/id/item/10722/1"
HANDLE = Value("dc.identifier.uri", "http://hdl.handle.net/10722/1")
ARTICLE = (Value("dc.type", "Article"), Value("dc.relation.ispartof", "Annals"))


def mapped(crosswalk, field, text, *others):
    return map_record(Record("test", "row 1", (Value(field, text), *others, HANDLE)), crosswalk, MOMENT)


def stated(crosswalk, result):
    """Return predicate and object of the claims that the first value has a part in, verbatim copies aside."""
    found = []
    for line in result.fates[0].claims:
        _, predicate, object_ = line[:-2].split(" ", 2)
        name = crosswalk.vocabulary.compact(predicate[1:-1])
        if not name.startswith("fld:"):
            found.append(f"{name} {object_}")
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Krumholz, H M", [("Person", "Krumholz", "H M")], id="initials without full stops"),
        pytest.param("Liang, J", [("Person", "Liang", "J")], id="family, given"),
        pytest.param("van der Berg, A. B.", [("Person", "van der Berg", "A. B.")], id="prefix"),
        pytest.param("Smith, John, Jr.", [("Person", "Smith", "John")], id="suffix"),
        pytest.param("Rolston, Holmes, 1932-", [("Person", "Rolston", "Holmes")], id="year of birth"),
        pytest.param(
            "Stansifer, Charles, 1930-2016", [("Person", "Stansifer", "Charles")], id="years of birth and death"
        ),
        pytest.param(
            "University of Bangui, Central African Republic", [("Organization",)], id="university with its country"
        ),
        pytest.param(
            "Lancaster University, Lancaster", [("Organization",)], id="two words, one of which is no surname"
        ),
        pytest.param("Eli Lilly and Company, Indianapolis, USA", [("Organization",)], id="company with its city"),
        pytest.param("Bureau, Sarah", [("Person", "Bureau", "Sarah")], id="a surname that is such a word"),
        pytest.param("Gómez Hospital, J A", [("Person", "Gómez Hospital", "J A")], id="two surnames, one such a word"),
        pytest.param("de la Cámara, Juan", [("Person", "de la Cámara", "Juan")], id="particles before such a word"),
        pytest.param("Ann M. Smith, Bo Li, Cy Wu", [("Agent",)] * 3, id="names in direct order stand apart"),
        pytest.param(
            "Department of Soil, Water and Climate, University of X",
            [("Organization",)],
            id="an organisation with commas",
        ),
        pytest.param("World Health Organization", [("Organization",)], id="organisation"),
        pytest.param("EPICA Dome C Consortium", [("Organization",)], id="consortium"),
        pytest.param("Plato", [("Agent",)], id="one word"),
        pytest.param("Mbow C", [("Agent",)], id="no comma is not guessed"),
        pytest.param("Liang, J;", [("Person", "Liang", "J")], id="closing punctuation"),
        pytest.param("McClure, Ghyslaine.", [("Person", "McClure", "Ghyslaine")], id="the full stop of a sentence"),
        pytest.param("Slater, J.", [("Person", "Slater", "J.")], id="the full stop of an initial"),
        pytest.param("Gorobtsov, Oleg Yu.", [("Person", "Gorobtsov", "Oleg Yu.")], id="a short form"),
        pytest.param("Rather, Mohd.", [("Person", "Rather", "Mohd.")], id="a short form of four letters"),
        pytest.param("Liang, J; Zhang, H", [("Person", "Liang", "J"), ("Person", "Zhang", "H")], id="two names glued"),
        pytest.param("Liang J; Zhang H", [("Agent",)], id="glued names that cannot be told are one"),
        pytest.param(
            "Carberry, Josiah (0000-0002-1825-0097)", [("Person", "Carberry", "Josiah")], id="ORCID iD beside"
        ),
    ],
)
def test_names_are_read_as_they_stand(crosswalk, text, names):
    result = mapped(crosswalk, "dc.contributor.author", text)
    lines = stated(crosswalk, result)
    classes = [
        line.rpartition("/")[2].rstrip(">") for line in lines if line.startswith("rdf:type <http://xmlns.com/foaf/")
    ]
    assert sorted(classes) == sorted(name[0] for name in names)
    families = sorted(line for line in lines if line.startswith("foaf:familyName"))
    assert families == sorted(f'foaf:familyName "{name[1]}"' for name in names if len(name) > 1)
    given = sorted(line for line in lines if line.startswith("foaf:givenName"))
    assert given == sorted(f'foaf:givenName "{name[2]}"' for name in names if len(name) > 2)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("John Harvey Slater.", "John Harvey Slater"),
        ("Department of Civil Engineering.", "Department of Civil Engineering"),
        ("Hydroscience, Inc.", "Hydroscience, Inc."),
        ("Society of Friends Assoc.", "Society of Friends Assoc."),
        ("Bausch & Lomb Optical CO.", "Bausch & Lomb Optical CO."),
        ("Penfield, Paul, Jr.", "Penfield, Paul, Jr."),
        ("Müller, Jürgen...", "Müller, Jürgen..."),
    ],
)
def test_only_the_full_stop_of_a_sentence_is_taken_off_a_name(written, name):
    assert bare_name(written) == name


def test_a_full_stop_that_was_taken_off_stays_in_the_copy_and_does_not_part_name_and_authority(crosswalk):
    authority = Value("dc.identifier.authority", "McClure, Ghyslaine.=rp00477")
    result = mapped(crosswalk, "dc.contributor.author", "McClure, Ghyslaine.", authority)
    lines = "\n".join(result.claims)
    assert '/field/dc.contributor.author> "McClure, Ghyslaine."' in lines
    assert '<https://example.org/id/person/rp00477> <http://xmlns.com/foaf/0.1/name> "McClure, Ghyslaine" .' in lines


def test_names_glued_together_keep_their_order_and_are_told(crosswalk):
    result = mapped(crosswalk, "dc.contributor.author", "Liang, J; Zhang, H", Value("dc.contributor.author", "Hua, B"))
    firsts = [line for line in result.claims if "rdf-syntax-ns#first" in line]
    assert [line.rpartition("#agent-")[2][:5] for line in sorted(firsts)] == ["liang", "zhang", "hua%2"]
    assert ("A01", "info") in {(finding.rule, finding.severity.value) for finding in result.findings}
    assert any("field/dc.contributor.author" in line for line in result.claims)


@pytest.mark.parametrize(
    ("field", "text", "others", "claim"),
    [
        pytest.param("dc.identifier.isbn", "978-82-7853-301-7 (print)", (Value("dc.type", "Book"),), 'bibo:isbn13 "9788278533017"', id="ISBN with a note"),
        pytest.param("dc.identifier.isbn", "ISBN: 0-306-40615-2", (Value("dc.type", "Book"),), 'bibo:isbn10 "0306406152"', id="ISBN-10 with its label"),
        pytest.param("dc.identifier.isbn", "978\u00ad952\u00ad03\u00ad1879\u00ad6", (Value("dc.type", "Book"),), 'bibo:isbn13 "9789520318796"', id="ISBN with soft hyphens"),
        pytest.param("dc.identifier.issn", "2535-373X (online)", ARTICLE, 'bibo:eissn "2535-373X"', id="ISSN with a note"),
        pytest.param("dc.identifier.issn", "ISSN 0003-4967", ARTICLE, 'bibo:issn "0003-4967"', id="ISSN with its label"),
        pytest.param("dc.identifier.issn", "0003–4967", ARTICLE, 'bibo:issn "0003-4967"', id="ISSN with a dash"),
        pytest.param("dc.identifier.issn", "1091-\u200b6490", ARTICLE, 'bibo:issn "1091-6490"', id="ISSN with a zero-width space"),
        pytest.param("dc.identifier.volume", "Vol. 69", ARTICLE, 'bibo:volume "69"', id="volume label"),
        pytest.param("dc.identifier.volume", "Bd. 3", ARTICLE, 'bibo:volume "3"', id="German volume label"),
        pytest.param("dc.identifier.volume", "8 Pt 2", ARTICLE, 'bibo:volume "8 Pt 2"', id="volume is text"),
        pytest.param("dc.identifier.issue", "no. 8", ARTICLE, 'prism:issueIdentifier "8"', id="issue label"),
        pytest.param("dc.identifier.issue", "Núm. 001 (2022)", ARTICLE, 'prism:issueIdentifier "001"', id="Spanish issue label, and the year behind the number"),
        pytest.param("dc.identifier.issue", "1 January", ARTICLE, 'prism:issueIdentifier "1"', id="month behind the issue, as Embase writes it"),
        pytest.param("dc.identifier.issn", "2590-3322; 2590-3330", ARTICLE, 'bibo:issn "2590-3330"', id="two ISSNs in one value"),
        pytest.param("dc.date.issued", "Apr 2019", (), 'dcterms:issued "2019-04"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>', id="month by its name"),
        pytest.param("dc.publisher", "Bryn Mawr College ; Haverford College", (), 'foaf:name "Haverford College"', id="two publishers"),
        pytest.param("dc.publisher", "Springer", (Value("dc.publisher.place", "Germany"), Value("dc.publisher", "Germany")), 'foaf:name "Springer"', id="place repeated as a publisher"),
        pytest.param("dc.publisher.place", "Gillette, Wyo.]", (), 'rdfs:label "Gillette, Wyo."', id="half of a pair of brackets"),
        pytest.param("dc.rights", "Distributed under the terms of a License (http://creativecommons.org/licenses/by/3.0/).", (), "dcterms:license <https://creativecommons.org/licenses/by/3.0/>", id="licence in a sentence"),
        pytest.param("dc.identifier.issue", "Suppl. 1", ARTICLE, 'prism:issueIdentifier "Suppl. 1"', id="supplement"),
        pytest.param("dc.identifier.spage", "pp. 64-69", ARTICLE, 'bibo:pages "64-69"', id="range in the first page"),
        pytest.param("dc.format.pagerange", "157–175", ARTICLE, 'bibo:pageEnd "175"', id="range with a dash"),
        pytest.param("dc.identifier.spage", "e0154297", ARTICLE, 'fabio:hasElectronicArticleIdentifier "e0154297"', id="article number"),
        pytest.param("dc.identifier.spage", "xvii", ARTICLE, 'bibo:pageStart "xvii"', id="roman page"),
        pytest.param("dc.language.iso", "en_US", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/eng>", id="locale"),
        pytest.param("dc.language", "ENG", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/eng>", id="capitals"),
        pytest.param("dc.language", "English", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/eng>", id="English name"),
        pytest.param("dc.language", "deu", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/ger>", id="terminological code"),
        pytest.param("dc.language", "cs_CS", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/cze>", id="no such country"),
        pytest.param("dc.language", "chn", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/chn>", id="Chinook, as the code says"),
        pytest.param("dc.language", "Multiple", (), "dcterms:language <http://id.loc.gov/vocabulary/iso639-2/mul>", id="multiple"),
        pytest.param("dc.rights", "http://creativecommons.org/licenses/by-nc/3.0/us/deed.en", (), "dcterms:license <https://creativecommons.org/licenses/by-nc/3.0/us/>", id="deed of a licence"),
        pytest.param("dc.rights", "CC BY 4.0", (), "dcterms:license <https://creativecommons.org/licenses/by/4.0/>", id="name of a licence"),
        pytest.param("dc.rights", "info:eu-repo/semantics/openAccess", (), "dcterms:accessRights <http://purl.org/coar/access_right/c_abf2>", id="access word"),
        pytest.param("dc.rights", "http://rightsstatements.org/page/InC/1.0/?language=en", (), "dcterms:rights <http://rightsstatements.org/vocab/InC/1.0/>", id="rights statement with a language"),
        pytest.param("dc.format", "Application/PDF", (), "dcterms:format <https://www.iana.org/assignments/media-types/application/pdf>", id="media type in capitals"),
        pytest.param("dc.format.extent", "200 p.", (), 'bibo:numPages "200"', id="pages"),
        pytest.param("dc.title", "Wiley &amp; Sons", (), 'dcterms:title "Wiley & Sons"', id="entity"),
        pytest.param("dc.title", "H<sub>2</sub>O", (), 'dcterms:title "H2O"', id="markup"),
        pytest.param("dc.title", "Café Ã© noir", (), 'dcterms:title "Café Ã© noir"', id="mojibake is not guessed"),
    ],
)  # fmt: skip
def test_a_value_is_brought_into_its_form(crosswalk, field, text, others, claim):
    result = mapped(crosswalk, field, text, *others)
    assert claim in stated(crosswalk, result)
    assert result.fates[0].fate is Fate.MAPPED


@pytest.mark.parametrize(
    ("field", "text", "rule"),
    [
        pytest.param("dc.identifier.isbn", "978-0-306-40615-6", "D13", id="ISBN with a wrong check digit"),
        pytest.param("dc.identifier.issn", "0003-4968", "D12", id="ISSN with a wrong check digit"),
        pytest.param("dc.identifier.issn", "0378-5955|0024-9319", "D12", id="two ISSNs"),
        pytest.param("dc.identifier.doi", "10.1000", "D05", id="DOI without suffix"),
        pytest.param("dc.language", "Finish", "I23", id="misspelt language"),
        pytest.param("dc.language", "en fr", "I23", id="two languages"),
        pytest.param("dc.language", "*", "no-value", id="any language"),
        pytest.param("dc.rights", "An error occurred on the license name.", "no-value", id="an error is no licence"),
        pytest.param(
            "dc.rights.uri", "An error occurred getting the license - uri.", "no-value", id="an error is no address"
        ),
        pytest.param("dc.publisher", "-", "no-value", id="dash"),
        pytest.param("dc.contributor.author", "null", "no-value", id="null is nobody"),
        pytest.param("dc.date.created", "null/null", "no-value", id="a span from null to null is no date"),
        pytest.param("dc.date.issued", "n.d.", "no-value", id="no date"),
        pytest.param("dc.type.coar", "PeerReviewed", "no-value", id="review is no type"),
        pytest.param("dc.relation.isAuthorOfPublication", "x", "no-rule", id="unknown field"),
    ],
)
def test_what_cannot_be_expressed_is_kept_verbatim_and_told(crosswalk, field, text, rule):
    result = mapped(crosswalk, field, text)
    assert result.fates[0].fate is Fate.KEPT
    assert rule in {finding.rule for finding in result.findings if finding.field == field}
    assert any(f"field/{field}>" in line for line in result.claims)
