"""How fast pages of a site are on a slow phone: what is sent, when it is complete, what blocks.

Usage: python benchmarks/site_speed.py SITE [PAGE ...] [--loads 3] [--without-script]

Chromium, headless, is given a phone's window (412 x 823), a network of 1.6 Mbit/s with 150 ms and
a processor four times as slow; pages come from `social-evidence serve`, packed. Each page is
loaded cold, several times; the medians are printed as JSON lines.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from browser import Tab, chromium
from social_evidence.app.serve import address, server

PAGES = (
    "index.html",
    "measures/neighbours-trusted/index.html",
    "measures/backgrounds-get-on/index.html",
    "areas/newham/index.html",
    "measures/neighbours-trusted/boroughs/index.html",
    "measures/neighbours-trusted/groups/index.html",
    "groups/disability/disabled/index.html",
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


def load(port: int, page: str, *, with_script: bool = True) -> dict[str, float]:
    """Load one page cold and say what came of it."""
    tab = Tab(port)
    tab.call("Network.setCacheDisabled", cacheDisabled=True)
    tab.resize(412, 823, scale=2, phone=True)
    tab.call(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=150,
        downloadThroughput=200_000,
        uploadThroughput=94_000,
    )
    tab.call("Emulation.setCPUThrottlingRate", rate=4)
    if not with_script:
        tab.call("Network.setBlockedURLs", urls=["*.js"])
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=OBSERVE)
    tab.open(page)
    time.sleep(1.0)
    told = json.loads(tab.evaluate("JSON.stringify(window.seen)"))
    sent = [e["params"] for e in tab.events if e.get("method") == "Network.loadingFinished"]
    # What we keep from loading ourselves is no fault of the page.
    faults = [text for text in tab.faults if with_script or text != "failed: "]
    found = {
        "kB": round(sum(one["encodedDataLength"] for one in sent) / 1000, 1),
        "requests": len(sent),
        "lcp_ms": round(told["lcp"]),
        "shift": round(told["shift"], 4),
        "blocked_ms": round(told["blocked"]),
        "faults": len(faults),
    }
    tab.close()
    return found


def main() -> None:
    """Load every page several times and print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--loads", type=int, default=3)
    parser.add_argument("--without-script", action="store_true")
    asked = parser.parse_args()
    running = server(asked.site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    with chromium() as port:
        for page in asked.pages:
            loads = [
                load(port, address(running) + page, with_script=not asked.without_script)
                for _ in range(asked.loads)
            ]
            medians = {name: statistics.median(one[name] for one in loads) for name in loads[0]}
            sys.stdout.write(json.dumps({"page": page, **medians}) + "\n")
    running.shutdown()


if __name__ == "__main__":
    main()
