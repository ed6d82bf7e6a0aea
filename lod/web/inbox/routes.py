"""/inbox: takes the announcements of services that the site knows, and lists what it has taken.

Source: W3C Linked Data Notifications (2017), sections 3.2 and 3.3; COAR Notify Protocol 1.0.1.
"""

from __future__ import annotations

import errno
import json
import logging
import re
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from lod.disk.atomic import make_folder, write_atomically
from lod.errors import BadValueError
from lod.links.announcements import INBOX, Announcement, kept_announcement, read_announcement
from lod.links.judge import Here
from lod.links.site import LINKS
from lod.privacy import holds_address
from lod.web.http.client_address import client_address
from lod.web.http.error_responses import error_response
from lod.web.service import Service, current_service
from lod.web.view import live_view

blueprint = Blueprint("inbox", __name__)

PATH = "inbox"
LDP = "http://www.w3.org/ns/ldp#"
MOST_BYTES, MOST_KEPT = 65_536, 100_000
_MEDIA_TYPES = ("application/ld+json", "application/json", "application/activity+json")
_KEY = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


@blueprint.post(f"/{PATH}")
def receive() -> Response:
    """Take a notification: 201 with its address, 202 where it was taken before; what cannot be taken says why."""
    service = current_service()
    if request.mimetype not in _MEDIA_TYPES:
        return error_response(415, "A notification is application/ld+json.", headers={"Accept-Post": _MEDIA_TYPES[0]})
    body = request.get_data(cache=False) if (request.content_length or 0) <= MOST_BYTES else b""
    if not body or len(body) > MOST_BYTES:
        return error_response(413 if request.content_length else 400, f"A notification has 1 to {MOST_BYTES:,} bytes.")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return error_response(400, "The notification is no JSON.")
    index = live_view().reader.search
    if index is None:
        return error_response(503, "The inbox needs the search index, which the next publication makes.")
    here = Here(service.addresses.base, index, lambda iri: None)

    def is_here(name: str) -> bool:
        return bool(here.found([name])[name])

    try:
        announcement = read_announcement(
            document, service.vocabulary.expand("rt:endorsedBy"), datetime.now(UTC).date().isoformat(), is_here
        )
    except BadValueError as fault:
        return error_response(422, str(fault))
    if not _is_known_sender(service, announcement):
        return error_response(
            403,
            f"{announcement.origin} is not among the services that this inbox takes notifications from at this address.",
        )
    if holds_address(announcement.to_json()) and not service.settings.publish_email_addresses:
        return error_response(422, "The notification holds an e-mail address, which this site does not publish.")
    if not is_here(announcement.subject) and not is_here(announcement.object):
        return error_response(422, f"Neither {announcement.subject} nor {announcement.object} is published here.")
    return _keep(service, announcement)


@blueprint.get(f"/{PATH}")
def contents() -> Response:
    """List what has been taken."""
    base = current_service().addresses.base
    kept = [f"{base}{PATH}/{path.stem}" for path in sorted(_folder().glob("*.json"))]
    return _json({"@context": LDP.rstrip("#"), "@id": f"{base}{PATH}", "@type": "ldp:Container", "contains": kept})


@blueprint.get(f"/{PATH}/<key>")
def notification(key: str) -> Response:
    """Show one announcement, as it is kept."""
    path = _folder() / f"{key}.json"
    found = kept_announcement(path) if _KEY.fullmatch(key) and path.is_file() else None
    if found is None:
        return error_response(404, "No such notification has been taken.")
    return _json(_written(found, current_service()))


def _is_known_sender(service: Service, announcement: Announcement) -> bool:
    """Return whether the origin is in the list of senders, and the client at one of the addresses beside it."""
    try:
        client = ip_address(client_address(request.environ))
    except ValueError:
        return False
    rows = (row.split() for row in service.settings.inbox_senders)
    return any(
        client in ip_network(network, strict=False)
        for origin, *networks in rows
        if announcement.origin.rstrip("/") == origin.rstrip("/")
        for network in networks
    )


def _keep(service: Service, announcement: Announcement) -> Response:
    folder = _folder()
    path = folder / f"{announcement.key}.json"
    location = {"Location": f"{service.addresses.base}{PATH}/{announcement.key}"}
    try:
        if path.exists():
            return Response(status=202, headers=location)
        if folder.is_dir() and sum(1 for _ in folder.iterdir()) >= MOST_KEPT:
            return error_response(507, f"The inbox holds {MOST_KEPT:,} notifications, and takes no more.")
        make_folder(folder)
        write_atomically(path, announcement.to_json())
    except OSError as fault:
        _log.error("The inbox %s cannot be written: %s", folder, errno.errorcode.get(fault.errno or 0, fault))
        return error_response(503, "The inbox cannot be written; try again later.", headers={"Retry-After": "3600"})
    return Response(status=201, headers=location)


def _folder() -> Path:
    return live_view().reader.generation.directory.parent.parent / LINKS / INBOX


def _written(announcement: Announcement, service: Service) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://coar-notify.net"],
        "id": announcement.id,
        "type": ["Announce", f"coar-notify:{announcement.kind.capitalize()}Action"],
        "origin": {"id": announcement.origin, "inbox": announcement.inbox, "type": "Service"},
        "target": {"id": service.addresses.base, "inbox": f"{service.addresses.base}{PATH}", "type": "Service"},
        "object": {
            "id": announcement.id + "#object",
            "type": "Relationship",
            "as:subject": announcement.subject,
            "as:relationship": announcement.relation,
            "as:object": announcement.object,
        }
        if announcement.kind == "relationship"
        else {"id": announcement.object},
        **({} if announcement.kind == "relationship" else {"context": {"id": announcement.subject}}),
        "published": announcement.date,
    }


def _json(content: dict[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(f"{text}\n", content_type="application/ld+json", headers={"Accept-Post": ", ".join(_MEDIA_TYPES)})
