"""Who we are to a store at an address: what the environment says, and how a request tells it.

Source: RFC 7616 (Digest), RFC 7617 (Basic), RFC 6750 (Bearer); AWS Signature Version 4 as botocore has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from lod.remote.engines import Engine, engine_of

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to a store; "" for nobody.

    A token is sent as it is, user and password as the store asks for them. Without either, requests to an AWS `service` are
    signed with what botocore finds (AWS_ACCESS_KEY_ID, AWS_PROFILE, the role of the machine), if it finds any.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    service: str = ""
    region: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], address: str = "", engine: str = "") -> Self:
        """Take LOD_STORE_USER and LOD_STORE_PASSWORD, or LOD_STORE_TOKEN.

        Query address and named engine of the store tell whether it is an AWS service. Its region stands in the address; of
        another one, of a tunnel say, in AWS_REGION or AWS_DEFAULT_REGION.
        """
        names = ("LOD_STORE_USER", "LOD_STORE_PASSWORD", "LOD_STORE_TOKEN")
        found = engine_of({}, address, engine)
        region = _region(found, address) or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
        user, password, token = (environment.get(name, "") for name in names)
        return cls(user, password, token, found.service, region if found.service else "")

    @property
    def way_out(self) -> str:
        """What to do where a store refuses."""
        if self.service:
            return (
                "for a cluster with IAM authentication install 'lod[neptune]', and let the AWS credentials of the environment "
                f"(AWS_PROFILE, AWS_ACCESS_KEY_ID …) read and write {self.service} in region {self.region or 'AWS_REGION'}"
            )
        return "set LOD_STORE_USER and LOD_STORE_PASSWORD, or LOD_STORE_TOKEN, and let that user write"

    def auth(self) -> httpx2.Auth | None:
        """Return what gives every request our name, None for nobody."""
        if self.token:
            return _bearer(self.token)
        if self.user:
            return _as_challenged(self.user, self.password)
        return _signed(self.service, self.region) if self.service and self.region else None


def _region(engine: Engine, address: str) -> str:
    found = engine.address.search(address)
    return found["region"] if found and engine.service else ""


def _bearer(token: str) -> httpx2.Auth:
    import httpx2

    class _Bearer(httpx2.Auth):
        def auth_flow(self, request: httpx2.Request) -> Any:
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    return _Bearer()


def _as_challenged(user: str, password: str) -> httpx2.Auth:
    """Return what answers a store's challenge: by Digest or Basic, as it says."""
    import httpx2

    class _AsChallenged(httpx2.Auth):
        def __init__(self) -> None:
            self._known: httpx2.Auth | None = None

        def auth_flow(self, request: httpx2.Request) -> Any:
            if self._known is None:
                answer = yield request
                if answer.status_code != 401:
                    return
                is_digest = "digest" in answer.headers.get("WWW-Authenticate", "").lower()
                kind = httpx2.DigestAuth if is_digest else httpx2.BasicAuth
                self._known = kind(user, password)
            yield from self._known.auth_flow(request)

    return _AsChallenged()


def _signed(service: str, region: str) -> httpx2.Auth | None:
    """Return what signs requests; None where botocore is not installed, or finds no credentials."""
    import httpx2

    try:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.session import Session
    except ImportError:
        return None
    found = Session().get_credentials()
    if found is None:
        return None

    class _Signed(httpx2.Auth):
        requires_request_body = True

        def auth_flow(self, request: httpx2.Request) -> Any:
            # Given apart, parameters are encoded as the signature wants them.
            parameters = list(request.url.params.multi_items())
            address = str(request.url.copy_with(query=None))
            host = {"Host": request.headers["Host"]}
            signed = AWSRequest(request.method, address, headers=host, data=request.content, params=parameters)
            # Credentials of a role expire, and are renewed when they are asked for.
            SigV4Auth(found.get_frozen_credentials(), service, region).add_auth(signed)
            request.headers.update(dict(signed.headers.items()))
            yield request

    return _Signed()
