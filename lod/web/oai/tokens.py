"""Resumption tokens: a list is resumed from what its token says; nothing is kept here (docs/adr/0054).

A token names the generation that the list began with, so that a list ends with the state that it began with, whatever is
published meanwhile. It lasts as long as that generation is kept.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import astuple, dataclass, fields

from lod.web.oai.arguments import OaiError, is_second

_LONGEST = 4_096
_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on.

    Attributes:
        live, is_rolled_back: the timeline of the generation as it was when the list began (`Timeline.of`).
        after_publication, after_id: the last item that was sent.
        cursor, size: how many items were sent, and how many the list has.
    """

    verb: str
    prefix: str
    set_spec: str
    since: str
    until: str
    generation: str
    live: str
    is_rolled_back: bool
    after_publication: int = 0
    after_id: int = 0
    cursor: int = 0
    size: int = 0

    def encode(self) -> str:
        """Return the token as text without characters that an address would have to escape."""
        text = json.dumps(astuple(self), separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, verb: str) -> Token:
        """Return the token that was encoded for a verb.

        Raises:
            OaiError: badResumptionToken.
        """
        try:
            parts = json.loads(base64.b64decode(text[:_LONGEST] + "=" * (-len(text) % 4), b"-_", validate=True))
            # A string annotation each: "str", "int" or "bool".
            kinds = [field.type for field in fields(cls)]
            if [type(part).__name__ for part in parts] != kinds or parts[0] != verb:
                raise ValueError(text)
            token = cls(*parts)
            if not token._is_possible():
                raise ValueError(text)
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise OaiError("badResumptionToken", f"this is no resumptionToken that {verb} has given here") from None
        return token

    def _is_possible(self) -> bool:
        """Return whether moments are moments, and numbers such as a database has."""
        spans = (moment for moment in (self.since, self.until) if moment)
        numbers = (self.after_publication, self.after_id, self.cursor, self.size)
        return (
            all(map(is_second, (self.live, *spans)))
            and all(0 <= number <= _LARGEST for number in numbers)
            # Half of a surrogate pair is a text of JSON, and none of XML.
            and "".join((self.prefix, self.set_spec, self.generation)).isprintable()
        )
