"""Whatever a catalogue says, a page shows it as text."""

from __future__ import annotations

import importlib.resources
import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.site import make_site
from social_evidence.synthetic import city

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "'><img src=x onerror=alert(2)>"
LONG = "w" * 300
TOKENS = "<!--twin--> {{ 7 * 7 }} {% raw %}"
TURNED = "\u202eesrever\u202c"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    base = tmp_path_factory.mktemp("hostile")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as folder:
        catalogue = Path(shutil.copytree(folder, base / "catalogue"))
    changed = {
        "measures/demo_neighbours_trusted.toml": [
            ("People who agree that neighbours can be trusted", f"{SCRIPT} {LONG} {TURNED}")
        ],
        "breakdowns/age_band.toml": [("18 to 34", ATTRIBUTE), ('"Age"', f'"{TOKENS}"')],
        "areas.toml": [
            ('name = "Northbank"', f'name = "Northbank {SCRIPT}"\naliases = ["Northbank"]')
        ],
        "catalogue.toml": [('title = "', f'title = "{SCRIPT} ')],
    }
    for name, pairs in changed.items():
        path = catalogue / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    city.write_sources(base / "sources")
    day = date(2026, 1, 2)
    release = build([catalogue], [base / "sources"], base, as_of=day)
    approve(base, release.name, by="test", as_of=day)
    made = make_site(base, base / "site", today=day).folder
    return {
        p.relative_to(made).as_posix(): p.read_text(encoding="utf-8") for p in made.rglob("*.html")
    }


def test_a_script_is_text(pages: Mapping[str, str]) -> None:
    assert any("&lt;script&gt;alert(1)" in text for text in pages.values())
    for path, text in pages.items():
        loaded = re.findall(r'<script src="[./a-z-]*static/[a-z/-]+\.js" defer></script>', text)
        assert text.count("<script") == len(loaded), path


def test_an_attribute_cannot_be_broken_out_of(pages: Mapping[str, str]) -> None:
    for path, text in pages.items():
        assert "<img" not in text, path


def test_the_places_of_templates_are_text(pages: Mapping[str, str]) -> None:
    assert any("{{ 7 * 7 }}" in text for text in pages.values())
    assert not any("49 {%" in text for text in pages.values())
    assert not any("<!--twin-->" in text for text in pages.values())


def test_no_mark_turns_text_round(pages: Mapping[str, str]) -> None:
    assert any("esrever" in text for text in pages.values())
    for path, text in pages.items():
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), path


def test_a_huge_word_may_break(pages: Mapping[str, str], made) -> None:
    sheet = (made.folder / "site.css").read_text(encoding="utf-8")
    assert "overflow-wrap: break-word" in sheet
    assert any(LONG in text for text in pages.values())


def test_a_place_named_like_a_script_has_a_plain_address(pages: Mapping[str, str]) -> None:
    assert any(path.startswith("areas/northbank-") for path in pages)
    assert all(set(path) <= set("abcdefghijklmnopqrstuvwxyz0123456789+-./") for path in pages)
