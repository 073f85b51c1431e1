"""The office's tests run on SQLite and, where it is installed, on PostgreSQL."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from social_evidence.app.packaged import catalogue_folders
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Signature
from social_evidence.store.office.office import Office, open_office


def _program(name: str) -> str:
    """Find a program of PostgreSQL; Debian keeps them beside its path."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(beside[-1]) if beside else shutil.which(name)
    if found is None:
        reason = f"{name} is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason} (REQUIRE_TOOLS=1)")
        pytest.skip(reason)
    return found


def _as_nobody(command: list[str], folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: there another user runs it."""
    if os.geteuid() != 0:
        return command
    user = "postgres" if _is_user("postgres") else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--", *command]


def _is_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A server of PostgreSQL behind a socket; each call gives the URL of a database of its own."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="office-pg-"))
    cluster, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        subprocess.run(_as_nobody([*command], folder), check=True, capture_output=True, cwd=folder)

    try:
        run(initdb, "-D", str(cluster), "-A", "trust", "-U", "office", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(control, "-D", str(cluster), "-l", str(log), "-o", options, "-w", "start")
        try:
            yield _databases(folder)
        finally:
            run(control, "-D", str(cluster), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _databases(folder: Path) -> Callable[[], str]:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    numbers = itertools.count(1)

    def new() -> str:
        name = f"office_{next(numbers)}"
        with psycopg.connect(f"postgresql://office@/postgres?host={folder}", autocommit=True) as to:
            to.execute(f"CREATE DATABASE {name}")
        return f"postgresql://office@/{name}?host={folder}"

    return new


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an office is to be: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "office.sqlite")
    return request.getfixturevalue("postgres")()


@pytest.fixture
def office(place: str) -> Iterator[Office]:
    with open_office(place) as opened:
        yield opened


@pytest.fixture(scope="session")
def by() -> Signature:
    return Signature(role="programme officer", at="2026-11-22T09:00:00Z")


@pytest.fixture(scope="session")
def london() -> Catalogue:
    return load(catalogue_folders(None))
