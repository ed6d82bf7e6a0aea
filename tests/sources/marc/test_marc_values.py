"""What a MARC field becomes: the tables of tags, roles, schemes, dates and types."""

from __future__ import annotations

import pytest

from lod.sources.marc.dates import coded_dates, written_date
from lod.sources.marc.fields import without_stop
from lod.sources.marc.values import marc_values
from tests.helpers.marc import LEADER, marc_record


def said(*rows, leader=""):
    """Field and text of each value of a record, without the leader's own."""
    return [(value.field, value.text) for value in marc_values(marc_record(*rows, leader=leader))]


@pytest.mark.parametrize(
    ("tag", "content", "expected"),
    [
        ("245", "10$aNight :$ba play /$cAnn Lee.", [("dc.title", "Night: a play"), ("dc.description.statementofresponsibility", "Ann Lee")]),
        ("245", "10$aOpera.$nPart 2,$pMorning.", [("dc.title", "Opera. Part 2, Morning")]),
        ("245", "00$aCarte =$bKarte", [("dc.title", "Carte"), ("dc.title.alternative", "Karte")]),
        ("245", "00$aPoems ;$bEssays", [("dc.title", "Poems ; Essays")]),
        ("245", "00$aLife in the U.S.", [("dc.title", "Life in the U.S.")]),
        ("245", "00$aWhat next ...$h[video]", [("dc.title", "What next ..."), ("marc.245.h", "[video]")]),
        ("245", "00$kLetters,$f1900-1910.", [("dc.title", "Letters"), ("marc.245.f", "1900-1910.")]),
        ("246", "1 $iCover title:$aNights", [("dc.title.alternative", "Nights"), ("marc.246.i", "Nights: Cover title")]),
        ("242", "10$aNight$yeng", [("dc.title.translated", "Night")]),
        ("100", "1 $aLi, Ann,$d1960-", [("dc.contributor.author", "Li, Ann"), ("marc.100.d", "Li, Ann: 1960-")]),
        ("100", "1 $aLi, Ann(1960-)", [("dc.contributor.author", "Li, Ann"), ("marc.100.a", "Li, Ann: 1960-")]),
        ("100", "1 $aKing, Martin,$cJr.", [("dc.contributor.author", "King, Martin, Jr.")]),
        ("100", "0 $aJohn$bII,$cPope", [("dc.contributor.author", "John II"), ("marc.100.c", "John II: Pope")]),
        ("100", "1 $aBach, J. S.$4cmp", [("dc.contributor.author", "Bach, J. S."), ("marc.100.4", "Bach, J. S.: cmp")]),
        ("100", "1 $aLee, Ruth. [from old catalog]", [("dc.contributor.author", "Lee, Ruth")]),
        ("222", " 0$aCurator$b(New York, N.Y.)", [("dc.title.alternative", "Curator (New York, N.Y.)")]),
        ("490", "0 $aRoofs I.$pLecture notes.$v3", [("dc.relation.ispartofseries", "Roofs I. Lecture notes; 3")]),
        ("710", "2 $aUniversité I.$bInstitut", [("dc.contributor.institution", "Université I. Institut")]),
        ("700", "1 $aLi, Ann,$eopponent", [("dc.contributor.referee", "Li, Ann")]),
        ("700", "1 $aLi, Ann,$epatent applicant", [("dc.contributor.applicant", "Li, Ann")]),
        ("700", "1 $aLi, Ann,$eeditor,$etranslator.", [("dc.contributor.editor", "Li, Ann"), ("dc.contributor.translator", "Li, Ann")]),
        ("700", "1 $aLi, Ann$4http://id.loc.gov/vocabulary/relators/edt", [("dc.contributor.editor", "Li, Ann")]),
        ("700", "1 $aLi, Ann,$ejuror", [("dc.contributor.other", "Li, Ann"), ("marc.700.e", "Li, Ann: juror")]),
        ("700", "1 $aLi, Ann,$edir.", [("dc.contributor.other", "Li, Ann"), ("marc.700.e", "Li, Ann: dir.")]),
        ("700", "12$aLi, Ann.$tNight.", [("dc.relation.haspart", "Li, Ann. Night")]),
        ("110", "2 $aFriends, Peace and Land.$bGroup.", [("dc.contributor.corporateauthor", "Friends, Peace and Land. Group")]),
        ("110", "2 $aExample Society,$ecomposer.", [("dc.contributor.corporateauthor", "Example Society"), ("marc.110.e", "Example Society: composer.")]),
        ("110", "2 $aExample Society,$eauthor,$4art", [("dc.contributor.corporateauthor", "Example Society"), ("marc.110.4", "Example Society: art")]),
        ("710", "2 $aExample University.$edegree granting institution", [("thesis.degree.grantor", "Example University")]),
        ("710", "2 $aExample Press,$ehost institution.", [("dc.contributor.institution", "Example Press"), ("marc.710.e", "Example Press: host institution.")]),
        ("711", "2 $aExample Days$n(3rd :$d2018 :$cHaifa)", [("dc.relation.conference", "Example Days (3rd)"), ("oaire.citation.conferencePlace", "Haifa"), ("oaire.citation.conferenceDate", "2018")]),
        ("010", "  $a   85-2 ", [("dc.identifier.lccn", "85-2")]),
        ("020", "  $a0306406152 (pbk.)", [("dc.identifier.isbn", "0306406152"), ("marc.020.a", "0306406152: (pbk.)")]),
        ("022", "  $a0003-4967$y1234-5679", [("dc.identifier.issn", "0003-4967"), ("marc.022.y", "1234-5679")]),
        ("024", "7 $a10.5555/x$2doi", [("dc.identifier.doi", "10.5555/x")]),
        ("024", "7 $aabc$2unknown", [("marc.024", "$a abc $2 unknown")]),
        ("035", "  $a(OCoLC)12", [("dc.identifier.oclc", "(OCoLC)12")]),
        ("035", "  $a(XX)12", [("marc.035.a", "(XX)12")]),
        ("260", "  $a[Paris] :$bA Press,", [("dc.publisher.place", "Paris"), ("dc.publisher", "A Press")]),
        ("260", "  $a[S.l. :$bs.n.],", [("marc.260.a", "[S.l. :"), ("marc.260.b", "s.n.],")]),
        ("260", "  $a[Place of publication not identified]", [("marc.260.a", "[Place of publication not identified]")]),
        ("264", " 3$aLeipzig", [("marc.264.a", "Leipzig")]),
        ("650", " 0$aLupus$xTherapy$zIsrael.", [("dc.subject.lcsh", "Lupus--Therapy--Israel")]),
        ("650", " 2$aLupus$xtherapy$xhistory.", [("dc.subject.mesh", "Lupus - therapy - history")]),
        ("650", " 7$aLupus$2gnd", [("dc.subject.gnd", "Lupus")]),
        ("650", " 7$aLupus$2yso/fin", [("dc.subject.yso", "Lupus"), ("marc.650.2", "Lupus: yso/fin")]),
        ("650", " 7$aLupus$2own", [("marc.650", "Lupus"), ("marc.650.2", "Lupus: own")]),
        ("650", " 4$aLupus$xTherapy", [("marc.650", "Lupus--Therapy")]),
        ("600", "10$aSkin, Thomas,$d1900-1980.$tNight$xSources.", [("dc.subject.lcsh", "Skin, Thomas, 1900-1980. Night--Sources")]),
        ("651", " 4$aIsrael.", [("dc.coverage.spatial", "Israel")]),
        ("050", " 0$aRC924$b.L8", [("dc.subject.lcc", "RC924"), ("marc.050.b", "RC924: .L8")]),
        ("082", "04$a[616.7/7]", [("dc.subject.ddc", "616.77")]),
        ("084", "  $aYF 2500$2rvk", [("dc.subject.rvk", "YF 2500")]),
        ("084", "  $a1$2own", [("marc.084", "$a 1 $2 own")]),
        ("520", "3 $aFound.", [("dc.description.abstract", "Found.")]),
        ("520", "1 $aA review.", [("dc.description", "A review.")]),
        ("541", "0 $aA donor", [("marc.private.541", "A donor")]),
        ("541", "1 $aA donor", [("marc.541.a", "A donor")]),
        ("852", "  $aLib$xnot for readers", [("marc.private.852", "not for readers"), ("marc.852.a", "Lib")]),
        ("CAT", "  $aSTAFF1", [("marc.private.CAT", "STAFF1")]),
        ("856", "40$uhttps://example.org/x", [("dc.identifier.uri", "https://example.org/x")]),
        ("856", "41$uhttps://example.org/x", [("dcterms.hasVersion", "https://example.org/x")]),
        ("856", "40$3Cover$uhttps://example.org/x", [("dc.description.uri", "https://example.org/x"), ("marc.856.3", "https://example.org/x: Cover")]),
        ("856", "4 $uhttps://doi.org/10.5555/x", [("dc.identifier.uri", "https://doi.org/10.5555/x")]),
        ("856", "4 $uhttps://example.org/x", [("dc.description.uri", "https://example.org/x")]),
        ("776", "08$aLi, Ann.$tNight$w(XX)5", [("dcterms.hasFormat", "Li, Ann. Night"), ("marc.776.w", "Night: (XX)5")]),
        ("786", "0 $nAnnals; Vol. 1 (2022)", [("dc.source", "Annals; Vol. 1 (2022)")]),
        ("787", "0 $nhttps://example.org/y", [("dc.relation", "https://example.org/y")]),
        ("9‡9", "  $ax", [("marc.9x20219.a", "x")]),
        ("945", "  $a1$b2", [("marc.945", "$a 1 $b 2")]),
    ],
)  # fmt: skip
def test_a_field_becomes_these_values_and_nothing_of_it_is_lost(tag, content, expected):
    assert said((tag, content)) == expected


