"""Programs of their own that build the small invented city, in whatever surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

DEMONSTRATE = """
import sys
from datetime import date
from pathlib import Path
import social_evidence
from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.demo import demonstrate
from social_evidence.errors import EvidenceError

base = Path(sys.argv[1])
catalogue = Path(social_evidence.__file__).parent / "catalogues" / "demo"
print("ready", flush=True)
for line in sys.stdin:
    day = date.fromisoformat(line.strip())
    try:
        if not (base / "sources").is_dir():
            demonstrate(base, as_of=day)
        else:
            release = build([catalogue], [base / "sources"], base, as_of=day)
            approve(base, release.name, by="demo", as_of=day)
    except EvidenceError as refused:
        print(refused.exit_code, str(refused).replace(chr(10), " "), flush=True)
    else:
        print(0, flush=True)
"""
"""Builds and approves for each day it is given, once it has said that it is ready."""


@dataclass
class Builder:
    """A process that builds in a folder when it is told to."""

    process: subprocess.Popen[str]

    def tell(self, day: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{day}\n")
        self.process.stdin.flush()

    def answer(self) -> tuple[int, str]:
        assert self.process.stdout
        code, _, words = self.process.stdout.readline().strip().partition(" ")
        return int(code), words

    def close(self) -> None:
        self.process.communicate(timeout=60)


StartBuilder = Callable[..., Builder]


@pytest.fixture
def start_builder(request: pytest.FixtureRequest) -> StartBuilder:
    def start(
        folder: Path, env: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> Builder:
        process = subprocess.Popen(
            [*before, sys.executable, "-c", DEMONSTRATE, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            text=True,
        )
        builder = Builder(process)
        request.addfinalizer(builder.close)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return builder

    return start
