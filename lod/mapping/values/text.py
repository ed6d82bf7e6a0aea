"""Text cleaning (rule T1) and language tags (MODEL section 9)."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import langcodes

from lod.errors import BadValueError
from lod.long_texts import collapse, substitute

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_XML_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_AMPERSANDS = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_XML_ESCAPE = re.compile(r"&(amp|lt|gt|quot|apos);", re.IGNORECASE)
# Only names of elements of HTML, JATS, Crossref and MathML count as markup: "p<0.05 and q>3" is text. Others are told (G04).
_NAMES = (
    "a|abbr|article|b|big|blockquote|body|bold|br|center|cite|code|dd|div|dl|dt|em|fig|figure|font|h[1-6]|hr|html|i|img|"
    "inline-formula|italic|kbd|li|list|list-item|math|mml:\\w+|jats:[\\w-]+|ol|p|pre|q|s|sc|sec|section|small|span|strike|"
    "strong|sub|sup|table|tbody|td|tex-math|th|thead|title|tr|tt|u|ul|underline|"
    "monospace|named-content|overline|ovl|roman|ruby|sans-serif|scp|strike|styled-content|"
    "abbrev|alternatives|break|chem-struct|disp-formula|disp-quote|ext-link|fixed-case|inline-graphic|private-char|rb|rp|rt|xref|"
    "annotation|menclose|mfenced|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mprescripts|mroot|mrow|mspace|msqrt|mstyle|msub|msubsup|"
    "msup|mtable|mtd|mtext|mtr|munder|munderover|semantics"
)
_TAG = re.compile(rf"<(?:/\s*+)?({_NAMES})(?:\s[^<>]*+|/?\s*+)>", re.IGNORECASE)
_BREAKING = re.compile(
    r"br|p|div|li|tr|h[1-6]|title|sec|section|jats:p|jats:sec|jats:title|list-item|blockquote", re.IGNORECASE
)
_SPACES = re.compile(r" [^\S\n]+|[^\S\n ][^\S\n]*")
_LINES = re.compile(r" ?\n\s*")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]{4}")
_EAST_ASIAN_ANY = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LETTER = "[A-Za-zÀ-ÖØ-öø-ɏ]"
_LATIN_WORDS = re.compile(rf"(?<!{_LETTER}){_LETTER}{{2,}}+(?:\W++{_LETTER}{{2,}}+){{3}}")
_REGION = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})(?=-|$)")
_COUNTRIES = {
    "chn": "zh",
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "jp": "ja",
    "sp": "es",
    "ua": "uk",
}
"""Codes of countries that are written for their languages. All but "chn" (Chinook jargon) are codes of no language."""

_NO_TAG = frozenset({"", "-", "*", "none", "null", "n/a", "**", "other", "und"})
_EAST_ASIAN_LANGUAGES = frozenset({"zh", "ja", "ko", "yue", "wuu"})
_LATIN_LANGUAGES = frozenset(
    {"en", "fr", "de", "es", "pt", "it", "nl", "fi", "sv", "no", "nb", "nn", "da", "pl", "cs", "tr"}
)


def without_controls(text: str) -> str:
    """Return a text without control characters and invisible signs; line breaks and tabs stay."""
    return text if text.isprintable() else substitute(_CONTROL, "", text)


def clean_text(text: str, *, paragraphs: bool = True) -> tuple[str, bool]:
    """Return a text cleaned for publication, and whether more than white space was changed.

    NFC; control characters removed; HTML entities decoded once; tags of HTML and JATS stripped, their text kept;
    white space collapsed, paragraph breaks kept as one newline where `paragraphs` is set. Source: rule T1.

    Raises:
        BadValueError: nothing readable is left.
    """
    plain = text
    if text.isascii():
        if _is_clean(text):
            return text, False
    else:
        plain = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", plain))
    if "&" in plain:
        plain = substitute(_ENTITY, lambda match: html.unescape(match.group()), plain)
    if "<" in plain:
        plain = substitute(_TAG, lambda match: "\n" if _BREAKING.fullmatch(match[1]) else "", plain)
    controls = _CONTROL.search(plain) is not None
    plain = substitute(_CONTROL, "", plain) if controls else plain
    tidy = substitute(_LINES, "\n", substitute(_SPACES, " ", plain)).strip() if paragraphs else collapse(plain)
    if paragraphs and "\n" in tidy:
        # At the end, so that a text that was cleaned stays as it is.
        tidy = _unwrapped(tidy)
    if not tidy:
        raise BadValueError("nothing readable is left of the text; correct or delete the value in the source")
    return tidy, tidy != text and (controls or collapse(tidy) != collapse(text))


def _is_clean(text: str) -> bool:
    """Return whether a text in ASCII has nothing that `clean_text` looks for: most values have not."""
    return (
        text.isprintable()
        and "&" not in text
        and "<" not in text
        and "  " not in text
        and text[:1] not in {"", " "}
        and text[-1] != " "
    )


_SHORTEST_WRAP, _LONGEST_WRAP = 40, 130


def _unwrapped(text: str) -> str:
    """Return a text without the line breaks that only wrap its lines, as those of a file or a mail do.

    All lines but the last are then about as long as a page is wide, and at least half of them go on in lower case.
    """
    lines = text.split("\n")
    if len(lines) < 3 or not all(_SHORTEST_WRAP <= len(line) <= _LONGEST_WRAP for line in lines[:-1]):
        return text
    goes_on = sum(line[:1].islower() for line in lines[1:])
    return " ".join(lines) if 2 * goes_on >= len(lines) - 1 else text


def unescaped(text: str) -> str:
    """Return an address or identifier without the escapes of XML, however often they were written: "&amp;amp;" is "&"."""
    if "&" not in text:
        return text
    return _XML_ESCAPE.sub(lambda match: _XML_SIGNS[match[1].lower()], _AMPERSANDS.sub("&", text))


def plain_decimal(text: str) -> str:
    """Return a decimal number without zeros at its end: "20.30" is "20.3"."""
    number = text.strip()
    return (number.rstrip("0").rstrip(".") or "0") if "." in number else number


def folded(text: str) -> str:
    """Return the form in which names and headings are compared: NFKC, one space, case-folded. Source: MODEL 3.2."""
    if text.isascii():
        return collapse(text).casefold()
    return collapse(unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4_096)
def language_tag(source: str | None) -> str | None:
    """Return the BCP 47 tag of a language column ("en_HK" is "en-HK", "eng" is "en"), None for "no language".

    The code of a country in place of its language is repaired ("cz" is "cs").

    Source: MODEL section 9; RFC 5646.

    Raises:
        BadValueError: the column holds no language tag.
    """
    text = (source or "").strip().replace("_", "-")
    if text.lower() in _NO_TAG:
        return None
    language, hyphen, rest = text.partition("-")
    text = _COUNTRIES.get(language.lower(), language) + hyphen + rest
    try:
        tag = langcodes.standardize_tag(text)
    except ValueError:
        tag = ""
    if not tag or not langcodes.tag_is_valid(tag):
        raise BadValueError("no language tag; use one like en, en_US or zh_Hant, or leave the column empty")
    return _with_its_region(tag, text)


def _with_its_region(tag: str, text: str) -> str:
    # A withdrawn region code stays: "cs_CS" is a slip for Czechia, and its successor, Serbia, would be a false statement.
    written, made = (_REGION.search(form) for form in (text, tag))
    if written and made and written[1].upper() != made[1]:
        return f"{tag[: made.start(1)]}{written[1].upper()}{tag[made.end(1) :]}"
    return tag


def tag_contradicts(tag: str, text: str) -> bool:
    """Return whether a tag contradicts the script of a text: "en" on Han characters, or "zh" on Latin ones (I25)."""
    language = tag.partition("-")[0]
    if language in _LATIN_LANGUAGES:
        return not text.isascii() and _EAST_ASIAN.search(text) is not None
    if language in _EAST_ASIAN_LANGUAGES and "-Latn" not in tag:
        return _EAST_ASIAN_ANY.search(text) is None and _LATIN_WORDS.search(text) is not None
    return False
