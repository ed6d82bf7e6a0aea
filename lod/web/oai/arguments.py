"""Arguments of OAI-PMH requests: which verb takes which, and the errors of the protocol. Source: OAI-PMH 2.0, sections 3.6 and 4."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lod.errors import LodError

_UNRESERVED = r"[A-Za-z0-9\-_.!~*'()]++"
_FORMS = {
    "metadataPrefix": re.compile(_UNRESERVED),
    "set": re.compile(rf"{_UNRESERVED}(?::{_UNRESERVED})*+"),
    "identifier": re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,63}:[^\s<>\"{}|\\^`]++"),
}
"""Forms of arguments that the schema of responses has: the response to any other could not repeat it."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class OaiError(LodError):
    """An error that the protocol has a code for; the response is 200 and says it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verb:
    """The arguments of a verb: those that it needs, those that it may have, and whether a resumption token represents all."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    resumes: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All its arguments."""
        return (*self.required, *self.optional, *(("resumptionToken",) if self.resumes else ()))


_LIST = Verb(("metadataPrefix",), ("from", "until", "set"), resumes=True)

VERBS = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=("identifier",)),
    "ListSets": Verb(resumes=True),
    "GetRecord": Verb(("identifier", "metadataPrefix")),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}


def read_arguments(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the arguments of a request, the verb among them.

    Raises:
        OaiError: badVerb or badArgument.
    """
    found: dict[str, str] = {}
    repeated = ""
    for name, value in pairs:
        repeated = name if name in found else repeated
        found[name] = value
    verb = found.get("verb", "")
    if verb not in VERBS or repeated == "verb":
        wrong = (
            "there are several verbs"
            if repeated == "verb"
            else f"there is no verb {verb!r}"
            if verb
            else "there is no verb"
        )
        raise OaiError("badVerb", f"{wrong}; a request has one of {', '.join(VERBS)}")
    if repeated:
        raise OaiError("badArgument", f"the argument {repeated!r} is given more than once")
    rules, names = VERBS[verb], found.keys() - {"verb"}
    unknown = sorted(names - set(rules.names))
    if unknown:
        known = ", ".join(rules.names) or "none"
        raise OaiError("badArgument", f"{verb} takes no argument {unknown[0]!r}; it takes: {known}")
    for name, form in _FORMS.items():
        if name in names and not form.fullmatch(found[name]):
            raise OaiError("badArgument", f"{name}={found[name]!r} does not have the form that the protocol gives it")
    if "resumptionToken" in names:
        if len(names) > 1:
            raise OaiError("badArgument", "a resumptionToken comes alone: it holds all other arguments")
        return found
    missing = [name for name in rules.required if name not in names]
    if missing:
        raise OaiError("badArgument", f"{verb} needs the argument {missing[0]!r}")
    return found


def read_span(arguments: dict[str, str]) -> tuple[str, str]:
    """Return the moments of from and until, both included, "" for an open end; a day is all of its seconds.

    Raises:
        OaiError: badArgument.
    """
    since, until = arguments.get("from", ""), arguments.get("until", "")
    for name, text in (("from", since), ("until", until)):
        if name in arguments and not _is_moment(text):
            raise OaiError("badArgument", f"{name}={text!r} is no moment of the form 2026-11-30T12:00:00Z, and no day")
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", "from and until are of one granularity: either days or moments with seconds")
    if since and until and since > until:
        raise OaiError("badArgument", f"from ({since}) is later than until ({until})")
    return (f"{since}T00:00:00Z" if len(since) == 10 else since), (f"{until}T23:59:59Z" if len(until) == 10 else until)


def is_second(text: str) -> bool:
    """Return whether a text is a moment with its second, as the provider writes moments."""
    return _SECOND.fullmatch(text) is not None and _is_moment(text)


def _is_moment(text: str) -> bool:
    if not (_DAY.fullmatch(text) or _SECOND.fullmatch(text)):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
