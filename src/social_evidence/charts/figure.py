"""A figure's pieces as HTML: caption, key, chart and description. The table after it is the site's.

The finding stands above the figure as a sentence of its own, or inside it as the first line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from social_evidence.charts.marks import GLYPHS, HATCH_ID
from social_evidence.charts.points import Chart, Shades
from social_evidence.charts.svg import element, escape
from social_evidence.charts.words import ENGLISH, ChartWords

_BEAD: Final = '<circle class="{}" cx="20" cy="8" r="3.5"/>'
_BAR: Final = '<rect class="{}" x="1" y="2" width="42" height="12" rx="6"/>'
_HATCHED: Final = f'<rect x="1" y="2" width="42" height="12" fill="url(#{HATCH_ID})"/>'
_DIAMOND: Final = '<path class="{}" d="M10 1.5 16.5 8 10 14.5 3.5 8z"/>'
_TILE: Final = '<rect class="tile {}" x=".5" y=".5" width="21" height="15"/>'
_HEAVY: Final = '<rect class="tile qh x" x="1.5" y="1.5" width="19" height="13"/>'

_END: Final = '<circle class="{}" cx="40" cy="4" r="3.5"/>'

_SAMPLES: Final = {
    "plain": (44, _BAR.format("iv") + _BEAD.format("pt")),
    "clear": (44, _BAR.format("iv") + _BEAD.format("pt")),
    "unclear": (44, _BAR.format("iv-o") + _BEAD.format("pt-o")),
    "care": (44, _BAR.format("iv-l") + _BEAD.format("pt-o")),
    "modelled": (44, _BAR.format("iv").replace(' rx="6"', "") + _BEAD.format("pt")),
    "counted": (20, _DIAMOND.format("ld")),
    "bare": (20, _DIAMOND.format("lo")),
    "hidden": (44, _HATCHED),
    "reference": (
        20,
        '<rect class="cb" x="2" y="0" width="16" height="16"/><path class="cl" d="M10 0V16"/>',
    ),
    "reference_line": (20, '<path class="cl" d="M10 0V16"/>'),
    "before": (44, _BAR.format("ivp") + _BEAD.format("pt")),
    "after_clear": (44, _BAR.format("iv") + _BEAD.format("pt")),
    "after_unclear": (44, _BAR.format("iv-o") + _BEAD.format("pt-o")),
    "band": (
        44,
        (
            '<rect class="bd" x="1" y="2" width="42" height="12"/>'
            '<path class="be" d="M1 2h42M1 14h42"/><path class="ln" d="M1 8h42"/>'
        ),
    ),
    "past": (
        44,
        (
            '<rect class="pb" x="1" y="2" width="42" height="12"/>'
            '<path class="pl" d="M1 8h42"/><circle class="pd" cx="22" cy="8" r="4"/>'
        ),
    ),
    "care_dot": (20, '<circle class="lo" cx="10" cy="8" r="4"/>'),
    "funnel_outside": (20, '<circle class="ld" cx="10" cy="8" r="4.5"/>'),
    "funnel_inside": (20, '<circle class="od" cx="10" cy="8" r="4.5"/>'),
    "slope_clear": (44, '<path class="ln" d="M3 12 41 4"/>' + _END.format("ld")),
    "slope_unclear": (44, '<path class="rl" d="M3 12 41 4"/>' + _END.format("od")),
    "limits": (44, '<path class="rl" d="M1 4h42M1 12h42"/>'),
    "limits_outer": (44, '<path class="ar fl" d="M1 4h42M1 12h42"/>'),
    "map_higher": (22, _HEAVY + '<path fill="currentColor" d="M7 12.2h8l-4-7.2z"/>'),
    "map_lower": (22, _HEAVY + '<path fill="currentColor" d="M7 5h8l-4 7.2z"/>'),
    "map_higher_counted": (22, _HEAVY + '<path fill="currentColor" d="M7 12.2h8l-4-7.2z"/>'),
    "map_lower_counted": (22, _HEAVY + '<path fill="currentColor" d="M7 5h8l-4 7.2z"/>'),
    "map_hidden": (
        22,
        _TILE.format("qh")
        + f'<rect x=".5" y=".5" width="21" height="15" fill="url(#{HATCH_ID})" opacity=".55"/>',
    ),
    "map_bar": (
        22,
        (
            '<line class="mi s1" x1="3" x2="19" y1="8" y2="8"/>'
            '<line class="s1" x1="8" x2="8" y1="4" y2="12"/>'
        ),
    ),
    **{f"q{shade}": (22, _TILE.format(f"q{shade}")) for shade in range(1, 6)},
}
"""Item of a key -> width and marks of its sample, 16 px high."""


def key_items(
    key: Sequence[str],
    words: ChartWords = ENGLISH,
    *,
    reference: str = "",
    shades: Shades | None = None,
) -> tuple[tuple[str, str], ...]:
    """Name the items of a key.

    Args:
        key: Items of `Chart.key`.
        words: The language.
        reference: Name of the city, where marks stand for a difference from it.
        shades: The classes of a map.

    Returns:
        Each item with its words.
    """
    return tuple((item, _named(item, words, reference, shades)) for item in key)


def key_list(
    key: Sequence[str],
    words: ChartWords = ENGLISH,
    *,
    reference: str = "",
    shades: Shades | None = None,
) -> str:
    """Explain the marks of a chart, each beside a sample of itself.

    Args:
        key: Items of `Chart.key`.
        words: The language.
        reference: Name of the city, where marks stand for a difference from it.
        shades: The classes of a map.

    Returns:
        A list; empty where there is nothing to explain.
    """
    items = "".join(
        element("li", _sample(item) + escape(named))
        for item, named in key_items(key, words, reference=reference, shades=shades)
    )
    return element("ul", items, class_="key") if items else ""


def sample_of(item: str) -> tuple[float, str]:
    """Return the width and the marks of a sample, 16 px high."""
    width, marks = _SAMPLES[item]
    return float(width), marks


def _named(item: str, words: ChartWords, reference: str, shades: Shades | None) -> str:
    if shades is not None and item.startswith("q") and item[1:].isdigit():
        return shades.words[int(item[1:]) - 1]
    if item == "map_bar" and not reference:
        # Nothing to set the squares against: they have no tick to explain.
        return words.key_band
    template: str = getattr(words, f"key_{item}")
    return template.format(reference=reference, before=words.before, after=words.after)


def _sample(item: str) -> str:
    width, marks = _SAMPLES[item]
    return element(
        "svg",
        marks,
        class_="ks",
        width=width,
        height=16,
        viewBox=f"0 0 {width} 16",
        aria_hidden="true",
        focusable="false",
    )


def sign_list(drawn: str, words: ChartWords = ENGLISH) -> str:
    """Explain the signs that stand for verdicts in the narrow form of a chart.

    Args:
        drawn: The chart; signs it does not use are not explained.
        words: The language.
    """
    named = {
        "higher": words.key_higher,
        "lower": words.key_lower,
        "no_clear_difference": words.key_cannot_tell,
        "cannot_say": words.key_cannot_say,
    }
    items = "".join(
        element("li", chip(verdict, word))
        for verdict, word in named.items()
        if GLYPHS[verdict] in drawn
    )
    return element("ul", items, class_="key narrow") if items else ""


def chip(verdict: str, word: str) -> str:
    """Write a verdict: its sign, drawn, and its word."""
    sign = element(
        "svg",
        GLYPHS[verdict],
        width=12,
        height=12,
        viewBox="0 0 12 12",
        aria_hidden="true",
        focusable="false",
    )
    return element("span", sign + escape(word), class_="chip")


def caption(title: str, notes: Sequence[str] = ()) -> str:
    """Write a caption: what, whom, where and when; then the unit and how to read it."""
    told = " ".join(escape(note) for note in notes if note)
    return element("figcaption", element("strong", escape(title)) + told)


def figure(
    chart: Chart,
    title: str,
    *,
    notes: Sequence[str] = (),
    words: ChartWords = ENGLISH,
    reference: str = "",
    shades: Shades | None = None,
    description: Sequence[str] | None = None,
) -> str:
    """Put a chart into its figure: caption, key, drawing, description.

    Args:
        chart: The chart.
        title: What, whom, where, when.
        notes: Unit and how to read it; the chart's own notes follow.
        words: The language.
        reference: Name of the city, for the key.
        shades: The classes of a map.
        description: Sentences in place of the chart's own.

    Returns:
        A figure; its table comes right after it and is the page's to write.
    """
    told = chart.description if description is None else description
    return element(
        "figure",
        "".join(
            (
                caption(title, (*notes, *chart.notes)),
                key_list(chart.key, words, reference=reference, shades=shades),
                sign_list(chart.svg, words),
                chart.svg,
                element("p", escape(" ".join(told)), class_="desc") if told else "",
            )
        ),
    )
