"""Colours of a site: contrast as WCAG 2.2 has it, and the nearest colour that can be read on the backgrounds of pages."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable

LIGHT = ("#ffffff", "#f3f5f7")
"""Backgrounds of pages, as the style sheet has them."""
DARK = ("#14181c", "#1e242a")
"""The same in dark mode."""
LEAST_CONTRAST = 4.5
"""Contrast of text. Source: WCAG 2.2, 1.4.3."""

_STEPS = 1_000


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ("#rrggbb"), 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, backgrounds: Iterable[str]) -> float:
    """Return the contrast of a colour with the background on which it is worst to read."""
    return min(contrast(colour, background) for background in backgrounds)


def nearest_that_passes(colour: str, backgrounds: tuple[str, ...]) -> str:
    """Return the colour of the same hue, as near in lightness as may be, that can be read on some backgrounds; itself if it can."""
    if least_contrast(colour, backgrounds) >= LEAST_CONTRAST:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    # Away from the backgrounds: darker on light ones, lighter on dark ones.
    end = 0.0 if _luminance(backgrounds[0]) > 0.5 else 1.0
    for step in range(1, _STEPS + 1):
        shade = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / _STEPS, saturation)
        found = "#" + "".join(f"{round(part * 255):02x}" for part in shade)
        if least_contrast(found, backgrounds) >= LEAST_CONTRAST:
            return found
    return "#000000" if end == 0.0 else "#ffffff"


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Return the relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