@pytest.mark.parametrize(
    ("kind", "first", "second", "expected"),
    [
        ("s", "1998", "    ", {"dc.date.issued": "1998"}),
        ("s", "199u", "    ", {"dc.date.issued": "199X"}),
        ("s", "uuuu", "    ", {}),
        ("t", "2019", "2018", {"dc.date.issued": "2019", "dc.date.copyright": "2018"}),
        ("r", "1990", "1900", {"dc.date.issued": "1990"}),
        ("e", "1998", "0517", {"dc.date.issued": "1998-05-17"}),
        ("e", "1998", "05uu", {"dc.date.issued": "1998-05"}),
        ("m", "1911", "1924", {"dc.date.issued": "1911/1924"}),
        ("m", "1911", "9999", {"dc.date.issued": "1911/.."}),
        ("m", "1911", "19uu", {}),
        ("c", "1990", "9999", {"dc.date.issued": "1990/.."}),
        ("d", "1990", "1999", {"dc.date.issued": "1990/1999"}),
        ("u", "1990", "uuuu", {}),
        ("q", "1900", "1910", {}),
        ("i", "1850", "1890", {"dc.date.created": "1850/1890"}),
        ("n", "uuuu", "uuuu", {}),
        ("b", "    ", "    ", {}),
        ("|", "||||", "||||", {}),
    ],
)
def test_coded_dates_say_no_more_than_their_type_does(kind, first, second, expected):
    assert coded_dates(kind, first, second) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1998.", ("1998", "")),
        ("[2007?]", ("2007?", "")),
        ("c1998", ("", "1998")),
        ("©2018", ("", "2018")),
        ("1990, c1989.", ("1990", "1989")),
        ("[ca. 1900]", ("1900~", "")),
        ("1911-1924", ("1911/1924", "")),
        ("1990-", ("1990/..", "")),
        ("[199-]", ("199X", "")),
        ("[19--?]", ("19XX", "")),
        ("5758 [1997 or 1998]", ("", "")),
        ("5718 [1958]", ("1958", "")),
        ("Meiji 20 [1887]", ("1887", "")),
        ("1958 [i.e. 1959?]", ("1959?", "")),
        ("MCMXC", ("", "")),
    ],
)
def test_a_written_date_is_read_where_it_can_mean_one_thing_only(text, expected):
    assert written_date(text) == expected


