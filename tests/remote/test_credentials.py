"""Who we are to a store: tokens, users and AWS signatures, which are checked here by the specification."""

from __future__ import annotations

from contextlib import closing

import pytest

from lod.http.retry import Retry
from lod.remote.credentials import StoreCredentials, store_credentials
from lod.remote.sparql_client import RemoteStoreError, SparqlClient
from tests.helpers.signed import KEY, SECRET, gate, signature

ONCE = Retry(tries=1)


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """An environment in which botocore finds no credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return monkeypatch


def client_of(port, region="eu-west-1", **credentials):
    who = StoreCredentials(service="neptune-db", region=region, **credentials)
    return closing(SparqlClient(f"http://127.0.0.1:{port}/sparql", who, silent_s=5, retry=ONCE))


def test_the_check_of_signatures_agrees_with_the_vector_that_aws_published():
    headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
    said = signature("GET", "/", headers, "host;x-amz-date", b"", "20150830/us-east-1/service/aws4_request")
    assert said == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"


@pytest.mark.parametrize(
    ("address", "engine", "environment", "service", "region"),
    [
        ("https://db.cluster-c0.eu-west-1.neptune.amazonaws.com:8182/sparql", "", {}, "neptune-db", "eu-west-1"),
        ("https://db.cn-north-1.neptune.amazonaws.com.cn:8182/sparql", "", {"AWS_REGION": "x"}, "neptune-db", "cn-north-1"),
        ("https://127.0.0.1:8182/sparql", "neptune", {"AWS_DEFAULT_REGION": "us-east-2"}, "neptune-db", "us-east-2"),
        ("https://127.0.0.1:8182/sparql", "", {"AWS_REGION": "us-east-2"}, "", ""),
    ],
)  # fmt: skip
def test_only_requests_to_neptune_are_signed_for_the_region_of_the_cluster(
    address, engine, environment, service, region
):
    who = store_credentials(environment, address, engine)
    assert (who.service, who.region) == (service, region)


def test_without_credentials_the_refusal_says_what_to_install_and_to_set(nobody):
    with gate(9, "eu-west-1") as port, client_of(port) as client, pytest.raises(RemoteStoreError) as raised:
        client.ask("ASK {}")
    assert raised.value.status == 403
    assert "Missing Authentication Token" in str(raised.value)
    assert "install 'lod[neptune]', and let the AWS credentials of the environment" in str(raised.value)


@pytest.mark.parametrize("wrong", ["secret", "region"])
def test_a_wrong_signature_is_refused(nobody, wrong):
    pytest.importorskip("botocore")
    nobody.setenv("AWS_ACCESS_KEY_ID", KEY)
    nobody.setenv("AWS_SECRET_ACCESS_KEY", "other" if wrong == "secret" else SECRET)
    region = "us-east-1" if wrong == "region" else "eu-west-1"
    with gate(9, "eu-west-1") as port, client_of(port, region) as client, pytest.raises(RemoteStoreError) as raised:
        client.ask("ASK {}")
    assert "wrong signature" in str(raised.value)


def test_credentials_of_a_role_bring_their_session_token_and_every_attempt_is_signed(nobody):
    pytest.importorskip("botocore")
    import httpx2

    for name, value in (("ACCESS_KEY_ID", KEY), ("SECRET_ACCESS_KEY", SECRET), ("SESSION_TOKEN", "session")):
        nobody.setenv(f"AWS_{name}", value)
    auth = StoreCredentials(service="neptune-db", region="eu-west-1").auth()
    asked = httpx2.Request("POST", "https://h:8182/sparql/gsp/?graph=https://h/a%20b", content=b"x")
    request = next(auth.sync_auth_flow(asked))
    names = "host;x-amz-date;x-amz-security-token"
    headers = {name.lower(): value for name, value in request.headers.items()}
    scope = f"{headers['x-amz-date'][:8]}/eu-west-1/neptune-db/aws4_request"
    said = signature("POST", "/sparql/gsp/?graph=https%3A%2F%2Fh%2Fa%20b", headers, names, b"x", scope)
    assert headers["x-amz-security-token"] == "session"
    assert headers["authorization"].endswith(f"SignedHeaders={names}, Signature={said}")


def test_a_token_or_a_user_goes_before_a_signature(nobody):
    assert type(StoreCredentials(token="t", service="neptune-db", region="x").auth()).__name__ == "FunctionAuth"
    assert type(StoreCredentials(user="u", service="neptune-db", region="x").auth()).__name__ == "_AsChallenged"
    assert StoreCredentials().auth() is None
