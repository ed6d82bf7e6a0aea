"""The catalogues: each text of the pages is in each of them, translated, with the same placeholders, links and code."""

import re
from string import Formatter

import pytest

from lod.settings.table import PAGE_LANGUAGES
from lod.web.languages.page_language import NAMES
from tests.helpers.catalogues import TRANSLATED, extracted, path_of, read, written

RUN = "write them anew: python -m tests.helpers.catalogues"


@pytest.fixture(scope="module")
def texts():
    return {(message.id, message.context): message for message in extracted() if message.id}


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request):
    return read(request.param)


def forms(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def parts(text):
    """What a translation has to keep: placeholders, blanks of questions, code, and how many links."""
    return (
        sorted(set(re.findall(r"%\(\w+\)s", text)) - {"%(number)s"}),
        sorted(name for _, name, _, _ in Formatter().parse(text) if name),
        sorted(re.findall(r"`[^`]+`", text)),
        text.count("["), text.count("]"), text.count("\n"),
    )  # fmt: skip


def test_each_language_has_a_name_and_each_but_english_a_catalogue():
    assert set(NAMES) == set(PAGE_LANGUAGES)
    assert all(path_of(language).is_file() for language in TRANSLATED)


def test_a_catalogue_has_the_texts_of_the_code_and_no_others(texts, catalogue):
    known = {(message.id, message.context) for message in catalogue if message.id}
    assert sorted(map(repr, texts.keys() - known)) == [], RUN
    assert sorted(map(repr, known - texts.keys())) == [], RUN


def test_every_text_is_translated_and_nothing_is_guessed(catalogue):
    messages = [message for message in catalogue if message.id]
    assert len(messages) > 1_000
    assert [message.id for message in messages if not all(strings(message)) or message.fuzzy] == []


def test_a_translation_keeps_placeholders_links_and_code_and_has_no_markup(catalogue):
    for message in catalogue:
        for string in strings(message) if message.id else ():
            assert parts(string) == parts(forms(message)[-1]), message.id
            assert not re.search(r"[<>&]", string), message.id


def test_a_catalogue_is_written_as_it_is_found(catalogue):
    language = str(catalogue.locale).replace("_", "-")
    assert path_of(language).read_bytes() == written(catalogue), RUN
