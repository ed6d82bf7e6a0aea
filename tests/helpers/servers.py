"""Real SPARQL 1.1 servers for the tests, each on free ports of the loopback interface in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from lod.remote.credentials import store_credentials
from lod.remote.engines import addresses, engine_of
from lod.remote.sparql_client import SparqlClient
from lod.remote.store import PUSH_MARK, STAGING, RemoteStore
from tests.helpers.signed import KEY, SECRET, gate

BASE = "https://data.example.org/"
GRAPH = f"{BASE}data/published"
"""Where the published triples stand in a store that has no default graph of its own."""

_START_TIME_LIMIT_S = 60
_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
[SPARQL]
ResultSetMaxRows = 100000
"""
_VIRTUOSO_USER = """
USER_CREATE('loader', 'secret');
GRANT SPARQL_UPDATE TO "loader";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 1);
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('loader', 7);
"""


@dataclass(frozen=True)
class Server:
    """A running store: its query endpoint, the graph for published triples ("" for the default one), who may write.

    `engine` is the name of one that cannot be told; `folder` may be read by the store, `sql` asks it for commands.
    """

    name: str
    query: str
    graph: str
    environment: dict[str, str]
    engine: str = ""
    folder: Path = Path()
    sql: tuple[str, ...] = ()

    def writer(self) -> SparqlClient:
        """A client that may write."""
        who = store_credentials(self.environment, self.query, self.engine)
        reader = SparqlClient(self.query, who)
        reader.ask("ASK {}")
        update, graph_store = addresses(engine_of(reader.headers, self.query, self.engine), self.query)
        reader.close()
        client = SparqlClient(self.query, who)
        client.update_address, client.graph_store_address = update, graph_store
        return client

    def emptied(self) -> SparqlClient:
        """A client that may write, after everything under the base of the tests has gone."""
        client = self.writer()
        store = RemoteStore(client, BASE)
        for graph in (*store.named_graphs(), f"{BASE}{PUSH_MARK}", f"{BASE}{STAGING}"):
            client.update(f"DROP SILENT GRAPH <{graph}>")
        client.update(f"DROP SILENT GRAPH <{self.graph}>" if self.graph else "DROP SILENT DEFAULT")
        return client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def oxigraph_server(folder: Path, *options: str) -> Iterator[Server]:
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    if program is None:
        pytest.skip("the Oxigraph server is not installed (pip install oxigraph)")
    port = free_port()
    command = [program, "serve", "--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, f"http://127.0.0.1:{port}/query?query=ASK%7B%7D"):
        yield Server("oxigraph", f"http://127.0.0.1:{port}/query", "", {})


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Server]:
    program, sql = shutil.which("virtuoso-t"), shutil.which("isql-vt") or shutil.which("isql-v")
    if program is None or sql is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    home = folder / "virtuoso"
    home.mkdir()
    port, sql_port = free_port(), free_port()
    ini = home / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=home, port=port, sql_port=sql_port))
    with _running([program, "+configfile", str(ini), "+foreground"], f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D"):
        command = [sql, f"127.0.0.1:{sql_port}", "dba", "dba", "ERRORS=STDOUT"]
        subprocess.run(command, input=_VIRTUOSO_USER, text=True, check=True, capture_output=True, timeout=60)
        who = {"LOD_STORE_USER": "loader", "LOD_STORE_PASSWORD": "secret"}
        yield Server("virtuoso", f"http://127.0.0.1:{port}/sparql", GRAPH, who, folder=home, sql=tuple(command))


@contextmanager
def signed_server(folder: Path) -> Iterator[Server]:
    """A stand-in for Neptune: no default graph of its own, requests signed, and an address that does not tell."""
    pytest.importorskip("botocore", reason="botocore is not installed (pip install 'lod[neptune]')")
    with pytest.MonkeyPatch.context() as patch, oxigraph_server(folder, "--union-default-graph") as behind:
        patch.setenv("AWS_ACCESS_KEY_ID", KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_REGION", "eu-west-1")
        with gate(urlsplit(behind.query).port, "eu-west-1") as port:
            where = {"AWS_REGION": "eu-west-1"}
            yield Server("signed", f"http://127.0.0.1:{port}/sparql", GRAPH, where, engine="neptune")


SERVERS = {"oxigraph": oxigraph_server, "virtuoso": virtuoso_server, "signed": signed_server}


@contextmanager
def _running(command: list[str], address: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(address, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_TIME_LIMIT_S
    while True:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            assert process.poll() is None, f"the server ended with {process.returncode}"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)
