"""Addresses that moved: the old page says where to, and nothing new takes its place."""

from __future__ import annotations

import importlib.resources
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.site import make_site
from social_evidence.synthetic import city

DAY = date(2026, 1, 2)
REDIRECTS = """
[measures]
trusting_neighbours = "demo_neighbours_trusted"

[areas]
north-shore = "X1-N"

[groups]
"age_band/young" = "age_band/age_18_34"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("moved")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as folder:
        catalogue = Path(shutil.copytree(folder, base / "catalogue"))
    (catalogue / "redirects.toml").write_text(REDIRECTS, encoding="utf-8")
    city.write_sources(base / "sources")
    release = build([catalogue], [base / "sources"], base, as_of=DAY)
    approve(base, release.name, by="test", as_of=DAY)
    return make_site(base, base / "site", today=DAY).folder


def test_every_page_of_what_moved_has_a_page_at_its_old_address(site: Path, reading) -> None:
    pages = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    pages = {page for page in pages if not page.startswith("r/")}
    for old, new in (
        ("measures/trusting-neighbours/", "measures/demo-neighbours-trusted/"),
        ("tables/trusting-neighbours/", "tables/demo-neighbours-trusted/"),
        ("c/trusting-neighbours/", "c/demo-neighbours-trusted/"),
    ):
        moved = {page.replace(new, old) for page in pages if page.startswith(new)}
        assert moved
        assert moved <= pages


def test_an_old_address_leads_on_by_a_plain_link_and_names_the_new_one(
    site: Path, reading: Callable[..., object]
) -> None:
    path = "measures/trusting-neighbours/index.html"
    page = reading(site / path)
    target = urljoin(path, "../demo-neighbours-trusted/index.html")
    links = [urljoin(path, g["href"]) for tag, g in page.tags if tag == "a"]
    assert links == [target]
    canonical = [g["href"] for tag, g in page.tags if g.get("rel") == "canonical"]
    assert [urljoin(path, href) for href in canonical] == [target]
    assert "refresh" not in page.values("http-equiv")
    assert page.count("script") == 0
    assert "has moved" in page.text


def test_the_pairs_of_a_renamed_borough_lead_on_too(site: Path) -> None:
    old = {p.parent.relative_to(site).as_posix() for p in site.glob("compare/**/index.html")}
    ready = {one for one in old if one.count("/") == 2 and "groups" not in one}
    assert any("north-shore" in one for one in ready)
    for one in ready:
        first, second = one.split("/")[1:]
        assert first < second, one


def test_search_does_not_list_what_moved(site: Path) -> None:
    listed = (site / "static" / "search-index.js").read_text(encoding="utf-8")
    assert "demo-neighbours-trusted" in listed
    assert "trusting-neighbours" not in listed
