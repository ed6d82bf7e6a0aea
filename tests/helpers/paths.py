"""Folders that tests read: the checkout, the fixtures in it, and the real records that may lie beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "data"
SHARED_FOLDER = ROOT.parent / "shared"
