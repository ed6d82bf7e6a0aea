"""What a site's folder has for its pages, read once when the server starts: the logo and the folder of templates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lod.errors import ConfigError
from lod.settings.colours import DARK, nearest_that_passes
from lod.settings.table import SETTINGS_FILE, Settings
from lod.web.appearance.templates import template_faults

TEMPLATES = "templates"
"""Folder of a site's own face: its templates, its logo, its style sheet."""
STYLE = "site.css"
LOGO_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
}
_MOST_LOGO_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo: its name in addresses, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Appearance:
    """A site's own face. `digest` changes with every file of it, "" where there is none; `style` is CSS, "" for our colours."""

    logo: Logo | None = None
    templates: Path | None = None
    style: str = ""
    digest: str = ""


def read_appearance(settings: Settings, folder: Path) -> Appearance:
    """Return the face of the site in a folder.

    Raises:
        ConfigError: with every fault of logo and templates.
    """
    if faults := [*appearance_faults(settings, folder)]:
        raise ConfigError(faults)
    templates = folder / TEMPLATES
    files = sorted(found for found in templates.rglob("*") if found.is_file())
    if not files:
        return Appearance(style=accent_style(settings))
    digest = hashlib.sha256()
    for content in (found.read_bytes() for found in files):
        digest.update(len(content).to_bytes(8, "big") + content)
    ending = settings.logo.rpartition(".")[2].lower()
    logo = Logo(f"logo.{ending}", LOGO_TYPES[ending], (templates / settings.logo).read_bytes()) if ending else None
    own = templates / STYLE
    style = accent_style(settings) + (own.read_text(encoding="utf-8") if own.is_file() else "")
    return Appearance(logo, templates, style, digest.hexdigest())


def appearance_faults(settings: Settings, folder: Path) -> Iterator[str]:
    """Yield what is wrong with the logo and the templates of the site in a folder."""
    yield from _logo_faults(settings, folder)
    yield from template_faults(folder / TEMPLATES, ("." + ending for ending in (*LOGO_TYPES, "css")))


def accent_style(settings: Settings) -> str:
    """Return the style sheet of the accent colour, "" where there is none."""
    light = settings.accent_colour
    if not light:
        return ""
    dark = settings.accent_colour_dark or nearest_that_passes(light, DARK)
    return f":root{{--link:{light}}}@media(prefers-color-scheme:dark){{:root{{--link:{dark}}}}}\n"


def _logo_faults(settings: Settings, folder: Path) -> Iterator[str]:
    if not settings.logo:
        return
    path, subject = folder / TEMPLATES / settings.logo, f"{folder / SETTINGS_FILE}: 'logo' is {settings.logo!r}"
    if settings.logo.rpartition(".")[2].lower() not in LOGO_TYPES:
        yield f"{subject}; it takes a file that ends with one of {', '.join(LOGO_TYPES)}"
    elif "/" in settings.logo or not path.is_file():
        yield f"{subject}; there is no such file in {folder / TEMPLATES}"
    elif path.stat().st_size > _MOST_LOGO_BYTES:
        yield f"{subject}, of {path.stat().st_size:,} bytes; every page loads it, so it may have {_MOST_LOGO_BYTES:,} at most"
