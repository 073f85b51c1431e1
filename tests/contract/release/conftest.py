"""Releases to hold against the contract: the demonstration, an invented town, real open files."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.resources
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from by_path import module_at
from social_evidence.app.build import build
from social_evidence.app.demo import demonstrate
from social_evidence.catalogue.load import load

AS_OF = dt.date(2026, 11, 22)


def module(name):
    return module_at(Path(__file__).with_name(f"{name}.py"))


@dataclass
class Built:
    """A release beside what it was built from."""

    folder: Path
    catalogue_folder: Path
    sources: Path

    @cached_property
    def catalogue(self):
        return load([self.catalogue_folder])

    @cached_property
    def table(self):
        return pq.read_table(self.folder / "estimates.parquet")

    @cached_property
    def rows(self):
        return self.table.to_pylist()

    @cached_property
    def shown(self):
        return [row for row in self.rows if row["status"] in {"shown", "low_base"}]

    def json(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def csv(self, name):
        text = (self.folder / name).read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text)))

    def series(self, row):
        (found,) = [
            one
            for one in self.catalogue.measures[row["measure"]].series
            if (one.id, one.part) == (row["series"], row["part"])
        ]
        return found

    def one(self, **wanted):
        found = [r for r in self.rows if all(r[name] == value for name, value in wanted.items())]
        assert len(found) == 1, f"{len(found)} rows for {wanted}"
        return found[0]


@pytest.fixture(scope="session")
def town():
    return module("town")


@pytest.fixture(scope="session")
def twin():
    return module("twin")


@pytest.fixture(scope="session")
def town_release(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    catalogue, sources = town.write(folder)
    return Built(build([catalogue], [sources], folder, as_of=AS_OF), catalogue, sources)


@pytest.fixture(scope="session")
def demo_release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    found = demonstrate(folder, as_of=AS_OF)
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    return Built(found.release, Path(str(package)), folder / "sources")


@pytest.fixture(scope="session")
def open_data_release(root, data_root, tmp_path_factory):
    catalogue = root / "examples" / "open-data"
    folder = tmp_path_factory.mktemp("open")
    return Built(build([catalogue], [data_root], folder, as_of=AS_OF), catalogue, data_root)


@pytest.fixture(scope="session", params=["demo", "town", "open_data"])
def release(request):
    return request.getfixturevalue(f"{request.param}_release")
