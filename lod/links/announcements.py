"""Announcements that the inbox has taken: a review, an endorsement or a related work of something that is published here.

Source: COAR Notify Protocol 1.0.1, patterns Announce Review, Announce Endorsement and Announce Relationship; ActivityStreams 2.0.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lod.errors import BadValueError
from lod.links.link import EXACT, EXACT_MATCH, LINE, LinkSet, Stated, StatedLink, finding
from lod.rdf.claims import checked_iri

INBOX = "inbox"
"""The folder in `links/`."""
LONGEST_ID = 2_000
_ACTIVITIES, _NOTIFY = (
    "https://www.w3.org/ns/activitystreams",
    ("https://coar-notify.net", "https://purl.org/coar/notify"),
)
_CITO, _DCTERMS, _FRBR = "http://purl.org/spar/cito/", "http://purl.org/dc/terms/", "http://purl.org/vocab/frbr/core#"
REVIEWED, RELATED = f"{_CITO}isReviewedBy", f"{_DCTERMS}relation"
KINDS = {
    "reviewaction": "review",
    "endorsementaction": "endorsement",
    "relationshipaction": "relationship",
}
"""Second types of an announcement, without prefix, in lower case, and what they announce."""

_PAIRS = (
    *((f"{_DCTERMS}{one}", f"{_DCTERMS}{other}") for one, other in (
        ("hasPart", "isPartOf"), ("hasVersion", "isVersionOf"), ("hasFormat", "isFormatOf"),
        ("references", "isReferencedBy"), ("replaces", "isReplacedBy"), ("requires", "isRequiredBy"),
    )),
    *((f"{_CITO}{one}", f"{_CITO}{other}") for one, other in (("cites", "isCitedBy"), ("reviews", "isReviewedBy"))),
    (f"{_FRBR}supplement", f"{_FRBR}supplementOf"),
)  # fmt: skip
_INVERSE = {RELATED: RELATED, **dict(_PAIRS), **{other: one for one, other in _PAIRS}}
_IDENTITY = EXACT | {EXACT_MATCH}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an announcement says, as it is kept.

    Attributes:
        id: of the notification.
        kind: "review", "endorsement" or "relationship".
        origin, inbox: of the service that sends it; name: of the service, or of who acts, "" for none.
        subject, relation, object: IRIs of a triple; for a review or an endorsement the subject is what is published here.
        date: when it was sent, or else taken, ISO 8601.
    """

    id: str
    kind: str
    origin: str
    inbox: str
    name: str
    subject: str
    relation: str
    object: str
    date: str

    @property
    def key(self) -> str:
        """The name of its file: a hash of its id."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:32]

    def to_json(self) -> str:
        """Return what is kept in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def read_announcement(document: Any, endorsed_by: str, today: str, is_here: Callable[[str], bool]) -> Announcement:
    """Return what a notification announces.

    Args:
        document: the JSON of the notification, in the compact form of the protocol.
        endorsed_by: IRI of the relation of an endorsement, a local term.
        today: the day, for notifications that have none.
        is_here: whether an IRI names something that is published here: of what is reviewed, the address or the persistent identifier.

    Raises:
        BadValueError: it is no announcement of these patterns; the message says what is wrong.
    """
    if not isinstance(document, Mapping):
        raise BadValueError("A notification is a JSON object.")
    _check_context(document.get("@context"))
    kind = _kind(document)
    origin, target = (_party(document, name) for name in ("origin", "target"))
    if not target["inbox"]:
        raise BadValueError("The target has no inbox.")
    object_ = document.get("object")
    if not isinstance(object_, Mapping):
        raise BadValueError("The notification has no object.")
    if kind == "relationship":
        subject, relation, other = _relationship(object_)
    else:
        subject = _reviewed(document.get("context"), is_here)
        relation = REVIEWED if kind == "review" else endorsed_by
        other = _iri(object_.get("ietf:cite-as") or object_.get("id"), "object.id")
    actor = document.get("actor")
    names = (party.get("name") for party in (actor, document["origin"]) if isinstance(party, Mapping))
    stated = document.get("published", document.get("updated", ""))
    return Announcement(
        _id(document.get("id")),
        kind,
        origin["id"],
        origin["inbox"],
        next((name.strip()[:200] for name in names if isinstance(name, str) and name.strip()), ""),
        subject,
        relation,
        other,
        stated[:10] if isinstance(stated, str) and _DAY.match(stated) else today,
    )


