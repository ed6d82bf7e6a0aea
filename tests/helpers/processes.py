"""Processes that a test has started, as /proc shows them; none where there is no /proc."""

from pathlib import Path


def children_of(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def is_worker(pid):
    """Whether a process is a query worker that still runs."""
    try:
        return b"lod.web.evaluation.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
