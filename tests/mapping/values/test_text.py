"""Texts: what is cleaned, what is left alone, and which language tags hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.values.text import clean_text, folded, language_tag, tag_contradicts


@pytest.mark.parametrize(
    ("text", "cleaned", "changed"),
    [
        pytest.param("A pilot study", "A pilot study", False, id="plain"),
        pytest.param("  A  pilot study ", "A pilot study", False, id="white space only"),
        pytest.param("p<0.05 and q>3, n=12", "p<0.05 and q>3, n=12", False, id="less than is no tag"),
        pytest.param("H<sub>2</sub>O in <i>vitro</i>", "H2O in vitro", True, id="markup"),
        pytest.param("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\nTwo.", True, id="JATS paragraphs"),
        pytest.param("One.\n\n  Two.", "One.\nTwo.", False, id="paragraphs"),
        pytest.param("Wiley &amp; Sons", "Wiley & Sons", True, id="entity"),
        pytest.param("Wiley &amp;amp; Sons", "Wiley &amp; Sons", True, id="decoded once"),
        pytest.param("AT&T; R&D", "AT&T; R&D", False, id="no entity"),
        pytest.param("zero\u200bwidth\x07", "zerowidth", True, id="control characters"),
        pytest.param("Cafe\u0301", "Caf\u00e9", True, id="NFC"),
        pytest.param("half \ud83d pair", "half \ufffd pair", True, id="half a surrogate pair"),
    ],
)
def test_a_text_is_made_fit_to_publish(text, cleaned, changed):
    assert clean_text(text) == (cleaned, changed)


def test_a_title_has_no_paragraphs():
    assert clean_text("One\nTwo", paragraphs=False) == ("One Two", False)


@pytest.mark.parametrize("text", ["<p></p>", "\u200b", " \n "])
def test_a_text_of_which_nothing_is_left_is_a_bad_value(text):
    with pytest.raises(BadValueError, match="nothing readable is left"):
        clean_text(text)


@given(st.text())
def test_cleaning_leaves_no_control_character_and_no_outer_blank(text):
    try:
        cleaned, _ = clean_text(text)
    except BadValueError:
        return
    assert cleaned == cleaned.strip()
    assert not any(ord(character) < 32 and character != "\n" for character in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("en_HK", "en-HK"),
        ("en_US", "en-US"),
        ("eng", "en"),
        ("zho", "zh"),
        ("chi", "zh"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("cs_CS", "cs-CS"),
        ("ENG", "en"),
        ("pt_br", "pt-BR"),
        ("chn", "zh"),
        ("cn_CN", "zh-CN"),
        ("JP", "ja"),
        ("cz", "cs"),
        ("gr-GR", "el-GR"),
    ]
    + [(none, None) for none in ("-", "", "*", "none", None)],
)
def test_a_language_column_gives_the_shortest_tag(source, tag):
    assert language_tag(source) == tag


@pytest.mark.parametrize("source", ["English", "xx", "us", "en_US.UTF8", "xx-what ever", "12"])
def test_a_column_that_holds_no_tag_is_a_bad_value(source):
    with pytest.raises(BadValueError, match="no language tag"):
        language_tag(source)


@pytest.mark.parametrize(
    ("tag", "text", "contradicts"),
    [
        ("en-HK", "红斑狼疮研究进展", True),
        ("en-HK", "Lupus 红斑 study", False),
        ("zh", "A pilot clinical study of lupus", True),
        ("zh", "SLE", False),
        ("zh", "Znečištění podzemních vod v severní části Třeboňské pánve", True),
        ("zh", "红斑狼疮研究", False),
        ("ru", "红斑狼疮研究", False),
    ],
)
def test_a_tag_is_compared_with_the_script(tag, text, contradicts):
    assert tag_contradicts(tag, text) is contradicts


@given(st.text())
def test_folding_twice_is_folding_once(text):
    once = folded(text)
    assert collapse(once) == once


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param(
            "<scp>T</scp>est <ovl>x</ovl> <roman>II</roman> <monospace>a</monospace>", "Test x II a", id="face markup"
        ),
        pytest.param(
            "This is a line that was wrapped by the width of a page,\nand this is another one that goes on with the sentence\nto its end.",
            "This is a line that was wrapped by the width of a page, and this is another one that goes on with the sentence to its end.",
            id="wrapped",
        ),
        pytest.param(
            "First paragraph of some length, with an end to it.\nSecond one, as long as the first one is.\nThird.",
            None,
            id="paragraphs",
        ),
        pytest.param("one\ntwo\nthree", None, id="a list"),
    ],
)
def test_markup_of_faces_and_wraps_of_lines_are_taken_out(text, cleaned):
    assert clean_text(text)[0] == (cleaned or text)
