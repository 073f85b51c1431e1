"""An import that is killed leaves all of its file or nothing; two at once are both served."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from social_evidence.app.returns_accept import accept_returns
from social_evidence.store.office.office import open_office

KILLS = 3
MANY_KILLS = 50
ROWS = 400
INITIATIVE = "citizenship_and_integration_initiative"
PROGRAM = """
import datetime as dt, os, signal, sys, time, warnings
from pathlib import Path
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.returns_accept import accept_returns
from social_evidence.catalogue.load import load
from social_evidence.model.office import Signature
from social_evidence.store.office.office import open_office
warnings.simplefilter("ignore")  # from Python 3.12 on, a fork beside threads is warned of
catalogue = load(catalogue_folders(None))
by = Signature(role="programme officer", at="2026-11-22T09:00:00Z")
def take_in(place, file):
    with open_office(place) as office:
        accept_returns(office, Path(file), catalogue, by=by, today=dt.date(2026, 11, 22))
print("ready", flush=True)
for line in sys.stdin:
    place, file, delay = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        try:
            take_in(place, file)
        except BaseException as fault:
            print(repr(fault), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if delay != "never":
        time.sleep(float(delay))
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Importer:
    """A process that imports a file at a time, each in a child of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"

    def start(self, place: str, file: Path, killed_after: float | None = None) -> None:
        assert self.process.stdin
        delay = "never" if killed_after is None else repr(killed_after)
        self.process.stdin.write(f"{place}\t{file}\t{delay}\n")
        self.process.stdin.flush()

    def exit_code(self) -> int:
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def importers() -> Iterator[list[Importer]]:
    both = [Importer(), Importer()]
    for importer in both:
        importer.wait_until_ready()
    yield both
    for importer in both:
        importer.close()


def _file(folder: Path, name: str, value: int = 7, rows: int = ROWS) -> Path:
    path = folder / f"{name}.csv"
    lines = ["initiative,success_measure,organisation,period,dimension,code,value"]
    lines += [f"{INITIATIVE},CII-CAMP,{name}-{at},2026Q1,all,all,{value}" for at in range(rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def _held(place: str) -> Counter[str]:
    """Count returns by the file they came from, every revision included."""
    with open_office(place) as office:
        found = office.returns(with_history=True)
        assert len({(one.organisation, one.revision) for one in found}) == len(found)
        accepted = sum(line.accepted for line in office.imports())
    assert accepted == len(found)
    return Counter(one.organisation.rsplit("-", 1)[0] for one in found)


def _kill_many(importer: Importer, place: str, folder: Path, kills: int) -> None:
    """Kill imports at random moments until so many were caught in the act; finish each after."""
    started = time.monotonic()
    importer.start(place, _file(folder, "first"))
    assert importer.exit_code() == 0
    whole = time.monotonic() - started
    moments = random.Random(20261122)
    caught = number = 0
    while caught < kills:
        assert number < 6 * kills, "the kills come too late to catch an import"
        name = f"file{number}"
        file = _file(folder, name)
        importer.start(place, file, moments.uniform(0, whole))
        caught += importer.exit_code() != 0
        held = _held(place)
        assert held[name] in {0, ROWS}
        assert held["first"] == ROWS
        importer.start(place, file)
        assert importer.exit_code() == 0
        held = _held(place)
        assert set(held.values()) == {ROWS}
        assert len(held) == number + 2
        number += 1


def test_an_import_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    importers, place, tmp_path
):
    _kill_many(importers[0], place, tmp_path, KILLS)


@pytest.mark.slow
def test_fifty_imports_killed_at_random_lose_nothing_and_double_nothing(importers, place, tmp_path):
    _kill_many(importers[0], place, tmp_path, MANY_KILLS)


def test_two_who_import_at_once_are_both_served(importers, place, tmp_path):
    for importer, name in zip(importers, ("one", "two"), strict=True):
        importer.start(place, _file(tmp_path, name))
    assert [importer.exit_code() for importer in importers] == [0, 0]
    assert _held(place) == {"one": ROWS, "two": ROWS}


def test_two_who_import_the_same_file_at_once_keep_it_once(importers, place, tmp_path):
    file = _file(tmp_path, "same")
    for importer in importers:
        importer.start(place, file)
    assert [importer.exit_code() for importer in importers] == [0, 0]
    assert _held(place) == {"same": ROWS}


def test_of_two_who_disagree_at_once_both_stay_and_the_later_one_stands(importers, place, tmp_path):
    for number, importer in enumerate(importers):
        folder = tmp_path / str(number)
        folder.mkdir()
        importer.start(place, _file(folder, "same", value=number))
    assert [importer.exit_code() for importer in importers] == [0, 0]
    assert _held(place) == {"same": 2 * ROWS}
    with open_office(place) as office:
        assert len({found.value for found in office.returns()}) == 1
        assert {found.revision for found in office.returns()} == {2}


def test_a_reader_is_served_while_somebody_imports(place, tmp_path, london, by):
    with open_office(place) as writer, open_office(place) as reader:
        with writer.intake("returns", by=by) as intake:
            intake.returns(())
            assert reader.returns() == ()
            assert reader.imports() == ()
        assert len(reader.imports()) == 1


def test_reading_a_file_twice_adds_nothing(place, tmp_path, london, by):
    file = _file(tmp_path, "twice", rows=20)
    with open_office(place) as office:
        for expected in ((20, 0), (0, 20)):
            outcome = accept_returns(office, file, london, by=by, today=dt.date(2026, 11, 22))
            assert (outcome.added.accepted, outcome.added.unchanged) == expected
        assert len(office.returns(with_history=True)) == 20
