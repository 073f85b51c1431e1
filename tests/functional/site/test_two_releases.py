"""A second release: the first stays for good, and what only it had says where it stands."""

from __future__ import annotations

import importlib.resources
import shutil
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.site import Site, make_site
from social_evidence.errors import StoreError
from social_evidence.synthetic import city

GONE = "measures/demo-life-satisfaction/index.html"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], Site, Site]:
    """A site made after the first release, and again after one that lacks a measure."""
    base = tmp_path_factory.mktemp("two")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as folder:
        catalogue = Path(shutil.copytree(folder, base / "catalogue"))
    city.write_sources(base / "sources")
    first = build([catalogue], [base / "sources"], base, as_of=date(2026, 1, 2))
    approve(base, first.name, by="test", as_of=date(2026, 1, 2))
    one = make_site(base, base / "site", today=date(2026, 1, 2))
    frozen = {
        path.relative_to(base / "site").as_posix(): path.read_bytes()
        for path in (base / "site" / "r").rglob("*")
        if path.is_file()
    }
    (catalogue / "measures" / "demo_life_satisfaction.toml").unlink()
    second = build([catalogue], [base / "sources"], base, as_of=date(2027, 1, 2))
    approve(base, second.name, by="test", as_of=date(2027, 1, 2))
    again = make_site(base, base / "site", today=date(2027, 1, 2))
    return base / "site", frozen, one, again


def test_the_first_tree_keeps_its_bytes(
    two: tuple[Path, dict[str, bytes], Site, Site],
) -> None:
    folder, frozen, one, again = two
    assert one.built != again.built
    assert set(again.trees) == {*one.trees, again.version}
    for path, content in frozen.items():
        assert (folder / path).read_bytes() == content, path


def test_the_root_shows_the_newest(two: tuple[Path, dict[str, bytes], Site, Site], reading) -> None:
    folder, _, _, again = two
    assert f"release {again.version}" in reading(folder / "index.html").text


def test_a_page_that_is_gone_leads_to_its_last_copy(
    two: tuple[Path, dict[str, bytes], Site, Site], reading
) -> None:
    folder, _, one, _ = two
    page = reading(folder / GONE)
    assert "No longer in the newest release" in page.text
    (href,) = [h for h in page.values("href") if h.endswith(GONE) and "/r/" in h]
    assert (folder / GONE).parent.joinpath(href).resolve() == (
        folder / "r" / one.version / GONE
    ).resolve()


def test_the_page_on_releases_leads_to_every_tree(
    two: tuple[Path, dict[str, bytes], Site, Site], reading
) -> None:
    folder, _, one, again = two
    for page in (
        folder / "releases" / "index.html",
        folder / "r" / again.version / "releases" / "index.html",
    ):
        links = {(page.parent / href).resolve() for href in reading(page).values("href")}
        for version in (one.version, again.version):
            assert (folder / "r" / version / "index.html").resolve() in links
    first = reading(folder / "r" / one.version / "releases" / "index.html")
    assert again.version not in first.text


def test_a_tree_that_is_missing_is_made_again(
    two: tuple[Path, dict[str, bytes], Site, Site], tmp_path: Path
) -> None:
    folder, frozen, one, _ = two
    copy = Path(shutil.copytree(folder, tmp_path / "site"))
    shutil.rmtree(copy / "r" / one.version)
    made = make_site(folder.parent, copy, today=date(2027, 1, 2))
    assert made.built == (one.version,)
    for path, content in frozen.items():
        assert (copy / path).read_bytes() == content, path


def test_a_page_that_was_put_into_a_tree_is_refused_and_a_missing_one_too(
    two: tuple[Path, dict[str, bytes], Site, Site], tmp_path: Path
) -> None:
    folder, frozen, one, _ = two
    copy = Path(shutil.copytree(folder, tmp_path / "site"))
    added = copy / "r" / one.version / "measures" / "added.html"
    added.write_text("<h1>Not ours</h1>", encoding="utf-8")
    with pytest.raises(StoreError, match=r"added\.html was never published"):
        make_site(folder.parent, copy, today=date(2027, 1, 2))
    added.unlink()
    gone = copy / next(path for path in frozen if path.endswith("index.html"))
    content = gone.read_bytes()
    gone.unlink()
    with pytest.raises(StoreError, match="never changes"):
        make_site(folder.parent, copy, today=date(2027, 1, 2))
    gone.write_bytes(content)
    (copy / "r" / one.version / ".DS_Store").write_bytes(b"")
    assert make_site(folder.parent, copy, today=date(2027, 1, 2)).built == ()


def test_what_a_script_asks_for_the_newest_release_names_it(
    two: tuple[Path, dict[str, bytes], Site, Site],
) -> None:
    folder, frozen, one, again = two
    assert f'"version":"{again.version}"' in (folder / "latest.js").read_text(encoding="utf-8")
    for path, content in frozen.items():
        if path.endswith("index.html") and "/embed/" in path:
            here = Path(path).parent
            asked = content.decode().split('data-latest="')[1].split('"')[0]
            assert (folder / here / asked).resolve() == (folder / "latest.js").resolve()
            assert f'data-version="{one.version}"' in content.decode()
