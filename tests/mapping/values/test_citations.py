"""Citation sentences: what is read of real ones, what is left alone, and that nothing is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.long_texts import collapse
from lod.mapping.record.apply import map_record
from lod.mapping.values.citation_forms import Citation, read_elements_form, read_eprints_book
from lod.mapping.values.citations import (
    _compared,
    doi_behind_title,
    holds_title,
    one_title,
    read_citation,
    read_note,
)
from lod.record import Record, Value

STUDY = "A study of two classes of neurons"
BLACK_CARBON = "Exploiting simultaneous observational constraints on mass"
# text, title of the record, journal, volume, issue, first page, last page, year
READ = [
    ("Annals Of The Rheumatic Diseases, 2010, v. 69 n. 8, p. 1423-1429", "", "Annals Of The Rheumatic Diseases", "69", "8", "1423", "1429", "2010"),
    ("Phys. Rev. D 90, 114504 (2014)", "", "Phys. Rev. D", "90", "", "114504", "", "2014"),
    ("Phys. Rev. Lett. 113, 251102 (2014)", "", "Phys. Rev. Lett.", "113", "", "251102", "", "2014"),
    ("Optics Letters, Optical Society of America, 2013, 38 (3), pp.330-337. ⟨10.1000/x⟩", "", "Optics Letters", "38", "3", "330", "337", "2013"),
    ("Health, Risk and Society, 2013, 15 (3), pp.330-337", "", "Health, Risk and Society", "15", "3", "330", "337", "2013"),
    ("Li, Ann (2002): Slates of Lund. Published in: Roof Weekly , Vol. 37, No. 18 : pp. 1705-1706.", "Slates of Lund", "Roof Weekly", "37", "18", "1705", "1706", ""),
    ("A&A 573, A89 (2015)", "", "A&A", "573", "", "A89", "", "2015"),
    ("Methodology and Computing in Applied Probability 15, 643-654\n  (2013)", "", "Methodology and Computing in Applied Probability", "15", "", "643", "654", "2013"),
    ("Class. Quantum Grav. 32 (2015) 025013", "", "Class. Quantum Grav.", "32", "", "025013", "", "2015"),
    ("Algebra Number Theory 8 (2014), no. 4, 857-893", "", "Algebra Number Theory", "8", "4", "857", "893", "2014"),
    ("J.Math.Phys.51:054102,2010", "", "J.Math.Phys.", "51", "", "054102", "", "2010"),
    ("PLOS ONE, 2010, 5 (3)", "", "PLOS ONE", "5", "3", "", "", "2010"),
    ("OBESITY, 2014, 22 (8), pp. 1918 - 1925", "", "OBESITY", "22", "8", "1918", "1925", "2014"),
    ("Biomark Insights, 2007, 1 pp. 77 - 80", "", "Biomark Insights", "1", "", "77", "80", "2007"),
    ("Revue d’histoire de l’Amérique française ; vol. 68 no. 3-4 (2015)", "", "Revue d’histoire de l’Amérique française", "68", "3-4", "", "", "2015"),
    ("L’Inconvénient ;  no. 60 (2015)", "", "L’Inconvénient", "", "60", "", "", "2015"),
    ("Evolution: 29 (1975) no. 4, pp. 750-762", "", "Evolution", "29", "4", "750", "762", "1975"),
    ("PLoS ONE 8 (2013): e59284", "", "PLoS ONE", "8", "", "e59284", "", "2013"),
    ("Iyer EPR, Cox DN. (2013) A study of two classes of neurons. PLoS ONE 8(8): e72434. doi:10.1371/journal.pone.0072434",
     "A Study of Two Classes of Neurons", "PLoS ONE", "8", "8", "e72434", "", ""),
    (f"Wang, X., and C. L. Heald. “{BLACK_CARBON}.” Edited by Gregory S. Barsh. Atmospheric Chemistry and Physics 14, no. 20 (2014): 10989–11010.",
     BLACK_CARBON.upper(), "Atmospheric Chemistry and Physics", "14", "20", "10989", "11010", "2014"),
    ("Acemoglu, Daron. “Search with Multi-Worker Firms.” Theoretical Economics 9, no. 3 (September 2014): 583–628. © 2014 The Authors",
     "Search with multi-worker firms", "Theoretical Economics", "9", "3", "583", "628", "2014"),
    ("Thomas, James L. (1994) Polyelectrolyte-Phospholipid Micelle Structure. New Journal of Chemistry, 18 (3). pp. 407-410. ISSN 1144-0546. http://example.org/1",
     "Polyelectrolyte-Phospholipid Micelle Structure", "New Journal of Chemistry", "18", "3", "407", "410", "1994"),
    ("Journal of Examples 2012:128628", "", "Journal of Examples", "2012", "", "128628", "", "2012"),
    ("Journal of Examples 2015, 5(e593). doi: 10.5555/x", "", "Journal of Examples", "5", "", "e593", "", "2015"),
    ("Journal of Examples 5(e593) (2015)", "", "Journal of Examples", "5", "", "e593", "", "2015"),
    ("Journal of Examples 5(1):e01010-13", "", "Journal of Examples", "5", "1", "e01010-13", "", ""),
    ("Journal of Examples 5(593) (2015)", "", "Journal of Examples", "5", "", "", "", "2015"),
    ("Crime, Law and Social Change, Vol. 26, No. 4, 1996/1997, pp.303-328", "", "Crime, Law and Social Change", "26", "4", "303", "328", ""),
    ("Tokyo J. Math., vol. 36, 2013, pp. 429-458", "", "Tokyo J. Math.", "36", "", "429", "458", "2013"),
    ("Phys.Lett. B741 2015 71-76", "", "Phys.Lett.", "B741", "", "71", "76", "2015"),
    ("Int.J.Mod.Phys. A29 (2014) 27, 1450161", "", "Int.J.Mod.Phys.", "A29", "27", "", "", "2014"),
    ("LMCS 10 (4:16) 2014", "", "LMCS", "10", "4", "", "", "2014"),
    ("TSPU Bulletin, No. 12(153), pp. 131-134, 2014", "", "TSPU Bulletin", "", "12(153)", "131", "134", "2014"),
    ("EPJ Web of Conferences, 2013 Vol, 53; 06005", "", "EPJ Web of Conferences", "53", "", "06005", "", "2013"),
    ("Copeia, 2012(4) : 631-636.", "", "Copeia", "2012", "4", "631", "636", "2012"),
    ("Trans-action. May 1968. 5(6): 9-14. Copyright © Example University", "", "Trans-action", "5", "6", "9", "14", "1968"),
    ("American Behavioral Scientist. January-February 1970. 13(3): 325-330", "", "American Behavioral Scientist", "13", "3", "325", "330", "1970"),
    ("Roe, A. \"A study of two classes.\" Clinical Linguistics & Phonetics 20.7-8 (2006): 523-29.", "A study of two classes", "Clinical Linguistics & Phonetics", "20", "7-8", "523", "29", "2006"),
    ("J Ex Biol. 2010 Oct;30(19):4616-25. doi: 10.5555/a. Epub 2010 Aug 2", "", "J Ex Biol.", "30", "19", "4616", "25", "2010"),
    ("Roe, A. \"A study of two classes.\" Cancer & Metabolism. (2014 Dec 15); 2 (1):21.", "A study of two classes", "Cancer & Metabolism", "2", "1", "21", "", "2014"),
    ("Roe, A., A study of two classes. WIMJ Open 2015.; 2 (2). doi:10.5555/x", "A study of two classes", "WIMJ Open", "2", "2", "", "", "2015"),
    ("Roe, A. \"A study of two classes.\" Journal of Child Studies J. Child Stud. 38.03 (2010): 628-43.", "A study of two classes", "Journal of Child Studies", "38", "03", "628", "43", "2010"),
    ("Roe, A. \"A study of two classes.\" Behav Res Behavior Research Methods 45.4 (2013): 1159-167.", "A study of two classes", "Behavior Research Methods", "45", "4", "1159", "167", "2013"),
    ("Roe, A. 2018. \"A study of two classes.\" Journal of Examples: Oceans, 130 (16).", "A study of two classes", "Journal of Examples: Oceans", "130", "16", "", "", ""),
    ("Roe, A. 2018. \"A study of two classes.\" Learned Examples, 31.", "A study of two classes", "Learned Examples", "31", "", "", "", ""),
    ("Roe, A. “A study of two classes.” Lecture Notes in Examples (2014): 367–374.", "A study of two classes", "Lecture Notes in Examples", "", "", "367", "374", "2014"),
    ("Roe et al.: The use of multiuse palm swamps, and of others. Journal of Examples 2013 9:29.", "The use of multi-use palm swamps and of others", "Journal of Examples", "9", "", "29", "", "2013"),
    ("A study of two classes: 2 (2015) no. 4, pp. 48-53", "A study of two classes", "", "2", "4", "48", "53", "2015"),
    ("Journal of Examples. 5(March 1968):7-10", "", "Journal of Examples", "5", "", "7", "10", ""),
]  # fmt: skip
OJS = [
    ("Revista de Ejemplos; núm. 64 (2012): Revista de Ejemplos; 175-181", "Revista de Ejemplos", "", "64", "175", "181", "2012", ""),
    ("Праці; Том 12 № 1 (2015): Теорія; 6-7", "Праці", "12", "1", "6", "7", "2015", "Теорія"),
    ("Zeitschrift; Bd. 3 Nr. 2 (2010); 1–20", "Zeitschrift", "3", "2", "1", "20", "2010", ""),
    ("Journal;Vol. 57, no 1", "Journal", "57", "1", "", "", "", ""),
    ("Journal; Vol 5, No Especial (2011): A; B; e12", "Journal", "5", "Especial", "e12", "", "2011", "A; B"),
    ("Journal; Cilt 4 Sayı 2 (2018): Bahar; 11-20", "Journal", "4", "2", "11", "20", "2018", "Bahar"),
    ("Journal; v. 12 n. 1 (2015); sn", "Journal", "12", "1", "", "", "2015", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "journal", "volume", "issue", "start", "end", "year", "title"), OJS)
def test_the_source_that_ojs_writes_is_read_in_every_language(text, journal, volume, issue, start, end, year, title):
    read = read_citation(text)
    assert read == Citation(journal, volume, issue, start, end, year, issue_title=title, program="OJS")


@pytest.mark.parametrize(
    ("text", "volume", "issue", "start", "end", "year"),
    [
        pytest.param("Journal;volume 24 September 2007", "24", "", "", "", "2007", id="a month"),
        pytest.param("Journal;vol. 24, Sept.-Oct. 2007", "24", "", "", "", "2007", id="two months"),
        pytest.param("Journal;v. 24, no. 3 2007", "24", "3", "", "", "2007", id="a year"),
        pytest.param("Journal;Volume 24, Issue 3, pages 3-9", "24", "3", "3", "9", "", id="pages in words"),
        pytest.param("Journal; Vol. 24; pp. 3-9, 2007", "", "", "", "", "", id="a year behind the pages"),
        pytest.param("Journal;volume 242007", "", "", "", "", "", id="one number"),
    ],
)
def test_numbers_behind_a_title_are_read_as_dspace_has_them_typed(text, volume, issue, start, end, year):
    expected = Citation("Journal", volume, issue, start, end, year, program="DSpace") if volume else None
    assert read_citation(text) == expected


@pytest.mark.parametrize(
    ("text", "title", "program", "issn"),
    [
        pytest.param("Roe, A.  (2015)  A long title.  Journal A, 30  (S2).   S15.  ISSN 0217-7323.   http://x.example/1", "A long title", "EPrints", "0217-7323", id="EPrints"),
        pytest.param("Roe, A.  (2015)  A long title.  Journal A, 30  (3-4).   Art. No. 015.  ISSN 0217-7323.   http://x.example/1", "A long title", "EPrints", "0217-7323", id="EPrints, the number of the article"),
        pytest.param("Roe, Ann (2015) A long title. Journal A, 30 (3): 15. ISSN 0217-7323", "A long title", "EPrints", "0217-7323", id="EPrints 3.4, article number"),
        pytest.param("Roe, A. (2015) A long title. Journal A, 10 (7). e0134189. ISSN 0217-7323 DOI: 10.5555/a <http://x.example/>", "A long title", "EPrints", "0217-7323", id="EPrints, the number of the article alone"),
        pytest.param("GMS Examples - Tests; 12(3):Doc26; ISSN 0217-7323", "A long title", "German Medical Science", "0217-7323", id="GMS"),
        pytest.param("Roe, A. (2015) A long title. Journal A, 202 (1). pp. 113-6. ISSN 0217-7323 DOI: 10.5555/a <http://x.example/>", "A long title", "EPrints", "0217-7323", id="EPrints, with the DOI"),
        pytest.param("Roe, A. (2015) A long title. Journal A . ISSN 0217-7323. (In Press)", "A long title", "EPrints", "0217-7323", id="EPrints, in press"),
        pytest.param("Evolution: 29 (1975) no. 4, pp. 750-762", "", "Zenodo", "", id="Zenodo"),
        pytest.param("Annals, 2010, v. 69 n. 8, p. 1423-1429", "", "the HKU Scholars Hub", "", id="HKU Scholars Hub"),
        pytest.param("Annales: 56 (1912) pp. 339-342", "", "Zenodo", "", id="Zenodo, no issue"),
        pytest.param("Nature Climate Change;11,(2021) Pagination 186,192", "", "MEL", "", id="MEL"),
        pytest.param("Frontiers in Examples;6,(2022)", "", "MEL", "", id="MEL, no pages"),
        pytest.param("Sahu, Sulata. (2013). A long title. Journal A, 96(11). UC Davis: Retrieved from: http://x.example/1", "A long title", "eScholarship", "", id="eScholarship"),
        pytest.param("Roe, A. (2013): A long title. Published in: Journal A , Vol. 83, No. 9 (9 September 2013): pp. 971-976.", "A long title", "EPrints", "", id="MPRA"),
        pytest.param("Roe, A. (2013): A long title. Published in: Journal A , No. 2 (2013): pp. 7-9.", "A long title", "EPrints", "", id="MPRA, no volume"),
        pytest.param("EIB Papers 0257-7755 6 2001 2 8-22", "", "EconStor", "0257-7755", id="EconStor"),
        pytest.param("PLoS ONE 8 (2013): e59284", "", "", "", id="a sentence"),
        pytest.param("Roe, A. A long title. Example: the Journal. 2(3): 375-390. July 2002.", "A long title", "", "", id="the month at the end"),
    ],
)  # fmt: skip
def test_the_fixed_form_of_a_program_is_known(text, title, program, issn):
    read = read_citation(text, title)
    assert read is not None
    assert (read.program, read.issn) == (program, issn)


@pytest.mark.parametrize(("text", "title", "journal", "volume", "issue", "start", "end", "year"), READ)
def test_a_citation_is_read_part_by_part(text, title, journal, volume, issue, start, end, year):
    read = read_citation(text, title)
    assert read is not None
    assert (read.journal, read.volume, read.issue, read.start, read.end, read.year) == (
        journal, volume, issue, start, end, year,
    )  # fmt: skip
    assert read.titled == bool(title)


@pytest.mark.parametrize(
    ("text", "number", "in_brackets", "paged"),
    [
        pytest.param("LMCS 10 (4:16) 2014", "16", "", False, id="number in an issue"),
        pytest.param("Int.J.Mod.Phys. A29 (2014) 27, 1450161", "1450161", "", False, id="number behind an issue"),
        pytest.param("Journal of Examples 5(593) (2015)", "", "593", False, id="of issue or article"),
        pytest.param("Journal of Examples 5(3) (2015): p. 12", "", "", True, id="a page by its word"),
        pytest.param("Journal of Examples 5(3) (2015): 12", "", "", False, id="a page or another number"),
    ],
)
def test_the_number_of_an_article_is_told_where_the_form_says_that_it_is_one(text, number, in_brackets, paged):
    read = read_citation(text)
    assert read is not None
    assert (read.number, read.in_brackets, read.paged) == (number, in_brackets, paged)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Odean, Terrance, 1999, Do investors trade too much? American Economic Review 89, 1279 - 1298.", id="a reference"),
        pytest.param("B.G. Searle, Computer Physics Communications, 137, p. 25 (2001)", id="its author before the journal"),
        pytest.param("M. Oliveira and F. Nogueira, Comput. Phys. Comm. 178, 524 (2008)", id="its authors before the journal"),
        pytest.param("Krist M, Janča M (2015) Are prenatal environments important? The Auk 132(3): 577-583.", id="another title"),
        pytest.param("Rheumatology, 6th edition, Ed. MC Hochberg (Mosby Elsevier). 2014;Chapter 185:1536-1540.", id="a chapter"),
        pytest.param("In: 1985 Chapel Hill Conference on Very Large Scale Integration. Computer Science Press, pp. 329-342.", id="proceedings"),
        pytest.param("Citation of a publication:T.R.Roe, Proc.R.Soc.London, Ser.A, 334, 1973, 19", id="its author behind a label"),
        pytest.param("ARTN R229", id="one number only"),
        pytest.param("CSU Core 1.0", id="a version"),
        pytest.param("Box 103", id="a box"),
        pytest.param("Journal of Examples, Spring 2012, 5(3): 1-4", id="a season at the end of the title"),
        pytest.param("Working Papers; no. 49", id="a series and its number"),
        pytest.param("Vol. 107;no. 2", id="no journal"),
        pytest.param("Technical Report: 2004-01", id="a report"),
        pytest.param("Smithsonian Contributions to Anthropology; 18", id="a series"),
        pytest.param("Journal of Examples 10 (4:16)", id="a number in an issue, no year"),
    ],
)  # fmt: skip
def test_what_leaves_a_doubt_is_not_read(text):
    assert read_citation(text, "Something else entirely") is None


@given(
    st.lists(st.sampled_from([text for text, *_ in READ] + list(" .,;:()-–“”0123456789AaBb")), max_size=12).map(
        "".join
    ),
    st.text(max_size=20),
)
def test_nothing_is_invented(text, title):
    read = read_citation(text, title)
    for part in (read.journal, read.volume, read.issue, read.start, read.end, read.year) if read else ():
        assert part in collapse(text)


def test_a_title_is_found_whatever_its_quotation_marks_and_dashes():
    assert holds_title("Farr: ‘Counting — and confusion’: a study. 2015", "“Counting - and Confusion”: A Study")
    assert not holds_title("Farr: Notes. 2015", "Notes")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("J Speech Lang Hear Res Journal of Speech Language and Hearing Research", "Journal of Speech Language and Hearing Research", id="abbreviation first"),
        pytest.param("American Journal of Speech-Language Pathology Am J Speech Lang Pathol", "American Journal of Speech-Language Pathology", id="abbreviation last"),
        pytest.param("Physical Review Letters", "Physical Review Letters", id="one title"),
        pytest.param("Journal of Examples Journal of Examples", "Journal of Examples Journal of Examples", id="nothing is cut short"),
        pytest.param("Phys. Rev. Lett.", "Phys. Rev. Lett.", id="abbreviation alone"),
    ],
)  # fmt: skip
def test_the_abbreviation_beside_the_title_of_a_journal_is_no_part_of_it(written, title):
    assert one_title(written) == title


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Journal A, 2010, 1 pp. 121 - 140 (20)", ("Journal A", "2010", "1", "", "121", "140"), id="a count of pages"),
        pytest.param("Journal A, 2010, 12 (4), pp. 1 - 9", ("Journal A", "2010", "12", "4", "1", "9"), id="all parts"),
        pytest.param("Arthritis: Diagnosis, and Care, 2015, pp. 317 - 330", ("Arthritis: Diagnosis, and Care", "2015", "", "", "317", "330"), id="a book"),
        pytest.param("Journal A, 2015, In press", ("Journal A", "2015", "", "", "", ""), id="in press"),
        pytest.param("Journal A, 2015, Box 7", None, id="something else behind the year"),
    ],
)  # fmt: skip
def test_the_citation_of_symplectic_elements_is_read(text, parts):
    read = read_elements_form(text)
    assert (read and (read.journal, read.year, read.volume, read.issue, read.start, read.end)) == parts


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        pytest.param([("dc.type", "Article"), ("dc.relation", "Journal A")], ["serial"], id="the journal stands in a relation"),
        pytest.param([("dc.type", "Article"), ("dc.relation", "Journal B")], [], id="another title does"),
        pytest.param([("dc.type", "Book chapter"), ("dc.relation", "Journal A")], ["host", "page"], id="the book around a chapter"),
    ],
)  # fmt: skip
def test_a_name_and_a_year_are_a_citation_where_another_field_has_the_name(crosswalk, pairs, wanted):
    text = "Journal A, 2015, pp. 3 - 9" if "page" in wanted else "Journal A, 2015, In press"
    result = mapped(crosswalk, ("dc.identifier", text), *pairs)
    titles = [line for line in result.claims if 'terms/title> "Journal A"' in line]
    assert bool(titles) == bool(wanted)
    assert any("id/serial/" in line for line in titles) == ("serial" in wanted)
    assert any("#host" in line for line in titles) == ("host" in wanted)
    assert any("pageStart" in line for line in result.claims) == ("page" in wanted)


BOOK = "Roe, A.  (2014)  {}.   In:  Fifty Years of Optics. At Home.  Proceedings of Examples.   {}No.9186. Press , Town, ZZ, {}.  ISBN 978-1-62841-213-0     http://x.example/1"


@pytest.mark.parametrize(
    ("volume", "place", "parts"),
    [
        pytest.param("", "pp. 357-379", ("", "357", "379", ""), id="pages"),
        pytest.param("Vol.11.  ", "Art. No. 918606", ("11", "", "", "918606"), id="volume and number of the article"),
    ],
)
def test_the_book_in_the_citation_of_eprints_is_read(crosswalk, volume, place, parts):
    text = BOOK.format(STUDY, volume, place)
    read = read_eprints_book(text)
    assert read is not None
    assert (read.book, read.series, read.number) == (
        "Fifty Years of Optics. At Home",
        "Proceedings of Examples",
        "9186",
    )
    assert (read.volume, read.start, read.end, read.article) == parts
    result = mapped(crosswalk, ("dc.title", STUDY), ("dc.type", "Book Section"), ("dc.identifier", text))
    book = "<https://example.org/id/book/9781628412130>"
    for line in (
        f"<{result.item}> <http://purl.org/dc/terms/isPartOf> {book} .",
        f'{book} <http://purl.org/dc/terms/title> "Fifty Years of Optics. At Home" .',
        f'{book} <http://purl.org/ontology/bibo/number> "9186" .',
    ):
        assert line in result.claims
    assert read_eprints_book(collapse(text)) is None, "one blank ends no title"


def test_an_article_of_a_journal_on_digital_commons_is_in_its_issue(crosswalk):
    pairs = [("dc.type", "text"), ("dc.source", "Letters of Examples")]
    in_journal = mapped(crosswalk, *pairs, ("dc.identifier", "https://commons.example.org/letters/vol3/iss1/12"))
    elsewhere = mapped(crosswalk, *pairs, ("dc.identifier", "https://commons.example.org/faculty/12"))
    assert any(line.endswith("/v/3/i/1> .") and "isPartOf" in line for line in in_journal.claims)
    assert any('terms/title> "Letters of Examples"' in line for line in in_journal.claims)
    assert not any('terms/title> "Letters of Examples"' in line for line in elsewhere.claims)


@pytest.mark.parametrize(
    ("note", "journal"),
    [
        pytest.param("Author Posting. The definitive version was published in Journal of Examples 44 (2014): 341-351.", "Journal of Examples", id="the note of WHOAS"),
        pytest.param("The definitive version was published in 2014.", None, id="no journal"),
        pytest.param("Parts were published in Journal of Examples 44 (2014): 341-351.", None, id="another sentence"),
    ],
)  # fmt: skip
def test_the_note_about_the_definitive_version_names_the_journal(crosswalk, note, journal):
    read = read_note(note)
    assert (read and read.journal) == journal
    result = mapped(crosswalk, ("dc.type", "Preprint"), ("dc.description", note))
    names = [line for line in result.fates[1].guessed if "publicationName" in line]
    assert [f'"{journal}"' in line for line in names] == [True] * bool(journal)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        pytest.param("Roe, A. “{}.” Journal A 8 (2014): 3–9. doi:10.5555/ABC.1. © 2014", "10.5555/abc.1", id="label"),
        pytest.param("Roe, A. {}. Journal A 24.3 (2015): 438. http://dx.doi.org/10.5555/2015_A-14 <2.897> .", "10.5555/2015_a-14", id="address"),
        pytest.param("Roe, A. {}. Journal A 52.2 (2009): 289. http://dx.doi.org./10.5555/1-4(2009/07-01).", "10.5555/1-4(2009/07-01)", id="brackets"),
        pytest.param("Roe, A. {}. Journal A 49.6 (2006): 1. http://dx.doi.org/10.5555/1092-4388(2006/085", "", id="cut off in its brackets"),
        pytest.param("doi:10.5555/a. Roe, A. {}. Journal A", "", id="before the title"),
        pytest.param("Roe, A. {}. doi:10.5555/a; data: doi:10.5555/b", "", id="two"),
        pytest.param("Roe, A. {}. doi:10.5555/a, https://doi.org/doi:10.5555/A", "10.5555/a", id="one twice"),
        pytest.param("Roe, A. {}. http://example.org/doi/10.5555/a/abstract", "", id="in another address"),
        pytest.param("Roe, A. Another study. doi:10.5555/a", "", id="a reference"),
    ],
)  # fmt: skip
def test_the_one_doi_behind_the_title_is_told(text, doi):
    assert doi_behind_title(text.format(STUDY), STUDY) == doi


def mapped(crosswalk, *pairs):
    values = tuple(Value(*pair) for pair in (*pairs, ("dc.identifier.uri", "http://hdl.handle.net/1/2")))
    return map_record(Record("s", "s, record 1", values), crosswalk, "2026-11-23T00:00:00Z")


CITATION = ("dc.identifier.citation", "Annals, 2010, v. 69 n. 8, p. 1423-9")


def test_a_citation_fills_what_no_field_gives_and_the_record_says_so(crosswalk):
    result = mapped(crosswalk, ("dc.type", "Article"), CITATION)
    item = f"<{result.item}>"
    for line in (
        f'{item} <http://purl.org/ontology/bibo/volume> "69" .',
        f'{item} <http://purl.org/ontology/bibo/pageEnd> "1429" .',
        f'{item} <http://purl.org/dc/terms/issued> "2010"^^<http://www.w3.org/2001/XMLSchema#gYear> .',
    ):
        assert line in result.fates[1].claims
    assert result.fates[1].why.startswith(
        "journal, volume, issue, pages, year: taken from it (the form of the HKU Scholars Hub), since no field gives them"
    )
    (finding,) = [finding for finding in result.findings if finding.rule == "C1"]
    assert (finding.severity, finding.field) == ("info", "dc.identifier.citation")


@pytest.mark.parametrize(
    ("pairs", "taken"),
    [
        pytest.param([("dc.type", "Article"), ("dc.identifier.volume", "69")], "journal, issue, pages, year", id="a field goes before"),
        pytest.param([("dc.type", "Article"), ("dc.identifier.volume", "70")], "", id="a contradiction gives nothing"),
        pytest.param([("dc.type", "Book chapter")], "", id="no article"),
        pytest.param([("dc.type", "Article"), ("dc.identifier.citation", "Another, 2010, v. 1 n. 2, p. 3-4")], "", id="two citations"),
    ],
)  # fmt: skip
def test_a_citation_fills_only_what_is_missing_and_undisputed(crosswalk, pairs, taken):
    result = mapped(crosswalk, *pairs, CITATION)
    why = result.fates[len(pairs)].why
    assert why.partition(":")[0] == taken if taken else "taken" not in why


def test_a_title_is_found_at_its_place_whatever_small_letters_its_capitals_have():
    # "İ" has two small letters, "Σ" another one at the end of a word.
    for title in ("İSTANBUL ÜZERİNE YAZILAR", "ΙΣΤΟΡΙΑ ΤΗΣ ΤΕΧΝΗΣ", "On things as they are"):
        written = f"{title}. Journal of Things 12(3) (2010): 45-67"
        assert read_citation(written, title) == Citation(
            "Journal of Things", "12", "3", "45", "67", "2010", titled=True
        )
    assert holds_title("ΙΣΤΟΡΙΑ ΤΗΣ ΤΕΧΝΗΣ, 2010", "ιστορια τησ τεχνησ")


@given(st.text())
def test_what_is_compared_has_a_letter_for_each_of_the_text(text):
    assert len(_compared(text)) == len(text)
    assert _compared(text) == "".join(map(_compared, text))


@pytest.mark.parametrize(
    ("pairs", "guessed"),
    [
        pytest.param([("dc.type", "Article"), ("dc.relation", "doi:10.5555/a")], True, id="article"),
        pytest.param([("dc.type", "Dataset")], False, id="the data behind the article"),
        pytest.param(
            [("dc.type", "Article"), ("dc.identifier", "doi:10.5555/b")], False, id="a field gives another one"
        ),
    ],
)
def test_the_doi_in_the_citation_of_an_article_is_guessed_to_be_its_own(crosswalk, pairs, guessed):
    citation = ("dc.identifier.citation", f"Roe, A. {STUDY}. Journal A 8 (2014): 3-9. doi:10.5555/a")
    result = mapped(crosswalk, ("dc.title", STUDY), citation, *pairs)
    line = f'<{result.item}> <http://purl.org/ontology/bibo/doi> "10.5555/a" .'
    assert [line in result.claims, line in result.fates[1].guessed] == [guessed, guessed]
    assert ("DOI: taken from it (a guess)" in result.fates[1].why) == guessed
    if ("dc.relation", "doi:10.5555/a") in pairs:
        relation = f"<{result.item}> <http://purl.org/dc/terms/relation> <https://doi.org/10.5555/a> ."
        assert relation in result.claims, "what a guess says takes nothing away"
