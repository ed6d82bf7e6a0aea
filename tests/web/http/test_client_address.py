"""Who asks: the address of the client, or that it is not known."""

import pytest

from lod.web.http.client_address import client_address, client_of


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        pytest.param({"REMOTE_ADDR": "127.0.0.1"}, "127.0.0.1", id="this machine"),
        pytest.param({"REMOTE_ADDR": "192.0.2.7"}, "192.0.2.7", id="a client"),
        pytest.param({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "unknown", id="a proxy here"),
        pytest.param({"REMOTE_ADDR": "::ffff:127.0.0.1", "HTTP_FORWARDED": "for=::1"}, "unknown", id="RFC 7239"),
        pytest.param(
            {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, "unknown", id="a proxy at a Unix socket"
        ),
        pytest.param(
            {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
            "192.0.2.7",
            id="a client that claims more",
        ),
        pytest.param({"REMOTE_ADDR": ""}, "", id="none"),
        pytest.param({}, "", id="not told"),
    ],
)
def test_what_is_forwarded_from_this_machine_is_not_asked_by_it(environ, address):
    assert client_address(environ) == address


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("127.0.0.5", None),
        ("::1", None),
        ("fe80::1%eth0", "fe80::/64"),
        ("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("", None),
        (None, None),
    ],
)
def test_what_counts_as_one_client(address, client):
    assert client_of(address) == client
