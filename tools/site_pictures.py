"""Take pictures of a site's pages with Chromium: every kind of page, three widths, light and dark.

Usage: python tools/site_pictures.py SITE OUT [--docs] [PAGE ...]

SITE is a folder that `site` or `demo` left. Each picture is a whole page: at 320, 768 and 1280 px,
light and dark, in forced colours, and as it is printed. With --docs only the pictures of the README
and of docs/site.md are taken, into docs/images. Nothing is fetched, and nothing else changed.
"""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path

from browser import Tab, chromium

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (320, 768, 1280)
KINDS = (
    ("home", "index.html"),
    ("measures", "measures/index.html"),
    ("measure", "measures/neighbours-trusted/index.html"),
    ("measure-gap", "measures/employment-gap/index.html"),
    ("measure-count", "measures/electoral-registration/index.html"),
    ("measure-parts", "measures/friends-similar/index.html"),
    ("measure-boroughs", "measures/neighbours-trusted/boroughs/index.html"),
    ("measure-groups", "measures/neighbours-trusted/groups/index.html"),
    ("domain", "domains/relationships/index.html"),
    ("boroughs", "areas/index.html"),
    ("borough", "areas/newham/index.html"),
    ("borough-time", "areas/newham/time/index.html"),
    ("groups", "groups/index.html"),
    ("group", "groups/disability/disabled/index.html"),
    ("compare-list", "compare/index.html"),
    ("compare", "compare/brent/newham/index.html"),
    ("compare-groups", "compare/groups/disability/disabled/not-disabled/index.html"),
    ("cells", "c/neighbours-trusted/e09000025/index.html"),
    ("gaps", "gaps/index.html"),
    ("releases", "releases/index.html"),
    ("methods", "methods/index.html"),
    ("data", "data/index.html"),
    ("glossary", "glossary/index.html"),
    ("accessibility", "accessibility/index.html"),
    ("easy-read", "easy-read/index.html"),
    ("search", "search/index.html"),
    ("table", "table/index.html"),
    ("report", "report/index.html"),
)
"""Name of a picture and the page it is of; a page that a site does not have is left out."""
DOCS = (
    ("site-measure", "measures/neighbours-trusted/index.html", "", 1500),
    ("site-boroughs", "measures/neighbours-trusted/index.html", "where", 1250),
    ("site-path-1", "index.html", "", 620),
    ("site-path-2", "areas/newham/index.html", "", 900),
    ("site-path-3", "measures/neighbours-trusted/index.html", "where", 900),
)
"""Name of a picture for people who read the documents; page, place on it, and height."""


def take_all(tab: Tab, site: Path, out: Path, pages: list[tuple[str, str]]) -> None:
    """Take every page at every width, light and dark, in forced colours and on paper."""
    looks = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
    for width, look in (*looks, (320, "forced"), (1280, "forced")):
        tab.resize(width)
        tab.media(scheme="light" if look == "forced" else look, forced=look == "forced")
        for name, page in pages:
            tab.open((site / page).as_uri())
            (out / f"{name}-{width}-{look}.png").write_bytes(tab.picture())
    tab.resize(1280)
    tab.media()
    for name, page in pages:
        tab.open((site / page).as_uri())
        (out / f"{name}.pdf").write_bytes(tab.printed())


def take_docs(tab: Tab, site: Path) -> None:
    """Take what the documents show: so high from a place on a page."""
    tab.resize(1280)
    tab.media()
    for name, page, place, height in DOCS:
        tab.open((site / page).as_uri())
        top = tab.evaluate(
            f"(() => {{ const at = document.getElementById({place!r}); "
            "return at ? at.getBoundingClientRect().top + scrollY - 24 : 0; })()"
        )
        clip = {"x": 0, "y": max(top, 0), "width": 1280, "height": height, "scale": 1}
        told = tab.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
        )
        target = ROOT / "docs" / "images" / f"{name}.png"
        target.write_bytes(base64.b64decode(told["data"]))
        sys.stdout.write(f"{target.relative_to(ROOT)}\n")


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("pages", nargs="*", help="names of kinds; all by default")
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    site = asked.site.resolve()
    with chromium() as port:
        tab = Tab(port)
        if asked.docs:
            take_docs(tab, site)
            return
        wanted = [kind for kind in KINDS if not asked.pages or kind[0] in asked.pages]
        there = [(name, page) for name, page in wanted if (site / page).is_file()]
        asked.out.mkdir(parents=True, exist_ok=True)
        take_all(tab, site, asked.out, there)
    missing = [page for _, page in wanted if not (site / page).is_file()]
    sys.stdout.write(f"{len(there)} kinds of pages in {asked.out}\n")
    sys.stdout.writelines(f"no {page}\n" for page in missing)


if __name__ == "__main__":
    main()
