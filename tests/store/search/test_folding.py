"""Folding: what is typed without marks finds what is written with them."""

import pytest

from lod.store.search.values.folding import letter_of, sort_key, words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sussstoff", "Süßstoff"),
        ("dang", "Đặng"),
        ("lodz", "Łódź"),
        ("orsted", "Ørsted"),
        ("aether", "Æther"),
        ("oeuvre", "Œuvre"),
        ("thor", "Þor"),
        ("gudrun", "Guðrún"),
        ("isparta", "Isparta"),
        ("irmak", "ırmak"),
        ("istanbul", "İstanbul"),
        ("tieng viet", "tiếng Việt"),
        ("kobo daishi", "Kōbō Daishi"),
        ("efficient", "eﬃcient"),
        ("νησος", "νῆσος"),
        ("елка", "ёлка"),
        ("שלום", "שָׁלוֹם"),
        ("كتب", "كُتُب"),
        ("l oreal", "L’Oréal"),
        ("covid 19", "COVID-19"),
        ("snake case", "snake_case"),
    ],
)
def test_words_are_compared_without_case_and_marks(typed, written):
    assert words(written) == words(typed)
    assert len(words(written)) == len(typed.split(" "))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("香港大學學報", "香港 港大 大學 學學 學報 報", id="ideographs are pairs, then the last one alone"),
        pytest.param("論文2010年", "論文 文 2010 年", id="numbers between them are words"),
        pytest.param("논문 검색", "논문 문 검색 색", id="hangul"),
        pytest.param("がぎ", "がぎ ぎ", id="kana keep their marks, which make another letter"),
        pytest.param("हिन्दी भाषा", "हिन्दी भाषा", id="signs of Indic scripts stay with their letters"),
        pytest.param("***", "", id="no word"),
    ],
)
def test_scripts_without_spaces_are_indexed_by_pairs(text, expected):
    assert " ".join(words(text)) == expected


def test_titles_sort_as_in_a_catalogue():
    titles = [
        "Zebra",
        "Élan",
        "Eland",
        "énergie",
        "Volume 10",
        "Volume 9",
        "eagle",
        "Ørsted",
        "Oak",
        "Łódź",
        "Lodge",
        "“A” first",
    ]
    assert sorted(titles, key=sort_key) == [
        "“A” first", "eagle", "Élan", "Eland", "énergie", "Lodge", "Łódź", "Oak", "Ørsted", "Volume 9", "Volume 10", "Zebra",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "letter"), [("Évora", "E"), ("Ørsted", "O"), ("Ωmega", "Ω"), ("10 years", "#"), ("大學", "#"), ("", "#")]
)
def test_a_list_from_a_to_z_has_a_name_under_its_letter_without_marks(name, letter):
    assert letter_of(sort_key(name)) == letter
