"""Threads share heaps, so that a cache which all of them fill takes its size once."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading
from pathlib import Path
from lod.memory import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
begun, done = threading.Barrier(9), threading.Barrier(9)
def fill():
    held = [bytes(2_000) for _ in range(500)]
    begun.wait(60)
    done.wait(60)
for _ in range(8):
    threading.Thread(target=fill).start()
begun.wait(60)
# Heaps beside the first are regions of 64 MiB, at a multiple of that.
lines = Path("/proc/self/maps").read_text().splitlines()
starts = (line.split() for line in lines if len(line.split()) == 5)
print(sum(int(words[0].partition("-")[0], 16) % (64 << 20) == 0 for words in starts if words[1] == "rw-p"))
done.wait(60)
"""


def heaps(how):
    run = [sys.executable, "-c", PROGRAM, how]
    return int(subprocess.run(run, capture_output=True, text=True, check=True, timeout=120).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such heaps")
def test_eight_threads_take_their_memory_from_two_heaps():
    assert heaps("shared") <= 1, "one beside the first"
    assert heaps("own") > 1, "otherwise this test shows nothing"
