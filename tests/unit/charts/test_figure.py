from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from social_evidence.charts.alone import standalone
from social_evidence.charts.dots import dot_plot
from social_evidence.charts.figure import caption, chip, figure, key_items, key_list
from social_evidence.charts.funnel import Funnel, FunnelLimits, funnel_plot
from social_evidence.charts.inlining import inlined
from social_evidence.charts.marks import hatch_defs
from social_evidence.charts.multiples import Panel, small_multiples
from social_evidence.charts.points import Lines, Point, Reference, Rows, Run
from social_evidence.charts.scales import SHARES
from social_evidence.charts.sheet import RULES
from social_evidence.charts.strips import ruler, sparkline
from social_evidence.charts.words import ENGLISH
from social_evidence.errors import DefinitionError

TOKENS = dict.fromkeys(re.findall(r"--([a-z0-9-]+)", RULES), "#123")
HOSTILE = '<script>alert("x")</script>\u202e&'


def share(label: str, estimate: float, verdict: str | None = "higher") -> Point:
    return Point(
        label=label,
        estimate=estimate,
        lower=estimate - 0.05,
        upper=estimate + 0.05,
        verdict=verdict,
        value=f"{estimate:.0%}",
        limits="(26 to 36)",
        word="Higher",
    )


def plot(*points: Point):
    city = Reference(label="London", estimate=0.21, value="21%")
    return dot_plot(Rows(subject="Groups", axis=SHARES, points=points, reference=city))


def test_a_figure_is_caption_key_drawing_and_description_in_that_order() -> None:
    drawn = ET.fromstring(figure(plot(share("a", 0.3), share("b", 0.5)), "Title", notes=("Unit.",)))
    tags = [(e.tag, (e.get("class") or "").split()[:1]) for e in drawn]
    assert tags[0][0] == "figcaption"
    assert [tag for tag, _ in tags] == ["figcaption", "ul", "ul", "svg", "svg", "p"]
    assert tags[-1][1] == ["desc"]


def test_a_caption_has_the_title_strong_and_the_notes_after_it() -> None:
    assert caption("Title", ("Unit.", "Range.")) == (
        "<figcaption><strong>Title</strong>Unit. Range.</figcaption>"
    )


def test_the_charts_own_notes_follow_in_the_caption() -> None:
    chart = dot_plot(Rows(subject="Groups", axis=SHARES, points=(share("a", 0.9),)))
    assert "not at 0." in figure(chart, "Title").split("</figcaption>")[0]


def test_another_language_puts_its_own_words() -> None:
    welsh = replace(ENGLISH, key_clear="Yn wahanol i {reference}", highest="Uchaf: {label}.")
    chart = dot_plot(
        Rows(subject="s", axis=SHARES, points=(share("a", 0.3), share("b", 0.2))), welsh
    )
    assert "Uchaf: a." in chart.description
    assert "Yn wahanol i Lundain" in key_list(("clear",), welsh, reference="Lundain")


def test_only_signs_that_are_drawn_are_explained() -> None:
    drawn = figure(plot(share("a", 0.3)), "Title")
    assert "Higher</span>" in drawn
    assert "Lower</span>" not in drawn


def test_a_chip_has_a_sign_and_a_word() -> None:
    tree = ET.fromstring(chip("cannot_say", "Cannot say"))
    assert "".join(tree.itertext()) == "Cannot say"
    assert tree.find("svg").get("aria-hidden") == "true"


def test_hostile_words_are_shown_as_text_everywhere() -> None:
    point = replace(
        share(HOSTILE, 0.3),
        value=HOSTILE,
        limits=HOSTILE,
        word=HOSTILE,
        section=HOSTILE,
        href="javascript:alert(1)",
    )
    chart = plot(point)
    drawn = figure(chart, HOSTILE, notes=(HOSTILE,), reference=HOSTILE)
    tree = ET.fromstring(drawn)
    assert not list(tree.iter("script"))
    assert not list(tree.iter("a"))
    assert "\u202e" not in drawn
    assert not list(ET.fromstring(standalone(chart, TOKENS, title=HOSTILE)).iter("script"))


def test_the_hatching_is_there_once_and_hidden_from_listeners() -> None:
    tree = ET.fromstring(hatch_defs())
    assert tree.get("aria-hidden") == "true"
    assert [p.get("id") for p in tree.iter("pattern")] == ["hh"]
    assert "style" not in tree.attrib


