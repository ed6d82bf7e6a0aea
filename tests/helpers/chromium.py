"""Chromium without a window, driven through a pipe by the DevTools protocol: no driver, no socket.

Source: Chrome DevTools Protocol; `--remote-debugging-pipe` reads messages from descriptor 3 and writes them to 4, each with a NUL at its end.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome")
_TIMEOUT_S = 30
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--remote-debugging-pipe",
)


_AS_3_AND_4 = """
import os, sys
ends = [os.dup(int(end)) for end in sys.argv[1:3]]
spare = [os.open(os.devnull, os.O_RDONLY) for _ in range(4)]
high = [os.dup(end) for end in ends]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Starts a program whose ends of the pipes have the numbers that it expects."""


def chromium():
    """Return the path of Chromium, None where it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browsing(folder):
    """Give a browser whose profile is in a folder; it ends with the block."""
    to_browser, our_end = os.pipe()
    our_start, from_browser = os.pipe()
    command = [sys.executable, "-c", _AS_3_AND_4, str(to_browser), str(from_browser)]
    process = subprocess.Popen(
        [*command, chromium(), *_OPTIONS, f"--user-data-dir={folder}", "about:blank"],
        pass_fds=(to_browser, from_browser),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        yield Browser(our_end, our_start)
    finally:
        process.kill()
        process.wait(timeout=_TIMEOUT_S)
        os.close(our_end)
        os.close(our_start)


class Browser:
    """One page of a browser. Every wait has a limit."""

    def __init__(self, writing, reading):
        self._writing, self._reading = writing, reading
        self._number, self._rest, self._events, self._session = 0, b"", [], None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")

    def send(self, method, **parameters):
        """Send a command and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _TIMEOUT_S
        while True:
            answer = self._next(deadline)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._events.append(answer)

    def open(self, address, width=1280, height=900, *, dark=False, media=""):
        """Open an address in a window of a size, in light or dark mode, and wait until it is loaded."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._events.clear()
        result = self.send("Page.navigate", url=address)
        assert "errorText" not in result, result
        deadline = time.monotonic() + _TIMEOUT_S
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._next(deadline))

    def evaluate(self, script):
        """Return the value of a script, of a promise what it leads to."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def press(self, key):
        """Press a key, such as Tab or Enter."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"text": "\r"} if key == "Enter" else {}
        for type_ in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=type_, key=key, code=key, windowsVirtualKeyCode=codes[key], **text)

    def screenshot(self, *, whole=True, height=None):
        """Return the page as PNG: all of it, or its first pixels."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        result = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole, clip=clip)
        return base64.b64decode(result["data"])

    def _next(self, deadline):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._reading], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            self._rest += os.read(self._reading, 1 << 20) or b""
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)
