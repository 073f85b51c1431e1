"""Take pictures of a site's pages with Chromium: every kind of page, three widths, light and dark.

Usage: python tools/site_pictures.py SITE OUT [--docs] [PAGE ...]

SITE is a folder that `site` or `demo` left. Each picture is a whole page: at 320, 768 and 1280 px,
light and dark, in forced colours, and as it is printed. The kinds are those of `page_kinds.py`; a
page of the small London's site that is not there ends the run before anything is taken. With --docs
only the pictures of the README and of docs/site.md are taken, into docs/images. Nothing is fetched,
and nothing else changed.
"""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path

import page_kinds
from browser import Tab, chromium

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (320, 768, 1280)
LANGUAGES_HOME = "cy-home"
DOCS = (
    ("site-measure", "measures/neighbours-trusted/index.html", "", 1470),
    ("site-boroughs", "measures/neighbours-trusted/index.html", "where", 1340),
    ("site-path-1", "index.html", "", 620),
    ("site-path-2", "areas/newham/index.html", "", 900),
    ("site-path-3", "measures/neighbours-trusted/index.html", "where", 825),
)
"""Name of a picture for people who read the documents; page, place on it, and height."""


def chosen(site: Path, names: list[str]) -> dict[str, str]:
    """Choose pages by the names of their kinds, all where none is named; end where one is not."""
    try:
        every = page_kinds.shown_in(site)
    except LookupError as reason:
        sys.exit(str(reason))
    unknown = [name for name in names if name not in every]
    if unknown:
        sys.exit(f"No such kind here: {', '.join(unknown)}. There are: {', '.join(every)}")
    return {name: page for name, page in every.items() if not names or name in names}


def take_all(tab: Tab, site: Path, out: Path, pages: dict[str, str]) -> None:
    """Take every page at every width, light and dark, in forced colours and on paper."""
    looks = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
    for width, look in (*looks, (320, "forced"), (1280, "forced")):
        tab.resize(width)
        tab.media(scheme="light" if look == "forced" else look, forced=look == "forced")
        for name, page in pages.items():
            tab.open((site / page).as_uri())
            (out / f"{name}-{width}-{look}.png").write_bytes(tab.picture())
    tab.resize(1280)
    tab.media()
    for name, page in pages.items():
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
    wanted = {} if asked.docs else chosen(site, asked.pages)
    with chromium() as port:
        tab = Tab(port)
        if asked.docs:
            take_docs(tab, site)
            return
        asked.out.mkdir(parents=True, exist_ok=True)
        take_all(tab, site, asked.out, wanted)
    sys.stdout.write(f"{len(wanted)} kinds of pages in {asked.out}\n")
    if LANGUAGES_HOME not in wanted:
        sys.stdout.write("No languages: the site was made without --preview-languages.\n")


if __name__ == "__main__":
    main()