def date_of(*rows, leader=""):
    return [text for field, text in said(*rows, leader=leader) if field == "dc.date.issued"]


def test_the_coded_date_comes_first_then_the_imprint_then_the_year_of_the_degree():
    coded = ("008", "200504s1998    xx            000 0 eng d")
    assert date_of(coded, ("260", "  $c1999")) == ["1998"]
    assert date_of(("260", "  $c1999"), ("502", "  $bPh.D.$d1997")) == ["1999"]
    assert date_of(("502", "  $bPh.D.$d1997")) == ["1997"]
    assert date_of(("502", "  $aThesis (M.A.)--Example University, 1996.")) == ["1996"]


@pytest.mark.parametrize(
    ("leader", "rows", "expected"),
    [
        ("am", (), ["book"]),
        ("as", (), ["serial"]),
        ("aa", (("773", "0 $tX$x0003-4967"),), ["article"]),
        ("aa", (("773", "0 $tX$z9780306406157"),), ["book part"]),
        ("aa", (("773", "0 $tX"),), ["text"]),
        ("tm", (), ["manuscript"]),
        ("tm", (("502", "  $bPh. D."),), ["doctoral thesis"]),
        ("am", (("502", "  $bM.A."),), ["master thesis"]),
        ("am", (("502", "  $aThèse."),), ["thesis"]),
        ("am", (("655", " 7$aAcademic theses.$2lcgft"),), ["thesis"]),
        ("am", (("655", " 7$aDetective fiction$2lcgft"),), ["book"]),
        ("am", (("655", " 7$ainfo:eu-repo/semantics/article$2local"),), ["info:eu-repo/semantics/article"]),
        ("am", (("655", " 7$ainfo:eu-repo/semantics/publishedVersion$2local"),), ["info:eu-repo/semantics/publishedVersion", "book"]),
        ("cm", (), ["musical notation"]),
        ("em", (), ["map"]),
        ("gm", (("008", " " * 33 + "v"),), ["video"]),
        ("jm", (), ["sound"]),
        ("mm", (), []),
        ("mm", (("008", " " * 26 + "a"),), ["dataset"]),
        ("om", (), []),
        ("  ", (("336", "  $bsti$2rdacontent"),), ["still image"]),
        ("  ", (("336", "  $aTwo-dimensional moving image$2rdacontent"),), ["moving image"]),
        ("  ", (("336", "  $btxt"), ("336", "  $bsti")), ["text"]),
        ("  ", (("336", "  $aPhotograph"),), []),
        ("  ", (("773", "0 $tX$x0003-4967"),), ["article"]),
        ("  ", (("773", "0 $tX"),), []),
        ("  ", (("245", "00$aX$h[videorecording] /"),), ["moving image"]),
        ("  ", (("245", "00$aX$h[electronic resource]"),), []),
        ("mm", (("336", "  $acomputer dataset$bcod"),), ["dataset"]),
        ("om", (("336", "  $btxt"), ("336", "  $btdf")), []),
        ("am", (("336", "  $bsti"),), ["book"]),
    ],
)  # fmt: skip
def test_the_type_is_the_most_exact_that_is_stated(leader, rows, expected):
    values = said(*rows, ("500", "  $aA note"), leader=LEADER[:6] + leader + LEADER[8:])
    assert [text for field, text in values if field == "dc.type"] == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("041", "0 $aengfre"),), ["eng", "fre"]),
        ((("041", " 7$aen$2rfc3066"),), ["en"]),
        ((("041", "1 $aeng$hfre"), ("008", " " * 35 + "ger")), ["eng"]),
        ((("008", " " * 35 + "scr"),), ["hrv"]),
        ((("008", " " * 35 + "mul"),), []),
        ((("008", " " * 35 + "|||"),), []),
    ],
)
def test_languages_are_those_of_the_text(rows, expected):
    assert [text for field, text in said(*rows) if field == "dc.language.iso"] == expected


