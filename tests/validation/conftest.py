"""The shapes that the tests of validation share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lod.validation.shapes import Shapes, load_shapes
from tests.helpers.shape_cases import QUALIFIERS


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """The bundled shapes, with a few MeSH qualifiers, whatever table of them is installed."""
    return replace(load_shapes(), qualifiers=QUALIFIERS)
