"""Hold a site's pages against axe-core, the Nu checker and our own rules; write what was found.

Usage: python tools/site_access.py SITE [--sample 300] [--all] [--workers N] [--out F] [--date DAY]

One page of each kind is opened at three widths, light and dark, in forced colours and as it is
printed; a sample of pages on a phone and on a desk, or all of them on one or the other by turns.
The Nu checker and the crawl of links take every page. F is JSON: what sites publish of themselves
is the package's own file `site/accessibility.json`, measured on the demonstration's site before a
version of the program comes out. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import posixpath
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import page_checks
from browser import Tab, chromium

WIDTHS = (320, 768, 1280)
Ask = Callable[[Tab], Sequence[str]]
ASKS: dict[str, Ask] = {
    "axe": page_checks.axe,
    "sideways": page_checks.sideways,
    "letters": page_checks.letters,
    "figures": page_checks.figures,
    "faults": lambda tab: tab.faults,
}
"""What every opened page is asked: a name, and the check that lists what is wrong."""
_HREF = re.compile(r'(?:href|src)="([^"#]*)(?:#([^"]*))?"')
_ID = re.compile(r'\bid="([^"]+)"')


def looks(tab: Tab) -> Iterable[str]:
    """Set each look of the most thorough walk, and name it."""
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            tab.resize(width)
            tab.media(scheme=scheme)
            yield f"{width} px, {scheme}"
    tab.resize(320)
    tab.media(forced=True)
    yield "320 px, forced colours"
    tab.resize(768)
    tab.media(printed=True)
    yield "print"


def walked(tab: Tab, site: Path, pages: Sequence[str], asks: dict[str, Ask]) -> dict[str, int]:
    """Open pages as the tab is set and count what each check finds; findings are printed."""
    found = dict.fromkeys(asks, 0)
    for page in pages:
        tab.open((site / page).as_uri())
        for name, ask in asks.items():
            for fault in ask(tab):
                found[name] += 1
                sys.stdout.write(f"{page}: {name}: {fault}\n")
    return found


def broken(site: Path, pages: Sequence[str]) -> list[str]:
    """List links that lead nowhere, to a page or to a place on one."""
    ids: dict[str, frozenset[str]] = {}
    wrong = []
    for page in pages:
        for href, place in _HREF.findall((site / page).read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", href):
                continue
            here = posixpath.dirname(page)
            target = posixpath.normpath(posixpath.join(here, href)) if href else page
            if not (site / target).is_file():
                wrong.append(f"{page}: {href}")
                continue
            if place and target not in ids:
                text = (site / target).read_text(encoding="utf-8", errors="replace")
                ids[target] = frozenset(_ID.findall(text))
            if place and place not in ids[target]:
                wrong.append(f"{page}: {href}#{place}")
    return wrong


def found_by_one(
    site: Path, kinds: Sequence[str], chosen: Sequence[str], by_turns: bool
) -> dict[str, int]:
    """Ask everything of some pages in a browser of their own; count what each check finds.

    Args:
        site: A site's folder.
        kinds: Pages for every look.
        chosen: Pages for a phone and a desk.
        by_turns: Each of them for one of the two only.
    """
    total = dict.fromkeys(ASKS, 0)
    with chromium() as port:
        tab = Tab(port)
        for look in looks(tab):
            sys.stdout.write(f"{len(kinds)} pages, {look}\n")
            for name, count in walked(tab, site, kinds, ASKS).items():
                total[name] += count
        for turn, (width, scheme) in enumerate(((320, "light"), (1280, "dark"))):
            here = chosen[turn::2] if by_turns else chosen
            sys.stdout.write(f"{len(here)} pages, {width} px, {scheme}\n")
            sys.stdout.flush()
            tab.resize(width)
            tab.media(scheme=scheme)
            for name, count in walked(tab, site, here, ASKS).items():
                total[name] += count
    return total


def sample(pages: Sequence[str], size: int) -> Sequence[str]:
    """Take every n-th page, so that each part of a site has its share."""
    step = max(1, len(pages) // size)
    return pages[::step][:size]


def measured(site: Path, size: int, *, every: bool, workers: int) -> list[dict[str, object]]:
    """Ask everything of a site's pages, in as many browsers as workers; one line a check."""
    pages = page_checks.pages(site)
    kinds = list(page_checks.kinds(site).values())
    chosen = pages if every else sample(pages, size)
    parts = [(site, kinds[one::workers], chosen[one::workers], every) for one in range(workers)]
    total = dict.fromkeys(ASKS, 0)
    with ProcessPoolExecutor(workers) as pool:
        for part in pool.map(found_by_one, *zip(*parts, strict=True)):
            for name, count in part.items():
                total[name] += count
    nu = page_checks.nu(site / page for page in pages)
    links = broken(site, pages)
    sys.stdout.writelines(f"{line}\n" for line in (*nu, *links))
    opened = (
        f"{len(kinds)}, one of each kind, at 320, 768 and 1280 px, light and dark, in forced "
        f"colours and printed; {len(chosen)} at 320 {'or' if every else 'and'} 1280 px"
    )
    told = {
        f"axe-core {page_checks.axe_version()}: violations": total["axe"],
        "Pages that scroll sideways as a whole": total["sideways"],
        "Words of charts outside their chart, or on other words": total["letters"],
        "Figures without a caption, a name, or a table right after them": total["figures"],
        "Breaches of the content policy, and files that are not there": total["faults"],
    }
    everywhere = {
        f"Nu HTML checker {page_checks.nu_version()}: errors": len(nu),
        "Links that lead nowhere": len(links),
    }
    return [{"check": name, "pages": opened, "found": count} for name, count in told.items()] + [
        {"check": name, "pages": f"All {len(pages)}", "found": count}
        for name, count in everywhere.items()
    ]


def main() -> int:
    """Check a site and write what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--date", default=datetime.now(tz=UTC).date().isoformat())
    asked = parser.parse_args()
    lines = measured(asked.site.resolve(), asked.sample, every=asked.all, workers=asked.workers)
    told = {"measured": asked.date, "site": "the demonstration’s site", "results": lines}
    text = json.dumps(told, indent=2, ensure_ascii=False)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 1 if any(line["found"] for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
