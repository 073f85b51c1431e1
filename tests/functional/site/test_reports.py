"""Reports: every number is the release's, and what is missing stops the build or says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from markupsafe import Markup

from social_evidence.app.release_gate import gate_release
from social_evidence.app.site_input import site_input
from social_evidence.catalogue.load import examine
from social_evidence.errors import DefinitionError
from social_evidence.site.cells import CellAddresses
from social_evidence.site.choices import Choices
from social_evidence.site.content import Figures, SiteInput
from social_evidence.site.figures import range_sentence
from social_evidence.site.render import render
from social_evidence.site.report_print import for_print
from social_evidence.site.reports import report_pages, report_path
from social_evidence.site.tree import frame_of
from social_evidence.store.tables import to_estimates
from social_evidence.wording.numbers import range_text
from social_evidence.wording.spoken import about, when

TODAY = date(2026, 11, 22)
FILE = "report/state.md"
TRUST = "demo_neighbours_trusted"
_LINKED = re.compile(r'<a href="([^"]*/c/[^"]*)">([^<]*)</a>')


@pytest.fixture(scope="module")
def site(made) -> SiteInput:
    folder = made.release.stored.folder
    return site_input(folder, gate_release(folder, TODAY), is_public=True)


@pytest.fixture(scope="module")
def filled() -> Callable[[SiteInput, str], str]:
    """Write a report of one text from a release."""

    def fill(given: SiteInput, text: str) -> str:
        catalogue = replace(given.catalogue, files={FILE: text})
        pages = list(report_pages(Choices(replace(given, catalogue=catalogue))))
        (page,) = [page for page in pages if page.path == report_path(FILE)]
        return render(page, frame_of(given, pages))

    return fill


@pytest.fixture(scope="module")
def written(site: SiteInput, filled) -> Callable[[str], str]:
    """Write a report of one text from the site's own release."""
    return partial(filled, site)


