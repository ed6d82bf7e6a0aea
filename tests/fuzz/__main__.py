"""Fuzz one target with Atheris, guided by what its code does: `python -m tests.fuzz NAME SECONDS [FOLDER]`.

FOLDER keeps what was found to be worth trying, for the next time, and inputs that fail (`crash-…`, `timeout-…`).
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["lod"]):
    from tests.fuzz.targets import TARGETS

LONGEST_S = 20
"""Longest that one input may take."""


def main(name: str, seconds: str, folder: str = "") -> None:
    """Fuzz a target; end with an error if it fails."""
    corpus = Path(folder or tempfile.mkdtemp(prefix="lod-fuzz-corpus-"))
    (corpus / "seeds").mkdir(parents=True, exist_ok=True)
    for seed in TARGETS[name].seeds():
        (corpus / "seeds" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={LONGEST_S}", "-rss_limit_mb=3000", "-max_len=60000"]
    artifacts = f"-artifact_prefix={corpus}/"
    atheris.Setup([sys.argv[0], *options, artifacts, str(corpus / "seeds")], TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
