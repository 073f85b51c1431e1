"""A report's page as it goes to the printer: nothing folded, charts as images, no inner links."""

from __future__ import annotations

import re
from typing import Final

_INNER: Final = re.compile(
    r'<a (?:class="[^"]*" )?href="(?!https?:|#)[^"]*"[^>]*>(.*?)</a>', re.DOTALL
)
_MARK: Final = re.compile(r'<a (class="mark") href="[^"]*">(.*?)</a>', re.DOTALL)
_SCRIPT: Final = re.compile(r"<script[^>]*></script>\n?")
_FOLD: Final = re.compile(r"<details[^>]*>\s*<summary>.*?</summary>|</details>", re.DOTALL)
_CHART: Final = re.compile(r'(<svg class="ch [^>]*?)role="group"')
_FIGURE: Final = re.compile(r"<figure>")
_HEAD: Final = re.compile(r"</head>")
_FORM: Final = re.compile(
    r'<form .*?</form>|<nav .*?</nav>|<p class="[^"]*noprint[^"]*">.*?</p>', re.DOTALL
)
SHEET: Final = "report-print.css"
RULES: Final = """\
@page{size:A4;margin:18mm 16mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);\
font:9pt sans-serif}}
html{font-variant-ligatures:none}
.rep{break-inside:auto}
.rep figure{zoom:.8}
th,td{padding-block:.3rem}
figure,tr,.note,.find,h2,h3{break-inside:avoid}
h2,h3,.find,caption{break-after:avoid}
.scroll{overflow:visible}
"""
"""Rules of a report's PDF, after those of the site: page numbers, and what stays together.

Letters are not joined, so that a search in the file finds every word."""


def for_print(html: str) -> str:
    """Make a report's page ready for a PDF.

    Args:
        html: The page as the site has it.

    Returns:
        The same words and numbers. Links into the site are plain text, since a file of its own
        does not know where the site stands; folded tables are open; each chart is one image with
        its name, as its table says the rest.
    """
    told = _SCRIPT.sub("", html)
    told = _FORM.sub("", told)
    told = _FOLD.sub("", told)
    told = _MARK.sub(r"<span \1>\2</span>", told)
    while (unlinked := _INNER.sub(r"\1", told)) != told:
        told = unlinked
    told = _CHART.sub(r'\1role="img"', told)
    told = _FIGURE.sub('<figure role="group">', told)
    return _HEAD.sub(f'<link rel="stylesheet" href="{SHEET}">\n</head>', told, count=1)