@pytest.fixture(scope="module")
def example(root: Path) -> str:
    """The report that the documentation shows."""
    found = re.search(
        r"```markdown\n(.*?)```", (root / "docs/reports.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found
    return found[1]


def is_city(made) -> bool:
    return TRUST in made.measures


def told(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(Markup(re.sub(r"<(?!/?\w)", "&lt;", main)).striptags().split())


def test_every_number_of_a_report_is_that_of_the_cell_it_leads_to(
    made, site, written, example
) -> None:
    if not is_city(made):
        pytest.skip("the example is about the small city")
    addresses = CellAddresses(site)
    rows = {}
    for row in to_estimates(made.release.estimates):
        path, cell = addresses.of(row)
        rows[f"../../{path}#{cell}"] = row
    linked = _LINKED.findall(written(example))
    assert len(linked) > 5
    for href, words in linked:
        row = rows[href]
        shown = made.tell(row)
        is_share_in_words = words.startswith("about ")
        assert words.startswith(shown.value) or words == shown.label or is_share_in_words, href


def test_every_form_writes_what_the_release_holds(made, site, written) -> None:
    if not is_city(made):
        pytest.skip("the forms are tried on the small city")
    row = Choices(site).headline(made.measures[TRUST])
    assert row is not None
    shown = made.tell(row)
    meant = {
        "value": shown.value,
        "label": shown.label,
        "share": about(row.estimate),
        "range": range_text(row.lower, row.upper, row.unit),
        "sure": range_sentence(row),
        "base": f"{row.base:,} people",
        "period": when(row.period),
        "source": site.names.series[TRUST, row.series],
        "title": made.measures[TRUST].title,
    }
    for form, words in meant.items():
        assert f"Said: {words};" in told(written(f"# T\n\nSaid: {{{{ {TRUST} | {form} }}}};"))
    sentence = told(written(f"# T\n\n{{{{ {TRUST} | sentence }}}}"))
    assert range_sentence(row) in sentence
    assert when(row.period).removeprefix("in ") in sentence


def test_a_form_that_does_not_fit_is_refused_with_its_line(made, written) -> None:
    if not is_city(made):
        pytest.skip("the forms are tried on the small city")
    with pytest.raises(DefinitionError, match=r"line 3: .*is no share of people"):
        written("# T\n\n{{ demo_life_satisfaction | share }}")
    with pytest.raises(DefinitionError, match=r"line 3: .*set against nothing"):
        written(f"# T\n\n{{{{ {TRUST} | verdict }}}}")
    with pytest.raises(DefinitionError, match=r"line 3: .*different units"):
        written(f"# T\n\n{{{{ {TRUST} + demo_life_satisfaction | chart }}}}")


def test_a_figure_has_caption_key_description_and_table(made, written, example) -> None:
    if not is_city(made):
        pytest.skip("the example is about the small city")
    html = written(example)
    assert "Figure 1. Trust by group" in html
    for part in ("<figcaption", 'class="key"', 'class="desc"', "<caption"):
        assert part in html


def test_a_verdict_is_the_releases_own(made, site, written) -> None:
    if not is_city(made):
        pytest.skip("the groups are those of the small city")
    for row in to_estimates(made.release.estimates):
        is_group = (row.measure, row.breakdown) == (TRUST, "sex") and row.estimate is not None
        if not is_group or row.area != site.city.code or row.group == "unknown":
            continue
        said = told(
            written(
                f"# T\n\n{{{{ {TRUST} group=sex:{row.group} period={row.period} | verdict or "
                '"not compared" }}'
            )
        )
        one = site.figures.against_everybody(row)
        words = {
            "higher": "clearly higher than",
            "lower": "clearly lower than",
            "no_clear_difference": "not clearly different from",
        }
        assert words.get(one.verdict if one else "", "not compared") in said


def test_a_hidden_figure_stops_the_build_unless_its_author_has_said_what_to_write(
    made, site, filled
) -> None:
    measure = next(iter(made.measures))
    hidden = [
        replace(row, status="protected", estimate=None, lower=None, upper=None, base=None)
        if row.measure == measure
        else row
        for row in to_estimates(made.release.estimates)
    ]
    own = replace(site, figures=Figures.of(hidden, []))
    with pytest.raises(DefinitionError, match=r"report/state\.md, line 3: .*too few people"):
        filled(own, f"# T\n\n{{{{ {measure} }}}}")
    said = told(filled(own, f"# T\n\nShare: {{{{ {measure} or why }}}}."))
    assert "Share: too few people to say." in said
    said = told(filled(own, f'# T\n\n{{{{ {measure} | value or "Nobody knows" }}}}'))
    assert "Nobody knows" in said
    with pytest.raises(DefinitionError, match="no figure"):
        filled(own, f"# T\n\n{{{{ {measure} by=period | chart }}}}")


def test_a_period_the_release_lacks_is_no_figure(written, made) -> None:
    measure = next(iter(made.measures))
    with pytest.raises(DefinitionError, match="no figure in this release"):
        written(f"# T\n\n{{{{ {measure} period=1901 }}}}")


def test_a_figure_among_words_is_refused(written, made) -> None:
    measure = next(iter(made.measures))
    with pytest.raises(DefinitionError, match=r"line 3: a table stands in a paragraph"):
        written(f"# T\n\nSee {{{{ {measure} by=period | table }}}} here.")


def test_a_report_without_a_title_is_refused(written) -> None:
    with pytest.raises(DefinitionError, match="has no title"):
        written("No title.")


def test_the_catalogue_finds_a_wrong_name_before_there_is_a_release(made, tmp_path: Path) -> None:
    source = made.release.stored.folder / "catalogue"
    for found in source.rglob("*.toml"):
        target = tmp_path / found.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found.read_bytes())
    (tmp_path / "report").mkdir()
    (tmp_path / FILE).write_text("# T\n\n{{ nothing_of_the_kind }}\n", encoding="utf-8")
    catalogue, faults = examine([tmp_path])
    assert FILE in catalogue.files
    assert [(fault.file, fault.field) for fault in faults] == [(FILE, "line 3")]


def test_hostile_text_of_a_report_is_text(written) -> None:
    html = written(
        "# T <script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    )
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "javascript:alert(1)" in told(html)


def test_what_goes_to_the_printer_has_the_same_words_and_nothing_folded(
    made, written, example
) -> None:
    if not is_city(made):
        pytest.skip("the example is about the small city")
    html = written(example)
    printed = for_print(html)
    assert "<details" not in printed
    assert "<script" not in printed
    assert not re.findall(r'<a [^>]*href="\.\./', printed)
    assert 'role="img" aria-label' in printed
    numbers = re.findall(r"\d+%", told(html))
    assert numbers == re.findall(r"\d+%", told(printed))


def test_londons_own_report_fits_londons_definitions(root: Path) -> None:
    catalogue, faults = examine([root / "src/social_evidence/catalogues/london"])
    assert [file for file in catalogue.files if file.endswith(".md")] == [
        "report/state_of_social_integration.md"
    ]
    assert not [fault for fault in faults if fault.file.endswith(".md")]


def test_londons_own_report_makes_the_strategys_figures_anew(root: Path) -> None:
    # Figures 2 to 5 of the strategy: relationships, registration on a map, volunteering by group,
    # and employment gaps. Another test refuses any number that somebody has typed.
    london, _ = examine([root / "src/social_evidence/catalogues/london"])
    text = next(text for file, text in london.files.items() if file.endswith(".md"))
    charts = re.findall(r"\{\{ ([^|}]+)\| chart", text)
    for wanted in (
        {"friends_similar by=part", "no_one_to_rely_on"},
        {"electoral_registration by=borough"},
        {"volunteering by=age_band,social_class,sex,disability"},
        {"employment_gap"},
    ):
        assert any(
            all(any(part.strip().startswith(one) for part in chart.split("+")) for one in wanted)
            for chart in charts
        ), wanted


def test_londons_own_report_is_whole_even_where_nothing_is_known(made, site, root: Path) -> None:
    london, _ = examine([root / "src/social_evidence/catalogues/london"])
    text = next(text for file, text in london.files.items() if file.endswith(".md"))
    catalogue = replace(london, files={FILE: text})
    pages = list(report_pages(Choices(replace(site, catalogue=catalogue))))
    html = render(pages[-1], frame_of(site, pages))
    if is_city(made):
        assert "no figure in this release" in told(html)
