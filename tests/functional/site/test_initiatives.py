"""Pages of initiatives: every number on them is the release's, and a doctored one is found."""

from __future__ import annotations

import csv
import html
import io
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

import openpyxl
import pyarrow.parquet as pq
import pytest

from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.site.addresses import MOST_ROWS, cell_folder, cell_ids, decade, initiative_path
from social_evidence.site.figures import limits_words
from social_evidence.site.render import environment
from social_evidence.wording.evaluation_words import LEVELS
from social_evidence.wording.periods import period_words

pytestmark = pytest.mark.parametrize(
    "made",
    ["initiatives", pytest.param("london", marks=pytest.mark.slow)],
    indirect=True,
    scope="package",
)
OVERVIEW = "initiatives/index.html"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ROW = re.compile(r"<tr(?: [^>]*)?>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh](?: [^>]*)?>(.*?)</t[dh]>", re.DOTALL)


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def main_of(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def numbers(texts: Iterable[str]) -> set[str]:
    return {one for text in texts for one in NUMBER.findall(text)}


@pytest.fixture(scope="module")
def addressed(made) -> Mapping[str, Estimate]:
    """Rows of success measures by page and id, from the rule in words."""
    places: dict[tuple[str, str], list[Estimate]] = {}
    for row in made.rows:
        if row.measure not in made.measures:
            places.setdefault((row.measure, row.area), []).append(row)
    found = {}
    for place, own in places.items():
        ids = cell_ids(own)
        for row in own:
            part = f"{decade(row)}/" if len(own) > MOST_ROWS else ""
            found[f"{cell_folder(*place)}/{part}index.html#{ids[row.key]}"] = row
    return found


@pytest.fixture(scope="module")
def pages(made) -> Mapping[str, str]:
    """Path -> page, of the overview and each initiative."""
    found = {path: (made.folder / path).read_text("utf-8") for path in [OVERVIEW]}
    for initiative in made.catalogue.initiatives:
        path = initiative_path(initiative)
        found[path] = (made.folder / path).read_text("utf-8")
    return found


def entry_of(made, path: str) -> list[Mapping]:
    """What the register says of the initiative of a page; of the overview, of all of them."""
    return [
        one
        for one in made.register["initiatives"]
        if path in {OVERVIEW, initiative_path(one["id"])}
    ]


def outcomes_of(made, path: str) -> Iterator[Mapping]:
    for entry in entry_of(made, path):
        for evaluation in entry["evaluations"]:
            yield from evaluation["outcomes"]


def told_of(made, row: Estimate) -> set[str]:
    """Everything that may be said of a row in a cell."""
    told = made.tell(row)
    base = set() if row.base is None or row.status in HIDDEN else {f"{row.base:,}"}
    words = {period_words(row.period), period_words(row.period, short=True), row.version_revised}
    return {told.value, told.range, told.label, *base, *words}


def lines_of(made, path: str) -> set[tuple[str, ...]]:
    """Whole lines that a table may have whose numbers stand in no row of the release."""
    write = environment().filters
    number, share = write["plain_number"], write["share"]
    found: set[tuple[str, ...]] = set()
    for outcome in outcomes_of(made, path):
        for one in outcome["effects"]:
            limits = f"{number(one['lower'])} to {number(one['upper'])}"
            whole = one["lower"] is not None and one["upper"] is not None
            numbers = (number(one["estimate"]), limits if whole else "none", number(one["p_value"]))
            found.add((*numbers, one["note"]))
        lost, city = outcome["dropout"], outcome["benchmark"]
        if lost:
            found |= {(f"{lost['began']:,}",), (f"{lost['answered']:,}",)}
        for row in city["balance"] if city else ():
            low, high = row.get("compared_lower"), row.get("compared_upper")
            known = row["compared"] is not None
            found.add(
                (
                    share(row["people"])
                    if row["people"] is not None
                    else "Too few people to say [c]",
                    share(row["compared"]) if known else "No figure",
                    limits_words(low, high) if low is not None else "No range could be worked out",
                )
            )
    return found


def said_of(made, path: str, addressed) -> set[str]:
    """Numbers that sentences may have: of figures, of evaluations, and of definitions."""
    write = environment().filters
    points, share = write["change_points"], write["share"]
    entries = entry_of(made, path)
    ids = {entry["id"] for entry in entries}
    known = made.catalogue.initiatives
    own = [known[name] for name in sorted(ids)] if path != OVERVIEW else list(known.values())
    successes = {success.id for one in own for success in one.success_measures}
    texts = [json.dumps([asdict(one) for one in own], default=str), *LEVELS]
    texts += [f"{money.pounds:,}" for one in own for money in one.funding if money.pounds]
    strategy = made.catalogue.strategy
    texts.append(json.dumps(asdict(strategy), default=str) if strategy else "")
    texts += [measure.title for measure in made.measures.values()]
    texts += [made.release.manifest.version, made.release.manifest.created]
    texts += ["11", "2", "2 January 2026", "95"]
    for entry in entries:
        for evaluation in entry["evaluations"]:
            texts += [evaluation["design"], (evaluation["plan_digest"] or "")[:16]]
            texts += [write["day"](evaluation["registered_on"] or "2026-01-02")]
            texts += [one["text"] for one in evaluation["departures"]]
    for outcome in outcomes_of(made, path):
        claim, lost, city = outcome["claim"], outcome["dropout"] or {}, outcome["benchmark"] or {}
        texts += [claim["seen"], claim["reason"], *claim["limits"], *outcome["raise_level"]]
        texts += [f"{outcome['level']}", outcome["title"], f"{outcome['e_value']}"]
        texts += [f"{lost[name]:,}" for name in ("began", "answered") if lost.get(name) is not None]
        texts += [share(lost["retention"])] if lost.get("retention") is not None else []
        moves = [lost.get(name) for name in ("bound_lower", "bound_upper", "carried_forward")]
        gap = city.get("gap_before") or {}
        moves += [gap.get(name) for name in ("estimate", "lower", "upper")]
        texts += [points(one) for one in moves if one is not None]
        shares = (outcome["before"], city.get("share_before"))
        texts += [share(one) for one in shares if one is not None and outcome["kind"] == "share"]
        texts += [city.get("source") or "", *(city.get("left_out") or ())]
    texts += {
        row["caveat"]
        for row in made.release.initiatives.to_pylist()
        if row["success_measure"] in successes
    }
    for row in addressed.values():
        if row.measure in successes:
            texts += told_of(made, row)
    most = sum(len(one.success_measures) for one in known.values())
    return numbers(texts) | {str(one) for one in range(most + 1)}


def drawn(content: str) -> set[str]:
    """Numbers of charts, their descriptions among them, that stand in no table of the page."""
    tables = re.findall(r"<table.*?</table>", content, flags=re.DOTALL)
    figures = re.findall(r"<figure.*?</figure>", content, flags=re.DOTALL)
    ticks = re.compile(r'<text class="[^"]*\btk\b[^"]*"[^>]*>.*?</text>', re.DOTALL)
    texts = [plain(ticks.sub(" ", figure)) for figure in figures]
    return numbers(texts) - numbers(map(plain, tables)) - {"95"}


def strange(made, path: str, page: str, addressed) -> list[tuple[str, ...]]:
    """List what a page says in numbers and the release does not."""
    content = main_of(page)
    lines = lines_of(made, path)
    people = {f"{one['people']:,}" for one in outcomes_of(made, path) if one["people"] is not None}
    found = []
    for row in ROW.findall(re.sub("<thead>.*?</thead>", "", content)):
        cells = CELL.findall(row)
        texts = tuple(map(plain, cells[1:]))
        leads = [
            posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
            for href in re.findall(r'href="([^"]+)"', row)
        ]
        rows = [addressed[one] for one in leads if one in addressed]
        allowed = {text for one in rows for text in told_of(made, one)} | people
        allowed |= {
            text for lead in leads for text in [lead.rpartition("#def-")[2].upper()] if text
        }
        bare = [re.sub(r" ?\[\w\]", "", text) for text in texts]
        if rows:
            found += [(path, text) for text in bare if NUMBER.search(text) and text not in allowed]
        elif any(map(NUMBER.search, texts)) and texts not in lines:
            found.append((path, *texts))
    found += [(path, one) for one in drawn(content)]
    # Tables and charts have been looked at; of files the sizes are told.
    parts = r'<table.*?</table>|<figure.*?</figure>|<ul class="dl">.*?</ul>'
    rest = re.sub(parts, " ", content, flags=re.DOTALL)
    said = said_of(made, path, addressed)
    spoken = plain(rest)
    found += [(path, one) for one in NUMBER.findall(spoken) if one not in said]
    return found


def test_every_number_on_every_page_of_initiatives_is_the_releases(made, pages, addressed) -> None:
    assert len(pages) > 20
    for path, page in pages.items():
        assert strange(made, path, page, addressed) == []


def test_a_doctored_number_is_found_wherever_it_stands(made, pages, addressed) -> None:
    path = initiative_path("london_family_fund")
    page = pages[path]
    content = main_of(page)
    places = []
    for row in ROW.finditer(content):
        last = row.group().rfind("<td")
        place = NUMBER.search(content, row.start() + last) if last >= 0 else None
        if place and place.end() < row.end():
            places.append(place)
    kinds = {
        "a linked figure": re.search(r'wave\.before\.2026">(\d+)', content),
        "its range": re.search(r"points</a> </td><td class=\"r\"[^>]*>−?(\d+)", content),
        "a chart": re.search(r"Highest: [^<]*?(\d+)", content),
        "a claim": re.search(r'class="lede">[^<]*?(\d+)', content),
        "who answered": re.search(r"answered at the start, (\d+)", content),
        "a method's estimate": re.search(
            r"the claim rests on it\)</th><td class=\"r\"[^>]*>−?([\d.]+)", content
        ),
    }
    for name, place in kinds.items():
        assert place, name
        places.append(place)
    assert len(places) > 10
    at = page.index("<main")
    for place in places:
        start, end = (place.start(1), place.end(1)) if place.groups() else place.span()
        wrong = "98,765" if "," in content[start:end] else "98765"
        doctored = page[: at + start] + wrong + page[at + end :]
        assert strange(made, path, doctored, addressed), content[start - 80 : end + 20]


def test_no_survey_share_of_an_initiative_stands_without_its_range(made, addressed) -> None:
    """On any page: where a number leads to a figure of a survey, its range stands there too."""
    compared = 0
    for path, page in made.pages.items():
        if path.startswith("r/"):
            continue
        for href in page.values("href"):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
            row = addressed.get(target)
            if row is not None and row.method == "survey" and row.estimate is not None:
                told = made.tell(row)
                assert row.lower is not None, row.key
                assert told.range in page.text or told.label in page.text, (path, told)
                compared += 1
    assert compared > 100


def test_what_is_hidden_of_initiatives_is_said_in_words(made, pages, addressed) -> None:
    hidden = 0
    for path, page in pages.items():
        for row in ROW.findall(main_of(page)):
            for href, value in re.findall(r'href="([^"#]*#[^"]+)">([^<]*)</a>', row):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
                one = addressed.get(target)
                if one is not None and one.status in HIDDEN:
                    assert not NUMBER.search(value), (path, value)
                    hidden += 1
    assert hidden > 5


def test_search_finds_initiatives_what_they_are_judged_by_and_what_is_claimed(made) -> None:
    """Without a script the same entries stand in the list from A to Z."""
    text = (made.folder / "static/search-index.js").read_text("utf-8")
    index = json.loads(text[text.index("{", text.index("search")) : text.rindex("}") + 1])["index"]
    found = {one["path"]: (at, one) for at, one in index["storedFields"].items()}
    words = dict(index["index"])
    listed = made.pages["search/index.html"].values("href")
    for initiative in made.catalogue.initiatives.values():
        path = initiative_path(initiative.id)
        at, entry = found[path]
        assert (entry["kind"], entry["title"]) == ("Initiative", initiative.title)
        assert f"../{path}" in listed
        for success in initiative.success_measures:
            place = f"{path}#def-{success.id.lower()}"
            assert found[place][1]["title"] == success.title
            assert f"../{place}" in listed
    at, _ = found[initiative_path("london_family_fund")]
    (claim, *_) = outcomes_of(made, initiative_path("london_family_fund"))
    for word in re.findall(r"[a-z]{5,}", claim["claim"]["seen"]):
        assert any(at in counts for counts in words[word].values()), word


def test_files_of_initiatives_hold_every_number_named_and_the_hidden_in_words(made) -> None:
    folder = made.folder / "data" / made.release.manifest.version
    stored = made.release.initiatives.to_pylist()
    numbers_of = ("estimate", "lower", "upper", "base", "baseline", "target")
    hidden = 0
    for initiative in sorted({row["initiative"] for row in stored}):
        own = [row for row in stored if row["initiative"] == initiative]
        text = (folder / "csv" / "initiatives" / f"{initiative}.csv").read_text("utf-8")
        lines = list(csv.DictReader(io.StringIO(text)))
        assert len(lines) == len(own)
        for line, row in zip(lines, own, strict=True):
            assert line["success_measure"] == row["success_measure"]
            assert line["status"] == row["status"]
            assert line["status_name"]
            assert line["area_name"]
            assert line["group_name"]
            assert line["initiative_name"] == made.catalogue.initiatives[initiative].title
            for name in numbers_of:
                assert (float(line[name]) if line[name] else None) == row[name]
        books = folder / "workbooks" / "initiatives"
        assert (books / f"{initiative}.ods").stat().st_size > 1000
        book = openpyxl.load_workbook(books / f"{initiative}.xlsx", read_only=True)
        cells = [value for row in book["Initiatives"].iter_rows(values_only=True) for value in row]
        book.close()
        wanted = Counter(row["estimate"] for row in own if row["estimate"] is not None)
        assert not wanted - Counter(cells)
        hidden += cells.count("[c]")
        shown = {row["status"] for row in own if row["estimate"] is None}
        assert "protected" not in shown or "[c]" in cells
    assert hidden > 100
    whole = pq.read_table(folder / "parquet" / "initiatives.parquet")
    assert whole.num_rows == len(stored)
    assert whole["estimate"].to_pylist() == [row["estimate"] for row in stored]


def test_pages_offer_the_files_and_say_what_their_columns_mean(made) -> None:
    for initiative in ("london_family_fund", "workforce_integration_network"):
        page = made.pages[initiative_path(initiative)]
        links = [href for href in page.values("href") if href.endswith(f"/{initiative}.csv")]
        assert links
        for href in links:
            assert (made.folder / posixpath.dirname(initiative_path(initiative)) / href).is_file()
    page = made.pages["data/index.html"]
    told = {cells[0] for _, cells, _ in page.rows if len(cells) == 2}
    assert set(made.release.initiatives.column_names) <= told
    fields = {name.partition("[")[0] for name in told}
    assert set(made.register) <= fields
    links = page.values("href")
    assert any(href.endswith("data/initiatives.parquet") for href in links)
    assert any(href.endswith("data/initiatives.json") for href in links)


def test_the_report_on_quality_lists_what_the_office_holds(made) -> None:
    told = {
        (one["initiative"], one["kind"]): one for one in made.release.stored.quality["record_sets"]
    }
    answers = made.base / "sources" / "initiatives" / "answers"
    for path in answers.glob("*.csv"):
        initiative = path.stem.rpartition("_")[0]
        lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        assert told[initiative, "answers"]["records"] == len(lines)
    returns = {key: one for key, one in told.items() if key[1] == "returns"}
    text = (made.base / "sources/initiatives/returns/returns.csv").read_text("utf-8")
    there = {
        line["initiative"] for line in csv.DictReader(io.StringIO(text)) if "initiative" in line
    }
    assert {key[0] for key in returns} >= there
    assert returns
    for one in returns.values():
        assert sum(one["statuses"].values()) == one["records"]
        assert 0 <= one["missing"] <= one["expected"]
    sources = made.pages["methods/index.html"].text
    assert "London Family Fund" in sources
