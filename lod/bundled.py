"""Paths of shapes/, vocab/ and the sample: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_bundled"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

SHAPES = _ROOT / "shapes"
VOCAB = _ROOT / "vocab"
SAMPLE = _PACKAGE / "sample"
