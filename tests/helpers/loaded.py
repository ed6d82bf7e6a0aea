"""Crosswalk and shapes, loaded once for all sites that have none of their own: reading them takes longer than publishing a few records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from lod import bundled
from lod.mapping.crosswalk_files import load
from lod.rdf.vocabulary import DEFAULT_VOCABULARY_NAMESPACE, load_vocabulary
from lod.validation import shapes

_load_crosswalk = load.load_crosswalk
_load_shapes = shapes.load_shapes

bundled_crosswalk = cache(_load_crosswalk)
"""The bundled crosswalk under some settings; it is never changed."""


@cache
def bundled_shapes(namespace=DEFAULT_VOCABULARY_NAMESPACE, without=frozenset()):
    """Return the bundled shapes; they are never changed."""
    return _load_shapes([bundled.SHAPES], load_vocabulary(namespace), without=without)


@contextmanager
def commands_load_once() -> Iterator[None]:
    """Let commands that run in this process share what is bundled; what a site has of its own is read each time."""

    def crosswalk_of(settings, site=None):
        own = [path for folder in ("crosswalk", "maps") if site for path in (site / folder).glob("*")]
        return _load_crosswalk(settings, site) if own else bundled_crosswalk(settings)

    def shapes_of(folders=(bundled.SHAPES,), vocabulary=None, *, without=()):
        if list(folders) != [bundled.SHAPES]:
            return _load_shapes(folders, vocabulary, without=without)
        return bundled_shapes(vocabulary.namespace if vocabulary else DEFAULT_VOCABULARY_NAMESPACE, frozenset(without))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load_crosswalk", crosswalk_of)
        patch.setattr(shapes, "load_shapes", shapes_of)
        yield
