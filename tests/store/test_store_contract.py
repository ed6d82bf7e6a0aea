"""Each store meets the contract."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from contract import DEFAULT_CLAIMS, GRAPH, NAMED_CLAIMS, StoreContract

from lod.store.oxigraph import OxigraphStore, WritableOxigraphStore


def in_memory(_):
    store = WritableOxigraphStore(ox.Store())
    store.load(f"{line}\n".encode() for line in DEFAULT_CLAIMS)
    store.add_graph(GRAPH, [f"{line}\n".encode() for line in NAMED_CLAIMS])
    return store


def on_disk(folder):
    store = WritableOxigraphStore.open(folder / "store")
    store.apply(DEFAULT_CLAIMS, [])
    store.add_graph(GRAPH, [f"{line}\n".encode() for line in NAMED_CLAIMS])
    store.flush()
    del store
    return OxigraphStore.open_read_only(folder / "store")


def copied(folder):
    on_disk(folder).backup(folder / "copy")
    return OxigraphStore.open_read_only(folder / "copy")


STORES = (in_memory, on_disk, copied)


@pytest.fixture(params=STORES, ids=[store.__name__ for store in STORES])
def store(request, tmp_path):
    return request.param(tmp_path)


class TestStores(StoreContract):
    pass