def _relationship(object_: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return subject, relation and object of an announced relationship."""
    subject, relation, other = (
        _iri(object_.get(f"as:{name}", object_.get(name)), f"object.as:{name}")
        for name in ("subject", "relationship", "object")
    )
    if relation in _IDENTITY:
        raise BadValueError("That two things are one is not taken from announcements.")
    return subject, relation, other


def _reviewed(context: Any, is_here: Callable[[str], bool]) -> str:
    """Return the IRI of what a review or an endorsement is about: the one published here, else the first."""
    named = [context.get("id"), context.get("ietf:cite-as")] if isinstance(context, Mapping) else [context]
    subjects = [_iri(name, "context.id") for name in named if name is not None] or [_iri(None, "context.id")]
    return next(filter(is_here, subjects), subjects[0])


def _check_context(context: Any) -> None:
    names = [name for name in (context if isinstance(context, list) else [context]) if isinstance(name, str)]
    if _ACTIVITIES not in names or not any(name.startswith(_NOTIFY) for name in names):
        raise BadValueError(f"The @context of a notification has {_ACTIVITIES} and {_NOTIFY[0]}.")


def _kind(document: Mapping[str, Any]) -> str:
    stated = document.get("type", ())
    types = [name for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str)]
    kinds = [kind for name in types if (kind := KINDS.get(name.rpartition(":")[2].lower()))]
    if "Announce" not in types or len(kinds) != 1:
        raise BadValueError(
            "This inbox takes announcements of reviews, endorsements and relationships: the type is Announce and one of "
            "coar-notify:ReviewAction, coar-notify:EndorsementAction, coar-notify:RelationshipAction."
        )
    return kinds[0]


def _party(document: Mapping[str, Any], name: str) -> dict[str, str]:
    party = document.get(name)
    if not isinstance(party, Mapping):
        raise BadValueError(f"The notification has no {name}.")
    return {"id": _iri(party.get("id"), f"{name}.id"), "inbox": _iri(party.get("inbox"), f"{name}.inbox")}


def _id(text: Any) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ID or not re.match(r"(?:https?://|urn:)\S", text):
        raise BadValueError("The id of a notification is an IRI: urn:uuid:… or http(s).")
    return text


def _iri(text: Any, name: str) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_ID or not re.match(r"https?://[^\s/]", text):
        raise BadValueError(f"{name} is an http(s) IRI of at most {LONGEST_ID:,} characters.")
    try:
        checked_iri(text)
    except BadValueError as fault:
        raise BadValueError(f"{name} is no IRI: {fault}") from None
    return text


def announced_links(folder: Path) -> Stated:
    """Yield the links that the announcements in a folder state, and a finding for each file that holds none."""
    for path, announcement in announcements(folder):
        place = f"{INBOX}/{path.name}"
        if announcement is None:
            yield finding(LINE, "it is no announcement as the inbox keeps them; remove it", place)
        else:
            yield StatedLink(
                LinkSet(f"{INBOX}: {announcement.origin}", "COAR Notify", announcement.name),
                place,
                announcement.subject,
                announcement.object,
                announcement.relation,
                announcement.name,
                announcement.date,
                inverse=_INVERSE.get(announcement.relation, RELATED),
            )


def announcements(folder: Path) -> Iterator[tuple[Path, Announcement | None]]:
    """Yield the files of a folder, sorted, each with its announcement, or None where it holds none."""
    for path in sorted(folder.glob("*.json")):
        yield path, kept_announcement(path)


def kept_announcement(path: Path) -> Announcement | None:
    """Return the announcement in a file, None where it holds none.

    Raises:
        OSError: the file cannot be read.
    """
    names = {field.name for field in fields(Announcement)}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    is_whole = isinstance(kept, dict) and kept.keys() == names and all(isinstance(kept[name], str) for name in names)
    return Announcement(**kept) if is_whole else None
