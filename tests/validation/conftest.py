"""The shapes that the tests of validation share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.shape_cases import QUALIFIERS

from lod.validation.shapes import Shapes, load_shapes


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """The bundled shapes, with a few MeSH qualifiers, whatever table of them is installed."""
    return replace(load_shapes(), qualifiers=QUALIFIERS)