def place(*rows):
    """Volume, issue, first and last page of a record."""
    found = dict(said(*rows))
    names = ("dc.identifier.volume", "dc.identifier.issue", "dc.identifier.spage", "dc.identifier.epage")
    return tuple(found.get(name, "") for name in names)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("0 $tX$gVol. 24, no. 9 (Sept. 1993), p. 235-48", ("24", "9", "235", "48")),
        ("0 $tX$q96:4<23", ("96", "4", "23", "")),
        ("0 $tX$gJahrgang 12, Heft 3, Seite 5-9", ("12", "3", "5", "9")),
        ("0 $tX$gvolume:5$gnumber:2$gpages:11-20", ("5", "2", "11", "20")),
        ("0 $tX$g2011, Spring", ("", "", "", "")),
    ],
)
def test_the_place_in_the_host_is_read_out_of_its_forms(content, expected):
    assert place(("773", content)) == expected
    assert ("dc.relation.ispartof", "X") in said(("773", content))


def test_only_the_first_host_gives_a_place():
    assert place(("773", "0 $tX$gVol. 1"), ("773", "0 $tY$gno. 7")) == ("1", "", "", "")


def test_a_traced_series_is_named_once_by_its_established_title():
    values = said(("490", "1 $aEx. studies ;$v5"), ("830", " 0$aExample studies ;$v5."))
    assert values == [("dc.relation.ispartofseries", "Example studies; 5"), ("marc.490", "$a Ex. studies ; $v 5")]
    assert said(("490", "0 $aEx. studies ;$x0003-4967 ;$v5")) == [
        ("dc.relation.ispartofseries", "Ex. studies; 5"),
        ("dc.identifier.issn", "0003-4967"),
    ]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("$0(orcid)0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("$1https://orcid.org/0000-0002-1825-0097$0(viaf)1", "https://orcid.org/0000-0002-1825-0097"),
        ("$1http://viaf.org/viaf/102333412", "https://viaf.org/viaf/102333412"),
        ("$0(isni)0000000121032683", "https://isni.org/isni/0000000121032683"),
        ("$0(DE-588)118540238$0(DE-101)118540238", "https://d-nb.info/gnd/118540238"),
        ("$0http://id.loc.gov/authorities/names/n79021164", "http://id.loc.gov/authorities/names/n79021164"),
        ("$0(FI-ASTERI-N)000110", None),
    ],
)
def test_the_link_of_a_name_is_its_authority_and_other_links_stay_with_it(link, expected):
    values = marc_values(marc_record(("700", f"1 $aLi, Ann{link}"), leader=""))
    assert (values[0].text, values[0].authority) == ("Li, Ann", expected)
    assert len(values) == link.count("$") + (expected is None)


