"""Where guesses may stand: on the item and its own parts, never on what other records share (docs/adr/0038)."""

from __future__ import annotations

from collections.abc import Set

from lod.mapping.draft import Draft

_SHARED = "a guess, and other records share the thing that it is about; it was not stated"
_DISTRUSTED = "a guess, which was not stated"


def leave_out_guesses(draft: Draft, distrusted: Set[int]) -> None:
    """Take out the guesses about shared resources, those of distrusted values, and all where the site wants none.

    A guessed link to a shared resource goes where nothing else describes that. The values are kept verbatim.
    """
    if not draft.guessed:
        return
    own = (f"<{draft.item_iri}>", f"<{draft.item_iri}#", f"<{draft.document_iri}>", f"<{draft.document_iri}#")
    shared = f"<{draft.base}id/"
    for line in sorted(draft.guessed & draft.claims.keys()):
        if not draft.crosswalk.settings.guesses or not draft.claims[line].isdisjoint(distrusted):
            _leave_out(draft, line, _DISTRUSTED)
        elif not line.startswith(own):
            _leave_out(draft, line, _SHARED)
    described = {line.partition(" ")[0] for line in draft.claims}
    for line in sorted(draft.guessed & draft.claims.keys()):
        object_ = line.split(" ", 2)[2][:-2]
        if object_.startswith(shared) and not object_.startswith(own) and object_ not in described:
            _leave_out(draft, line, _SHARED)


def _leave_out(draft: Draft, line: str, why: str) -> None:
    draft.guessed.discard(line)
    for index in draft.claims.pop(line):
        draft.keep(index, why)
