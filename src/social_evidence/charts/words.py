"""The words that charts print of themselves, one record a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords:
    """Words of a language; the names in braces are filled in.

    A sentence is filled whole, never put together from words, so that each language can order it.
    No sentence counts things: counts need a language's plurals, which live with the sentences.

    Attributes:
        dots, ranks, lines, bars, dumbbell, slope, funnel, tiles, outlines, profile: Types of chart.
        name: Subject and type. anchor: What the figures are set against.
        break_name: That a chart has a break.
        highest, lowest: Description of rows and areas. first_last, only_one: Of a line.
            from_to: Of two figures.
        broken: That two series are not joined. hidden: What is not shown.
        outside: What lies outside the limits of a funnel.
        starts: Note on a scale that does not begin at zero.
        cut: Note on ranges that run off the scale.
        few, not_asked, not_available, not_applicable: What stands in a square without a figure.
        not_shown: What is said of an area that the release does not name.
        square: Name of a square: code and figure first, as they are seen.
        before, after: What a dumbbell's ends are called. change: Verdict and change.
        list_join: Between the names of a list.
        key_*: The key.
    """

    dots: str
    ranks: str
    lines: str
    bars: str
    dumbbell: str
    slope: str
    funnel: str
    tiles: str
    outlines: str
    profile: str
    name: str
    anchor: str
    break_name: str
    highest: str
    lowest: str
    first_last: str
    only_one: str
    from_to: str
    broken: str
    hidden: str
    outside: str
    starts: str
    cut: str
    few: str
    not_asked: str
    not_available: str
    not_applicable: str
    not_shown: str
    square: str
    before: str
    after: str
    list_join: str
    key_plain: str
    key_clear: str
    key_unclear: str
    key_care: str
    key_modelled: str
    key_counted: str
    key_bare: str
    key_hidden: str
    key_reference: str
    key_reference_line: str
    key_before: str
    key_after_clear: str
    key_after_unclear: str
    key_higher: str
    key_lower: str
    key_cannot_tell: str
    key_cannot_say: str
    key_map_higher: str
    key_map_lower: str
    key_map_higher_counted: str
    key_map_lower_counted: str
    key_limits: str
    key_limits_outer: str
    key_funnel_inside: str
    key_funnel_outside: str
    key_slope_clear: str
    key_slope_unclear: str
    key_map_hidden: str
    key_map_bar: str
    key_band: str
    key_past: str
    key_care_dot: str


ENGLISH: Final = ChartWords(
    dots="Interval dot plot",
    ranks="Ranks with their likely ranges",
    lines="Line chart with interval band",
    bars="Bar chart",
    dumbbell="Dumbbell chart with intervals",
    slope="Slope chart with intervals",
    funnel="Funnel plot",
    tiles="Tile map",
    outlines="Outline map",
    profile="Interval dot plot of distances",
    name="{subject}. {type}.",
    anchor="{label}: {value}.",
    break_name="Break in series: {what} {since}.",
    highest="Highest: {label}, {printed}.",
    lowest="Lowest: {label}, {printed}.",
    first_last="{name}: {first_printed} in {first}, {last_printed} in {last}.",
    only_one="{name}: {last_printed} in {last}.",
    from_to="{label}: {before} {first}, {after} {last}.",
    broken="{what} {since}: earlier figures do not compare, so the lines are not joined.",
    hidden="Not shown: {labels}.",
    outside="Farther from the middle than chance explains: {labels}.",
    starts="The scale starts at {value}, not at 0.",
    cut="A range cut square with › goes on beyond the scale.",
    few="few",
    not_asked="[w]",
    not_available="[x]",
    not_applicable="[z]",
    not_shown="no figure is shown",
    square="{code} {figure}. {name}: {said}",
    before="Before",
    after="After",
    list_join="; ",
    key_plain="Likely range, with the best estimate inside",
    key_clear="Clearly different from {reference}",
    key_unclear="Cannot tell apart",
    key_care="Use with care",
    key_modelled="Modelled",
    key_counted="Counted in full",
    key_bare="No range is known",
    key_hidden="Not shown",
    key_reference="{reference} and its range",
    key_reference_line="{reference}",
    key_before="{before}",
    key_after_clear="{after}, clearly changed",
    key_after_unclear="{after}, cannot tell",
    key_higher="Higher",
    key_lower="Lower",
    key_cannot_tell="Cannot tell",
    key_cannot_say="Cannot say",
    key_map_higher="Clearly higher than {reference}",
    key_map_lower="Clearly lower",
    key_map_higher_counted="Higher than {reference}, counted in full",
    key_map_lower_counted="Lower, counted in full",
    key_limits="Where 95% would lie by chance alone",
    key_limits_outer="Where 99.8% would",
    key_funnel_inside="Inside the limits: cannot tell apart",
    key_funnel_outside="Outside the limits",
    key_slope_clear="Clear change",
    key_slope_unclear="Cannot tell",
    key_map_hidden="Not shown",
    key_map_bar="Bar: likely range; tick: {reference}",
    key_band="Likely range",
    key_past="Earlier series, does not compare",
    key_care_dot="Use with care",
)
