"""Event loop: connections that are open and idle are not asked at every turn, and none is forgotten."""

import socket
import time
from contextlib import closing

import pytest
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from lod.web.server.event_loop import Sockets


def app(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def sockets():
    sockets = Sockets()
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=1, channel_timeout=1, cleanup_interval=0)
    sockets.port = server.effective_port
    yield sockets
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets, ignore_all=True)


def turn_until(sockets, holds):
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        sockets.turn(0.05)


def connections(sockets):
    return [part for part in sockets.values() if isinstance(part, HTTPChannel)]


def test_an_idle_connection_is_not_asked_at_every_turn(sockets, monkeypatch):
    asked = []
    readable = HTTPChannel.readable
    monkeypatch.setattr(HTTPChannel, "readable", lambda self: asked.append(self) or readable(self))
    clients = [socket.create_connection(("127.0.0.1", sockets.port), timeout=20) for _ in range(20)]
    turn_until(sockets, lambda: len(connections(sockets)) == 20)
    sockets.turn(0)
    sockets._look_at_all = time.monotonic() + 60
    asked.clear()
    for client in clients[:3]:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        client.setblocking(False)
        turn_until(sockets, lambda client=client: is_answered(client))
    assert 0 < len({id(part) for part in asked}) <= 3
    clients.pop().close()
    turn_until(sockets, lambda: len(connections(sockets)) == 19)
    for client in clients:
        client.close()
    turn_until(sockets, lambda: not connections(sockets))


def is_answered(client):
    try:
        return client.recv(1_000).endswith(b"\r\n\r\nok")
    except BlockingIOError:
        return False


def test_a_connection_that_stays_silent_is_closed(sockets):
    with closing(socket.create_connection(("127.0.0.1", sockets.port), timeout=20)) as client:
        turn_until(sockets, lambda: connections(sockets))
        turn_until(sockets, lambda: not connections(sockets))
        assert client.recv(1) == b""
