"""Link sets: many links of many anchors in one document. Source: RFC 9264, sections 4.1 and 4.2."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lod.web.http.link_header import Link, as_uri

LinkSet = Mapping[str, Sequence[Link]]
"""Links by their anchor."""


def write_text(links: LinkSet) -> str:
    """Return application/linkset: links as in a Link header, each with its anchor, one a line."""
    lines = [f'{link}; anchor="{as_uri(anchor)}"' for anchor, found in links.items() for link in found]
    return ",\n".join(lines) + "\n"


def write_json(links: LinkSet) -> str:
    """Return application/linkset+json: the key `linkset`, one object an anchor, one array a relation."""
    contexts = []
    for anchor, found in links.items():
        context: dict[str, Any] = {"anchor": as_uri(anchor)}
        for link in found:
            context.setdefault(link.rel, []).append({"href": as_uri(link.target), **_attributes(link)})
        contexts.append(context)
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n"


def _attributes(link: Link) -> dict[str, str | list[str]]:
    # Attributes that RFC 8288 does not define are arrays (section 4.2.4.3), but readers of signposts fail where `profile` is
    # one. It is left out: the documents have a link of the relation `profile` each.
    found = {name: value for name, value in link.attributes.items() if name != "profile"}
    return {name: value if name == "type" else [value] for name, value in found.items()}


WRITERS: dict[str, Callable[[LinkSet], str]] = {"json": write_json, "txt": write_text}
