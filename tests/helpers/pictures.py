"""Pictures of pages for the documents: `python -m tests.helpers.pictures FOLDER` follows the first hour, and takes each where it stands.

Needs Chromium and pngquant. What is in FOLDER replaces `docs/pictures`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.helpers.paths import ROOT
from tests.helpers.tutorials import SERVED, Tutorial

DOCUMENT = ROOT / "docs" / "first-hour.md"
ADDRESSES = {
    "start-page": f"http://{SERVED}/",
    "item-page": f"http://{SERVED}/page/item/doi/10.5555/tides",
    "report": "report.html",
}
"""What each picture of the document shows: an address of the site, or a file of the reader."""

_PICTURE = re.compile(r"^!\[[^]]+\]\(pictures/([\w-]+)\.png\)$", re.MULTILINE)
_SIZE = "1000,760"
_COLOURS = 64


def take_pictures(folder: Path) -> list[Path]:
    """Do what the document says in a folder of its own, and write a picture where it shows one; return their paths."""
    taken = []
    with tempfile.TemporaryDirectory() as name, Tutorial() as reader:
        os.chdir(name)
        parts = _PICTURE.split(DOCUMENT.read_text(encoding="utf-8"))
        for text, picture in zip(parts[::2], [*parts[1::2], ""], strict=True):
            part = Path(name, "part.md")
            part.write_text(text, encoding="utf-8")
            reader.follow(part)
            if picture:
                taken.append(_take(ADDRESSES[picture], reader.address, folder / f"{picture}.png"))
        os.chdir(ROOT)
    return taken


def _take(address: str, served: str, path: Path) -> Path:
    url = address if address.startswith("http:") else Path(address).resolve().as_uri()
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                *("--hide-scrollbars", f"--window-size={_SIZE}", f"--user-data-dir={profile}"),
                *(f"--host-resolver-rules=MAP {SERVED} {served}", f"--screenshot={path}", url),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    # Text and a few flat colours: a palette makes the file a third as large.
    subprocess.run(
        ["pngquant", "--force", "--strip", "--speed=1", f"--output={path}", str(_COLOURS), "--", str(path)],
        check=True,
        timeout=60,
    )
    return path


if __name__ == "__main__":
    for picture_path in take_pictures(Path(sys.argv[1]).resolve()):
        print(picture_path, picture_path.stat().st_size)
