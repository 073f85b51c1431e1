"""An office with its pages, asked as a browser on this machine asks them."""

from __future__ import annotations

import datetime as dt
import importlib
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from social_evidence.app.returns_form import WRITERS, form_of
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Expected, Organisation, Signature
from social_evidence.store.office.office import open_office
from social_evidence.web.pages import office_pages
from social_evidence.web.settings import OfficeSettings

ROOT = Path(__file__).resolve().parents[3]
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
BY = Signature(role="tester", at="2026-11-22T10:00:00Z")
ORIGIN = "http://127.0.0.1:8017"
KEY = b"0123456789abcdef0123456789abcdef"
WIN = "workforce_integration_network"
EMPLOYER = Organisation(id="GB-COH-01234567", name="Example <b>Works</b>", kind="employer")

Send = Callable[..., httpx.Response]

with warnings.catch_warnings():
    # It asks for a library that is not among ours; with httpx it does what is needed here.
    warnings.simplefilter("ignore")
    TestClient = importlib.import_module("starlette.testclient").TestClient


@pytest.fixture(scope="session")
def london() -> Catalogue:
    return load([ROOT / "src/social_evidence/catalogues/london"])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An office in which a return is expected."""
    path = tmp_path / "base" / "office.sqlite"
    with open_office(path) as office:
        office.record_organisations([EMPLOYER], by=BY)
        asked = Expected(
            initiative=WIN,
            success_measure="WIN-ETHMON",
            organisation=EMPLOYER.id,
            period="2026Q1",
            due="2026-04-30",
        )
        office.record_expected([asked], by=BY)
    return path


@pytest.fixture
def settings(place: Path, london: Catalogue) -> OfficeSettings:
    return OfficeSettings(
        place=str(place),
        catalogue=london,
        role="tester",
        port=8017,
        key=KEY,
        largest=2_000_000,
        now=lambda: NOW,
    )


@pytest.fixture
def client(settings: OfficeSettings) -> Iterator[httpx.Client]:
    with TestClient(office_pages(settings), base_url=ORIGIN) as made:
        yield made


@pytest.fixture
def send(client: httpx.Client) -> Send:
    """Open a form's page and send it, as a browser does."""

    def to(path: str, name: str, content: bytes, **fields: object) -> httpx.Response:
        page = client.get(path.partition("?")[0])
        found = re.search(r'name="token" value="([^"]+)"', page.text)
        assert found
        return client.post(
            path.partition("?")[0],
            data={"token": found[1], **fields},
            files={"file": (name, content)},
            headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
        )

    return to


@pytest.fixture
def form(london: Catalogue, tmp_path: Path) -> Path:
    """An empty form of a return."""
    path = tmp_path / "form.xlsx"
    WRITERS[".xlsx"](form_of(london, WIN, "2026Q1", EMPLOYER), path)
    return path


@pytest.fixture
def asked(settings: OfficeSettings) -> Iterator[Callable[[OfficeSettings], httpx.Client]]:
    """Ask the pages of other settings."""
    made: list[httpx.Client] = []

    def of(other: OfficeSettings) -> httpx.Client:
        made.append(TestClient(office_pages(other), base_url=ORIGIN))
        return made[-1]

    yield of
    for client in made:
        client.close()
