"""A file that no format recognises says what it seems to be."""

from __future__ import annotations

import pytest

from lod.errors import SourceError
from lod.sources import open_source
from tests.helpers.read_sources import SETTINGS


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.xml",
            '<!DOCTYPE a [<!ENTITY e "x">]><dublin_core><dcvalue element="title">&e;</dcvalue></dublin_core>',
            "it declares an entity, which may stand for anything; files with entity declarations are not read. Export the file "
            "without them",
        ),
        (
            "a.csv",
            "\ufeff<!DOCTYPE html><html><head><title>Sign  in</title></head><body>x</body></html>",
            "it is an HTML page, with the title 'Sign in', that says nothing of an item; look whether the server answered with a "
            "login or an error, and fetch the file again",
        ),
        (
            "a.xml",
            "<?xml version='1.0'?><error><code>500</code><message>No\nconnection</message></error>",
            "it is XML of an error (500 No connection); fetch the file again",
        ),
        (
            "a.json",
            '{"status": 500, "error": "Internal Server Error", "path": "/api"}',
            "it is JSON of an error or a status (status: 500; error: Internal Server Error); fetch the file again",
        ),
        (
            "a.txt",
            "Resource not found.\n",
            "it says only 'Resource not found.'; look whether that is the answer of a server",
        ),
        (
            "a.csv",
            "10,A title,http://hdl.handle.net/1/1\n11,Another,http://hdl.handle.net/1/2\n",
            "proposes what each of them becomes, and with --write the site keeps it",
        ),
        (
            "a.csv",
            "title,author\nA,B\n",
            "not recognised as any known format: a table with columns that no format knows: title, author",
        ),
        ("a.xml", "<list><entry/></list>", "dspace-xlsx); if it is one, name it with --format"),
        ("a.json", "[1, 2]", "dspace-xlsx); if it is one, name it with --format"),
        ("a.txt", "Some notes\nof several lines.\n", "dspace-xlsx); if it is one, name it with --format"),
    ],
)
def test_a_file_that_is_not_recognised_says_what_it_seems_to_be(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        open_source(path, SETTINGS)
    assert str(raised.value).startswith(f"{path}: not recognised as any known format")
    assert message in str(raised.value)