def test_a_title_in_another_script_is_an_alternative_in_the_language_of_the_record():
    language = ("008", " " * 35 + "heb")
    pair = ("245", "10$6880-01$aSefer"), ("880", "10$6245-01/(2/r$aספר")
    values = marc_values(marc_record(language, *pair, leader=""))
    assert [(value.text, value.language) for value in values if value.field == "dc.title.alternative"] == [
        ("ספר", "heb-Hebr")
    ]
    values = marc_values(marc_record(*pair, leader=""))
    assert [(value.text, value.language) for value in values if value.field == "dc.title.alternative"] == [
        ("ספר", "und-Hebr")
    ]
    alone = marc_values(marc_record(("880", "10$6245-00/(N$aКнига"), leader=""))
    assert next((value.field, value.text, value.language) for value in alone) == ("dc.title", "Книга", "und-Cyrl")


def test_a_name_in_another_script_is_no_second_person():
    values = said(("100", "1 $6880-01$aSefer, A."), ("880", "1 $6100-01/(2$aספר, א."))
    assert ("marc.880.100.a", "ספר, א.") in values
    assert [text for field, text in values if field.startswith("dc.contributor")] == ["Sefer, A."]


def test_a_lost_link_makes_no_second_author_and_a_text_without_a_twin_is_read_for_itself():
    people = [
        text for field, text in said(("100", "1 $aSefer, A."), ("880", "1 $6100-01$aספר, א.")) if "contributor" in field
    ]
    assert people == ["Sefer, A."]
    assert ("dc.contributor.other", "ספר, א.") in said(("700", "1 $aLi, Ann"), ("880", "1 $6700-00/(2$aספר, א."))


def test_a_person_who_publishes_is_no_organisation():
    said_of_person = said(("700", "1 $aLi, Ann,$epublisher."))
    assert ("dc.contributor.other", "Li, Ann") in said_of_person
    assert ("marc.700.e", "Li, Ann: publisher.") in said_of_person
    assert ("dc.publisher", "Example Press") in said(("710", "2 $aExample Press,$epublisher."))


def test_the_control_number_names_its_agency():
    assert said(("001", "12"), ("003", "OCoLC")) == [("marc.001", "(OCoLC)12"), ("dc.identifier.oclc", "12")]
    assert said(("001", "12")) == [("marc.001", "12")]
    assert said(("003", "XX")) == [("marc.003", "XX")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Night.", "Night"),
        ("Vremi\ufe20a\ufe21.", "Vremi\ufe20a\ufe21"),
        ("Night /", "Night"),
        ("Vol.", "Vol."),
        ("J. S.", "J. S."),
        ("etc.", "etc."),
        ("(1998).", "(1998)"),
    ],
)
def test_a_full_stop_of_isbd_is_taken_off_and_that_of_an_abbreviation_is_not(text, expected):
    assert without_stop(text) == expected
