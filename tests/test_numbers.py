"""Numbers from anybody are read within bounds."""

from __future__ import annotations

import pytest

from lod.errors import ConfigError
from lod.numbers import whole_number
from lod.settings.table import make_settings, read_toml

LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("0", 0, id="zero"),
        pytest.param("0012", 12, id="zeros in front"),
        pytest.param("0" * 5_000 + "7", 7, id="many zeros in front"),
        pytest.param("9" * 18, 10**18 - 1, id="the longest"),
        pytest.param("9" * 19, None, id="one digit too many"),
        pytest.param(LONG, None, id="more digits than Python reads"),
        pytest.param("٣", 3, id="digits of another script"),
        pytest.param("²", None, id="no decimal digit"),
        pytest.param("-1", None, id="a sign"),
        pytest.param("1e9", None, id="an exponent"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_whole_number_is_read_or_is_none(text, number):
    assert whole_number(text) == number


def test_a_number_that_is_too_long_in_the_environment_is_a_fault_of_the_settings():
    with pytest.raises(ConfigError, match=r"LOD_KEEP_GENERATIONS is '9999.*it takes a whole number"):
        make_settings({"base_iri": "https://example.org/"}, {"LOD_KEEP_GENERATIONS": LONG})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(f"keep_generations = {LONG}", "a number in it has more digits than can be read", id="digits"),
        pytest.param(f"a = {'[' * 100_000}", "it nests too deeply", id="depth"),
    ],
)
def test_toml_that_python_cannot_hold_is_no_toml(text, message):
    import tomllib

    with pytest.raises(tomllib.TOMLDecodeError, match=message):
        read_toml(text)
