"""A page of a real Chromium, spoken to over its own wire: for tests, measurements and pictures.

Nothing is installed for it but the browser: the protocol is JSON in frames of a web socket, and
what is needed of both fits here. Other scripts import this module from the folder it stands in.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)
_START_SECONDS: Final = 30.0


def program() -> str | None:
    """Find the browser; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Tab:
    """One page of the browser.

    `faults` has what the page complained of since the last `open`: messages of the console at the
    level of a fault, exceptions of scripts, requests that failed, and breaches of its policy.
    """

    def __init__(self, port: int) -> None:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        asked.request("PUT", "/json/new?about:blank")
        told = json.loads(asked.getresponse().read())
        asked.close()
        self.id = str(told["id"])
        self.port = port
        path = told["webSocketDebuggerUrl"].split("/", 3)[3]
        self._wire = socket.create_connection(("127.0.0.1", port), timeout=120)
        key = base64.b64encode(os.urandom(16)).decode()
        self._wire.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._read = self._wire.makefile("rb")
        while self._read.readline().strip():
            pass
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """Leave the page and the wire."""
        with contextlib.suppress(OSError):
            self._read.close()
            self._wire.close()
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked.request("GET", f"/json/close/{self.id}")
            asked.getresponse().read()
        asked.close()

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Ask the browser for something and wait for its answer."""
        self._number += 1
        self._send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            told = self._receive()
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error'].get('message')}")
                result: dict[str, Any] = told.get("result", {})
                return result
            self.events.append(told)

    def wait(self, method: str) -> None:
        """Wait until the browser has told something."""
        while not any(told.get("method") == method for told in self.events):
            self.events.append(self._receive())

    def open(self, address: str) -> None:
        """Load a page, and forget what the one before it told."""
        self.events.clear()
        found = self.call("Page.navigate", url=address)
        if found.get("errorText"):
            raise RuntimeError(f"{address}: {found['errorText']}")
        self.wait("Page.loadEventFired")

    def evaluate(self, expression: str, *, waits: bool = False) -> Any:
        """Run an expression in the page and return its value; `waits` for a promise."""
        told = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=waits, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise RuntimeError(json.dumps(told["exceptionDetails"])[:400])
        return told["result"].get("value")

    def resize(
        self, width: int, height: int = 900, *, scale: float = 1, phone: bool = False
    ) -> None:
        """Set the window's size in px; `scale` is that of the device."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=phone,
        )

    def media(self, *, scheme: str = "light", forced: bool = False, printed: bool = False) -> None:
        """Choose light or dark, forced colours, and whether the page is being printed."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "forced-colors", "value": "active" if forced else "none"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.call("Emulation.setEmulatedMedia", media="print" if printed else "", features=features)

    def picture(self) -> bytes:
        """Take the whole page as PNG, however long it is."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        told = self.call(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1},
        )
        return base64.b64decode(told["data"])

    def printed(self) -> bytes:
        """Print the page as the browser does: PDF, by the page's own style for paper."""
        told = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(told["data"])

    def press(self, key: str, *, code: int, shift: bool = False) -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
            )

    @property
    def faults(self) -> list[str]:
        """What went wrong on the page, as far as the wire has told."""
        self.evaluate("0")
        return [text for told in self.events if (text := _fault(told))]

    def _send(self, text: str) -> None:
        content, mask = text.encode(), os.urandom(4)
        size = len(content)
        head = struct.pack("!BBQ", 0x81, 0xFF, size)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", 0x81, 0xFE, size)
        # One long number, as letter by letter takes a second for a library of scripts.
        key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
        masked = (int.from_bytes(content, "big") ^ key).to_bytes(size, "big")
        self._wire.sendall(head + mask + masked)

    def _receive(self) -> dict[str, Any]:
        content = b""
        while True:
            head = self._read.read(2)
            if len(head) < 2:
                raise RuntimeError("The browser has closed the wire.")
            first, second = head
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self._read.read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._read.read(8))
            content += self._read.read(size)
            if first & 0x80:
                told: dict[str, Any] = json.loads(content)
                return told


def _fault(told: dict[str, Any]) -> str:
    """Name what an event of the wire says went wrong; empty where nothing did."""
    method, given = told.get("method", ""), told.get("params", {})
    if method == "Log.entryAdded" and given["entry"]["level"] == "error":
        return str(given["entry"]["text"])
    if method == "Runtime.exceptionThrown":
        return str(given["exceptionDetails"].get("text", "exception"))
    if method == "Runtime.consoleAPICalled" and given.get("type") == "error":
        return "console: " + " ".join(str(one.get("value", "")) for one in given["args"])
    if method == "Network.loadingFailed":
        return f"failed: {given.get('errorText')}"
    return ""


@contextlib.contextmanager
def chromium() -> Iterator[int]:
    """Run a browser without a window, in a profile of its own; give the port of its wire."""
    found = program()
    if found is None:
        sys.exit("No Chromium on this machine: install it (Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = subprocess.Popen(
            [found, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _port(Path(profile) / "DevToolsActivePort", running)
        finally:
            running.terminate()
            running.wait()


def _port(told: Path, running: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        if told.exists() and (lines := told.read_text(encoding="utf-8").splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError(f"Chromium did not start within {_START_SECONDS:.0f} seconds.")
