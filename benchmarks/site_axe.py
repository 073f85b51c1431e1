"""Hold pages of a site against axe-core: two widths, light and dark, every table unfolded.

Usage: python benchmarks/site_axe.py SITE AXE [PAGE ...]

AXE is the file axe.min.js of the npm package axe-core. Without pages one of each kind is taken.
Prints every violation, and every page that scrolls sideways; ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path

from site_speed import Browser, chromium
from social_evidence.app.serve import address, server

WIDTHS = (320, 1280)
KINDS = (
    "index.html",
    "measures/index.html",
    "measures/*/index.html",
    "measures/*/*/index.html",
    "domains/*/index.html",
    "areas/index.html",
    "areas/*/index.html",
    "groups/index.html",
    "groups/*/*/index.html",
    "compare/index.html",
    "compare/*/index.html",
    "compare/*/*/index.html",
    "c/*/*/index.html",
    "gaps/index.html",
    "releases/index.html",
    "methods/index.html",
    "data/index.html",
    "glossary/index.html",
    "accessibility/index.html",
    "easy-read/index.html",
)
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
RUN = """axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify([
  found.violations.map(one => [one.id, one.impact, one.nodes.length, one.nodes[0].html]),
  document.documentElement.scrollWidth]))"""


def check(browser: Browser, page: str, axe: str, width: int) -> list[object]:
    """Load one page and list what is wrong with it."""
    browser.events.clear()
    browser.call("Page.navigate", url=page)
    browser.wait("Page.loadEventFired")
    browser.call("Runtime.evaluate", expression=UNFOLD)
    browser.call("Runtime.evaluate", expression=axe)
    told = browser.call("Runtime.evaluate", expression=RUN, awaitPromise=True)
    violations, reached = json.loads(told["result"]["value"])
    return [*violations, *([["scrolls sideways", reached]] if reached > width else [])]


def main() -> int:
    """Check the pages and say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("axe", type=Path)
    parser.add_argument("pages", nargs="*")
    asked = parser.parse_args()
    found = [next(iter(sorted(asked.site.glob(kind))), None) for kind in KINDS]
    pages = asked.pages or [p.relative_to(asked.site).as_posix() for p in found if p]
    axe = asked.axe.read_text(encoding="utf-8")
    running = server(asked.site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    faults = 0
    with chromium() as port:
        browser = Browser(port)
        for domain in ("Page", "Runtime"):
            browser.call(f"{domain}.enable")
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                browser.call(
                    "Emulation.setDeviceMetricsOverride",
                    width=width,
                    height=900,
                    deviceScaleFactor=1,
                    mobile=False,
                )
                features = [{"name": "prefers-color-scheme", "value": scheme}]
                browser.call("Emulation.setEmulatedMedia", features=features)
                for page in pages:
                    for fault in check(browser, address(running) + page, axe, width):
                        faults += 1
                        sys.stdout.write(f"{page} {width} {scheme}: {json.dumps(fault)}\n")
    running.shutdown()
    sys.stdout.write(f"{len(pages)} pages, {len(WIDTHS)} widths, light and dark: {faults} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
