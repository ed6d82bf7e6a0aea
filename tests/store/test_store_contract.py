"""Each store meets the contract."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lod.remote.store import RemoteStore
from lod.store.oxigraph import OxigraphStore, WritableOxigraphStore
from tests.helpers.servers import SERVERS
from tests.helpers.store_contract import BASE, DEFAULT_CLAIMS, GRAPH, NAMED_CLAIMS, StoreContract


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


@pytest.fixture(scope="module")
def loaded(servers):
    """Load a server once for all tests of the contract."""
    found = {}

    def load(name):
        if name not in found:
            server = servers(name)
            client = server.emptied()
            client.add(server.graph, "".join(f"{line}\n" for line in DEFAULT_CLAIMS).encode())
            client.add(GRAPH, "".join(f"{line}\n" for line in NAMED_CLAIMS).encode())
            found[name] = RemoteStore(client, BASE, server.graph)
        return found[name]

    yield load
    for store in found.values():
        store.client.close()


class TestRemoteStores(StoreContract):
    """The same over real servers, by the SPARQL protocol."""

    @pytest.fixture(params=SERVERS)
    def store(self, request, loaded):
        return loaded(request.param)
