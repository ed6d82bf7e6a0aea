"""Credentials for a remote store: user or token from the environment, or AWS signatures for Neptune.

Source: AWS Signature Version 4 as botocore has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lod.http.credentials import Credentials, from_environment
from lod.remote.engines import engine_of

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class StoreCredentials(Credentials):
    """User and password, or a token; else requests to an AWS `service` are signed.

    They are signed with what botocore finds (AWS_ACCESS_KEY_ID, AWS_PROFILE, the role of the machine), if it finds any.
    """

    service: str = ""
    region: str = ""

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
        """Return what adds the credentials to requests, None where there are none."""
        # super() without arguments does not work in a dataclass with slots.
        auth = Credentials.auth(self)
        return _signed(self.service, self.region) if auth is None and self.service and self.region else auth


def store_credentials(environment: Mapping[str, str], address: str = "", engine: str = "") -> StoreCredentials:
    """Return the credentials in LOD_STORE_USER and LOD_STORE_PASSWORD, or LOD_STORE_TOKEN.

    Query address and engine of the store say whether it is an AWS service. Its region is in the address, or else (a tunnel)
    in AWS_REGION or AWS_DEFAULT_REGION.
    """
    found = engine_of({}, address, engine)
    match = found.address.search(address) if found.service else None
    region = match["region"] if match else environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
    user = asdict(from_environment(environment, "LOD_STORE"))
    return StoreCredentials(**user, service=found.service, region=region if found.service else "")


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
