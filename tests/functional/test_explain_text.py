"""What `explain` prints: no line twice, no internal name, an owner's own hiding called that."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.demo import demonstrate
from social_evidence.app.release import load_release


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    demonstrate(folder)
    return folder


def test_a_column_that_numerator_and_denominator_share_is_named_once(demo: Path) -> None:
    told = str(load_release(demo).explain("demo_electors_per_adult"))
    assert told.count("area: column area") == 1
    assert told.count("period: column year") == 1


def test_columns_and_codes_are_named_as_such(demo: Path) -> None:
    told = str(load_release(demo).explain("demo_neighbours_trusted", group="female"))
    assert "answer: column trust; codes 1 → strongly_agree" in told
    assert "breakdown sex: column sex; codes 1 → male" in told


def test_a_formula_stands_beside_its_words(demo: Path) -> None:
    told = str(load_release(demo).explain("demo_electors_per_adult"))
    assert "Formula: R = numerator / denominator, that is one count over another" in told


def test_a_count_its_owner_hides_is_said_to_be_hidden_by_its_owner(
    demo: Path, tmp_path: Path
) -> None:
    register = (demo / "sources" / "register.csv").read_text(encoding="utf-8").splitlines()
    year, area, _, adults, mark = register[1].split(",")
    register[1] = f"{year},{area},c,{adults},{mark}"
    (tmp_path / "register.csv").write_text("\n".join(register) + "\n", encoding="utf-8")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as catalogue:
        built = build(
            [catalogue], [tmp_path], tmp_path / "out", measures=["demo_electors_per_adult"]
        )
    told = str(load_release(built).explain("demo_electors_per_adult", area=area, period=year))
    assert "Disclosure: the owner of the table hides this figure, and so do we" in told
    assert "none is hidden here" not in told
