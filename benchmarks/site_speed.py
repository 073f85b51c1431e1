"""How fast pages of a site are on a slow phone: what is sent, when it is complete, what blocks.

Usage: python benchmarks/site_speed.py SITE [PAGE ...] [--loads 3]

Chromium, headless, is given a phone's window (412 x 823), a network of 1.6 Mbit/s with 150 ms and
a processor four times as slow; pages come from `social-evidence serve`, packed. Each page is
loaded cold, several times; the medians are printed as JSON lines.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from social_evidence.app.serve import address, server

PAGES = (
    "index.html",
    "measures/neighbours-trusted/index.html",
    "measures/backgrounds-get-on/index.html",
    "areas/newham/index.html",
    "gaps/index.html",
)
OBSERVE = """
window.seen = {lcp: 0, shift: 0, blocked: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.lcp = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.shift += e.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries())
  seen.blocked += Math.max(0, e.duration - 50); }).observe({type: 'longtask', buffered: true});
"""


class Browser:
    """A page of a running Chromium, spoken to over its own wire."""

    def __init__(self, port: int) -> None:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        asked.request("PUT", "/json/new?about:blank")
        path = json.loads(asked.getresponse().read())["webSocketDebuggerUrl"].split("/", 3)[3]
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.read = self.wire.makefile("rb")
        while self.read.readline().strip():
            pass
        self.number = 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        self.number += 1
        self._send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            told = self._receive()
            if told.get("id") == self.number:
                return told.get("result", {})
            self.events.append(told)

    def wait(self, method: str) -> None:
        while not any(told.get("method") == method for told in self.events):
            self.events.append(self._receive())

    def _send(self, text: str) -> None:
        content, mask = text.encode(), os.urandom(4)
        size = len(content)
        head = struct.pack("!BBQ", 0x81, 0xFF, size)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        self.wire.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(content)))

    def _receive(self) -> dict[str, Any]:
        content = b""
        while True:
            first, second = self.read.read(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self.read.read(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self.read.read(8))
            content += self.read.read(size)
            if first & 0x80:
                return json.loads(content)


@contextlib.contextmanager
def chromium() -> Iterator[int]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("No Chromium on this machine: install it (Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0")
        running = subprocess.Popen(
            [program, *flags, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            told = Path(profile) / "DevToolsActivePort"
            while not told.exists() or not told.read_text():
                time.sleep(0.1)
            yield int(told.read_text().splitlines()[0])
        finally:
            running.terminate()
            running.wait()


def load(port: int, page: str) -> dict[str, float]:
    """Load one page cold and say what came of it."""
    browser = Browser(port)
    for domain in ("Page", "Network", "Runtime", "Log"):
        browser.call(f"{domain}.enable")
    browser.call("Network.setCacheDisabled", cacheDisabled=True)
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=412,
        height=823,
        deviceScaleFactor=2,
        mobile=True,
    )
    browser.call(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=150,
        downloadThroughput=200_000,
        uploadThroughput=94_000,
    )
    browser.call("Emulation.setCPUThrottlingRate", rate=4)
    browser.call("Page.addScriptToEvaluateOnNewDocument", source=OBSERVE)
    browser.events.clear()
    browser.call("Page.navigate", url=page)
    browser.wait("Page.loadEventFired")
    time.sleep(1.0)
    seen = browser.call("Runtime.evaluate", expression="JSON.stringify(window.seen)")
    told = json.loads(seen["result"]["value"])
    sent = [e["params"] for e in browser.events if e.get("method") == "Network.loadingFinished"]
    faults = [
        e["params"]["entry"]["text"] for e in browser.events if e.get("method") == "Log.entryAdded"
    ]
    return {
        "kB": round(sum(one["encodedDataLength"] for one in sent) / 1000, 1),
        "requests": len(sent),
        "lcp_ms": round(told["lcp"]),
        "shift": round(told["shift"], 4),
        "blocked_ms": round(told["blocked"]),
        "faults": len(faults),
    }


def main() -> None:
    """Load every page several times and print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--loads", type=int, default=3)
    asked = parser.parse_args()
    running = server(asked.site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    with chromium() as port:
        for page in asked.pages:
            loads = [load(port, address(running) + page) for _ in range(asked.loads)]
            medians = {name: statistics.median(one[name] for one in loads) for name in loads[0]}
            sys.stdout.write(json.dumps({"page": page, **medians}) + "\n")
    running.shutdown()


if __name__ == "__main__":
    main()
