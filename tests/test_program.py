"""The fingerprint of the program differs where a file of it, or a library, does."""

import os

import pytest

from lod.program import _libraries, fingerprint_of, program_fingerprint


@pytest.fixture
def package(tmp_path):
    (tmp_path / "package" / "templates").mkdir(parents=True)
    (tmp_path / "package" / "module.py").write_text("ANSWER = 1\n")
    (tmp_path / "package" / "templates" / "page.html").write_text("<p>1</p>")
    return tmp_path / "package"


def same_time(path, text):
    """Write a file again, of the same size and time, as an installer may that sets all times alike."""
    stamp = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(stamp, stamp))


CHANGES = {
    "a module": lambda package: same_time(package / "module.py", "ANSWER = 2\n"),
    "a template": lambda package: same_time(package / "templates" / "page.html", "<p>2</p>"),
    "a name": lambda package: (package / "module.py").rename(package / "other.py"),
    "one file more": lambda package: (package / "new.py").touch(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_file_changes_it(package, change):
    before = fingerprint_of([package], ["a 1.0"])
    change(package)
    assert fingerprint_of([package], ["a 1.0"]) != before


def test_what_is_compiled_changes_nothing_and_a_library_does(package):
    before = fingerprint_of([package], ["a 1.0"])
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "module.pyc").write_bytes(b"x")
    assert fingerprint_of([package], ["a 1.0"]) == before
    assert fingerprint_of([package], ["a 1.1"]) != before


def test_the_program_has_one_and_its_libraries_are_known():
    assert len(program_fingerprint()) == 64
    assert program_fingerprint.cache_info().currsize == 1
    assert any(library.startswith("pyoxigraph ") for library in _libraries())
