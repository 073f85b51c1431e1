"""What a page of the site is held against in a real browser, one function a question.

Tests ask of a small city, `tools/site_access.py` of whole sites. Each function takes a tab that has
a page open and returns what is wrong with it, in words; nothing is wrong where it returns nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import page_kinds
from browser import Tab

ROOT: Final = Path(__file__).resolve().parents[1]
MODULES: Final = Path(os.environ.get("NODE_MODULES") or ROOT / "tests/browser/node_modules")
AXE: Final = MODULES / "axe-core" / "axe.min.js"
NU: Final = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"

UNFOLD: Final = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
# The style sheets are not fetched anew: pages forbid it, and would be said to have tried.
_RUN_AXE: Final = """axe.run(document, {resultTypes: ['violations'], preload: false}).then(found =>
  found.violations.map(one => one.id + ' (' + one.impact + ', ' + one.nodes.length + '): ' +
    one.nodes[0].html.slice(0, 200)))"""
_SIDEWAYS: Final = """(() => { const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? [root.scrollWidth, root.clientWidth] : null; })()"""
_LETTERS: Final = """(() => {
  const wrong = [];
  for (const chart of document.querySelectorAll('svg.ch')) {
    if (!chart.getClientRects().length) continue;
    const frame = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll('text')].filter(t => t.getClientRects().length &&
      t.textContent.trim() && getComputedStyle(t).display !== 'none');
    const boxes = texts.map(t => t.getBoundingClientRect());
    const name = (chart.getAttribute('aria-label') || '').slice(0, 60);
    boxes.forEach((b, i) => {
      if (b.left < frame.left - 2 || b.right > frame.right + 2 || b.top < frame.top - 4 ||
          b.bottom > frame.bottom + 4)
        wrong.push('outside: ' + texts[i].textContent.slice(0, 40) + ' in ' + name);
      for (let j = 0; j < i; j++) {
        const o = boxes[j], high = Math.min(b.height, o.height);
        const across = Math.min(b.right, o.right) - Math.max(b.left, o.left);
        const down = Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top);
        if (across > 1.5 && down > 0.3 * high)
          wrong.push('on each other: ' + texts[j].textContent.slice(0, 30) + ' / ' +
            texts[i].textContent.slice(0, 30) + ' in ' + name);
      }
    });
  }
  return wrong.slice(0, 5);
})()"""
_FIGURES: Final = """(() => {
  const wrong = [];
  for (const figure of document.querySelectorAll('main figure')) {
    const named = figure.querySelector('svg.ch');
    const caption = figure.querySelector('figcaption strong');
    if (!caption || !caption.textContent.trim()) wrong.push('a figure without a caption');
    if (named && !named.getAttribute('aria-hidden') &&
        !(named.getAttribute('role') === 'group' && named.getAttribute('aria-label')))
      wrong.push('a chart without a name');
    let next = figure.nextElementSibling;
    while (next && (next.tagName === 'FIGURE' || next.classList.contains('tools')))
      next = next.nextElementSibling;
    const has = next && (next.matches('table, .scroll, details, .two') ||
      next.querySelector('table'));
    if (!has && !figure.closest('.finder')) wrong.push('no table after: ' +
      (caption ? caption.textContent.slice(0, 60) : '?'));
  }
  return wrong;
})()"""


def kinds(site: Path) -> dict[str, str]:
    """Give a page of each kind on the one list, `tools/page_kinds.py`; frozen trees are left out.

    Args:
        site: A site's folder.

    Returns:
        Kind -> path of a page.
    """
    return page_kinds.one_of_each(site, pages(site))


def pages(site: Path) -> list[str]:
    """List the pages of a site's newest release."""
    every = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [path for path in every if not path.startswith(("r/", "data/"))] + [
        path.relative_to(site).as_posix() for path in sorted(site.glob("data/index.html"))
    ]


def has_axe() -> bool:
    """Whether axe-core has been installed for the tests."""
    return AXE.is_file()


def has_nu() -> bool:
    """Whether the Nu HTML checker has been installed, and Java to run it."""
    return NU.is_file() and shutil.which("java") is not None


def axe_version() -> str:
    """Say which axe-core was installed."""
    package = json.loads((AXE.parent / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])


def nu_version() -> str:
    """Say which Nu HTML checker was installed."""
    package = json.loads((NU.parents[2] / "package.json").read_text(encoding="utf-8"))
    return str(package["version"])


def axe(tab: Tab) -> Sequence[str]:
    """Hold a page against axe-core, every folded table unfolded."""
    tab.evaluate(UNFOLD)
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: Sequence[str] = tab.evaluate(_RUN_AXE, waits=True)
    return found


def sideways(tab: Tab) -> Sequence[str]:
    """Say whether the page as a whole scrolls sideways."""
    found = tab.evaluate(_SIDEWAYS)
    return [f"scrolls sideways: {found[0]} px in a window of {found[1]}"] if found else []


def letters(tab: Tab) -> Sequence[str]:
    """List words of charts that stand outside their chart or on top of other words."""
    found: Sequence[str] = tab.evaluate(_LETTERS)
    return found


def figures(tab: Tab) -> Sequence[str]:
    """List figures without a caption, a name for a listener, or a table right after them."""
    found: Sequence[str] = tab.evaluate(_FIGURES)
    return found


def nu(paths: Iterable[Path]) -> Sequence[str]:
    """Hold pages against the Nu HTML checker; errors only, each with its page."""
    listed = [str(path) for path in paths]
    found: list[str] = []
    for first in range(0, len(listed), 400):
        command = ["java", "-Xss8m", "-jar", str(NU), "--format", "json", "--exit-zero-always"]
        done = subprocess.run(
            [*command, "--errors-only", *listed[first : first + 400]],
            capture_output=True,
            check=True,
        )
        told: list[dict[str, Any]] = json.loads(done.stderr or b'{"messages": []}')["messages"]
        found += [
            f"{one.get('url', '')}:{one.get('lastLine', '')}: {one['message']}"
            for one in told
            if one["type"] != "info"
        ]
    return found
