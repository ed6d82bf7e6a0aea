"""Deadlines against servers that drip, fall silent, or never speak: over is over, whatever the time limits of sockets say."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from lod.http.client import Request
from lod.http.deadline import Deadline


def drip(write, text=b"x" * 400):
    for number in range(len(text)):
        write(text[number : number + 1])
        time.sleep(0.02)


def body_with_length(handler, number):
    handler.send_response(200)
    handler.send_header("Content-Length", "400")
    handler.end_headers()
    drip(handler.wfile.write)


def body_without_length(handler, number):
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    drip(handler.wfile.write)


def headers(handler, number):
    drip(handler.wfile.write, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 400)


def refusal(handler, number):
    handler.send_response(404)
    handler.send_header("Content-Length", "400")
    handler.end_headers()
    drip(handler.wfile.write)


def gzip_without_output(handler, number):
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", "400")
    handler.end_headers()
    drip(handler.wfile.write, b"\x1f\x8b\x08\x08\0\0\0\0\0\0" + b"x" * 390)


def silence(handler, number):
    """Say nothing until the client hangs up."""
    handler.connection.recv(1)


@pytest.mark.parametrize("act", [body_with_length, body_without_length, headers, gzip_without_output])
def test_a_server_that_drips_is_cut_off_when_the_time_is_over(serve, client_of, failure, act):
    server = serve(act)
    client = client_of(read_s=5, response_s=0.5)
    with pytest.raises(failure) as raised, client.stream(Request(server.url, {})) as response:
        list(response.chunks)
    assert (raised.value.fault.limit, raised.value.fault.may_pass) == ("response_s", True)
    assert str(raised.value).startswith(f"{server.url}: longer than ")
    assert server.hung_up.wait(60), "the server could write to the end"


def test_a_refusal_that_drips_is_cut_off_and_keeps_its_status(serve, client_of, failure):
    server = serve(refusal)
    client = client_of(response_s=0.5)
    with pytest.raises(failure) as raised, client.stream(Request(server.url, {})):
        pass
    assert raised.value.fault.status == 404
    assert server.hung_up.wait(60), "the server could write to the end"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up(client_of, failure, scheme):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/"
        client = client_of(read_s=5, response_s=0.5)
        with pytest.raises(failure) as raised, client.stream(Request(url, {})):
            pass
        assert raised.value.fault.limit in {"read_s", "response_s"}


def test_silence_within_the_deadline_is_told_apart(serve, client_of, failure):
    client = client_of(read_s=0.3, response_s=30)
    with pytest.raises(failure) as raised, client.stream(Request(serve(silence).url, {})):
        pass
    assert raised.value.fault.limit == "read_s"


def test_all_requests_together_have_an_end(serve, client_of, failure):
    server = serve(lambda handler, number: handler.answer(503))
    client = client_of(tries=100, total_s=1, pause_s=0.6)
    message = r"all requests take longer than 1 s; tried \d times"
    with pytest.raises(failure, match=message), client.stream(Request(server.url, {})):
        pass
    assert len(server.seen) <= 2


def test_a_socket_that_opens_after_the_end_is_shut_at_once():
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.05) as deadline:
        while not deadline.is_over:
            time.sleep(0.01)
        stream = type("Stream", (), {"get_extra_info": lambda self, name: ours})()
        deadline.trace("connection.connect_tcp.complete", {"return_value": stream})
        assert theirs.recv(1) == b""


def test_without_a_deadline_no_thread_runs():
    before = threading.active_count()
    with Deadline(float("inf")):
        assert threading.active_count() == before
    with Deadline(60):
        assert threading.active_count() == before + 1
    deadline = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