def test_a_file_of_its_own_has_title_source_and_settled_colours() -> None:
    file = standalone(
        plot(share("a", 0.3)),
        {**TOKENS, "sans": '"Open Sans", sans-serif'},
        title="T",
        source=("S",),
    )
    tree = ET.fromstring(file)
    texts = ["".join(t.itertext()) for t in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "T"
    assert texts[-1] == "S"
    assert tree.get("font-family") == '"Open Sans", sans-serif'


def test_a_file_of_its_own_has_no_outline_that_old_programs_draw_over_letters() -> None:
    file = standalone(plot(share("the halo effect", 0.3)), TOKENS)
    assert not re.search(r"paint-order|stroke-linejoin", file)
    assert "the halo effect" in file


def test_places_inside_a_drawing_inside_a_drawing_are_its_own_share() -> None:
    city = Reference(label="London", estimate=0.0)
    chart = dot_plot(Rows(subject="s", axis=SHARES, points=(share("a", 0.3),), reference=city))
    inner = re.search(r'<rect x="([\d.]+)" [^>]*rx="6"', standalone(chart, TOKENS))
    outer = re.search(r'<rect class="iv" x="([\d.]+)%"', chart.alone)
    assert inner
    assert outer
    assert float(inner[1]) == pytest.approx(float(outer[1]) * 6.72, abs=0.01)


def test_looks_are_attributes_and_the_heavier_rule_wins() -> None:
    tokens = {**TOKENS, "ink": "#001", "ink-2": "#002", "data-bar": "#003"}
    drawn = '<text class="tk halo e" x="0">a</text><rect class="iv"/><text>b</text><g/>'
    assert inlined(drawn, tokens) == (
        '<text x="0" fill="#002" font-size="13px" text-anchor="end">a</text>'
        '<rect fill="#003"/><text fill="#001" font-size="14px">b</text><g/>'
    )


def test_letters_on_a_map_have_the_sizes_of_maps() -> None:
    drawn = inlined('<text class="v o5">21</text>', {**TOKENS, "on-5": "#fff"}, is_map=True)
    assert 'font-size="15.5px"' in drawn
    assert 'fill="#fff"' in drawn


def test_words_that_look_like_a_token_stay_words() -> None:
    assert "var(--nope)" in standalone(plot(share("var(--nope)", 0.3)), TOKENS)


def test_a_colour_without_a_value_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no value"):
        standalone(plot(share("a", 0.3)), {})


def test_a_ruler_says_nothing_to_listeners_and_stays_inside(read_words) -> None:
    for estimate in (0.05, 0.2, 0.5, 0.95):
        point = share("London", estimate)
        rest = Reference(label="Rest of England", estimate=estimate, value="15%")
        drawn = ruler(point, SHARES, reference=rest)
        assert ET.fromstring(drawn).get("aria-hidden") == "true"
        for words in read_words(drawn, 272.0):
            assert words.left >= -2
            assert words.right <= 274


def test_a_little_bar_has_no_bead_and_a_hidden_one_no_length() -> None:
    drawn = ET.fromstring(sparkline(share("a", 0.3)))
    assert not list(drawn.iter("circle"))
    (hatched,) = ET.fromstring(sparkline(Point(label="a", status="not_asked"))).iter("rect")
    assert hatched.get("fill") == "url(#hh)"


def test_small_multiples_share_scale_and_years() -> None:
    def panel(name: str, first: float, level: float) -> Panel:
        points = tuple(share(f"{first + n:g}", level, None) for n in range(3))
        run = Run(name=name, points=points, times=tuple(first + n for n in range(3)))
        return Panel(title=name, lines=Lines(subject=name, axis=SHARES, runs=(run,)))

    chart = small_multiples("s", (panel("a", 2019, 0.2), panel("b", 2021, 0.8)))
    tree = ET.fromstring(chart.svg)
    ticks = [
        [t.text for t in svg.iter("text") if (t.get("class") or "") == "tk"]
        for svg in tree.iter("svg")
        if svg.get("role") == "group"
    ]
    assert ticks[0] == ticks[1]
    starts = [svg.find("g/circle").get("cx") for svg in tree.iter("svg") if svg.get("role")]
    assert starts[0] != starts[1]
    assert [h.text for h in tree.iter("h3")] == ["a ", "b "]


def test_a_funnel_names_the_areas_outside_only() -> None:
    points = tuple(
        replace(share(name, v, verdict), lower=None, upper=None)
        for name, v, verdict in (("In", 0.5, "no_clear_difference"), ("Out", 0.6, "higher"))
    )
    limits = FunnelLimits(sizes=(100.0, 900.0), lower=(0.3, 0.45), upper=(0.7, 0.55))
    chart = funnel_plot(
        Funnel(
            subject="s",
            axis=SHARES,
            points=points,
            sizes=(300.0, 800.0),
            centre=Reference(label="London", estimate=0.5, value="50%"),
            limits=(limits,),
        )
    )
    texts = ["".join(t.itertext()) for t in ET.fromstring(chart.svg).iter("text")]
    assert "Out" in texts
    assert "In" not in texts
    names = [g.get("aria-label") for g in ET.fromstring(chart.svg).iter("g") if g.get("role")]
    assert len(names) == 2


def test_a_file_follows_a_reader_who_prefers_a_dark_ground() -> None:
    dark = dict.fromkeys(TOKENS, "#edc")
    file = standalone(plot(share("a", 0.3)), TOKENS, title="A", dark=dark)
    tree = ET.fromstring(file)
    (rules,) = [e.text or "" for e in tree.iter() if e.tag.endswith("style")]
    assert rules.startswith("@media (prefers-color-scheme:dark){")
    named = set(re.findall(r"\.((?:fill|stroke)-[a-z0-9-]+)\{", rules))
    used = {name for e in tree.iter() for name in (e.get("class") or "").split()}
    assert named == used
    # Programs that know no rules show the light values, which stand as attributes.
    assert all(
        e.get("fill") == "#123" for e in tree.iter() if "fill-paper" in (e.get("class") or "")
    )
    assert "style" not in standalone(plot(share("a", 0.3)), TOKENS)


def test_squares_that_are_set_against_nothing_have_no_tick_in_their_key() -> None:
    told = dict(key_items(["map_bar"], reference="London"))["map_bar"]
    assert "London" in told
    alone = dict(key_items(["map_bar"]))["map_bar"]
    assert "tick" not in alone
    assert alone
