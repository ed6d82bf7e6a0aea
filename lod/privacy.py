"""E-mail addresses in texts: found and masked before anything is published."""

from __future__ import annotations

import re

MASK = "[e-mail address withheld]"

# The bounds keep a long run of letters from costing its square.
_ADDRESS = re.compile(
    r"(?:mailto:)?[\w.%+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}",
    re.IGNORECASE,
)
_SIGN = re.compile(r"@|[(\[]at[)\]]", re.IGNORECASE)


def holds_address(text: str) -> bool:
    """Tell whether a text holds an e-mail address."""
    return _SIGN.search(text) is not None and _ADDRESS.search(text) is not None


def mask_addresses(text: str) -> str:
    """Return the text with each e-mail address replaced by `MASK`."""
    return _ADDRESS.sub(MASK, text) if _SIGN.search(text) else text
