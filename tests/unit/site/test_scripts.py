"""What scripts work out without a page, in node; an index of search against MiniSearch itself."""

from __future__ import annotations

import gzip
import importlib.resources
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from social_evidence.site.assets import assets, assigned, compact
from social_evidence.site.search_index import OPTIONS, Entry, documents, search_index

WORDS = (
    *("trust", "neighbours", "neighbourhood", "people’s", "who", "London", "rely—on", "naïve"),
    *("ŁÓDŹ", "16–24", "don’t", "বাংলা", "العربية", "e.g.", "…", "a", "constructor", "toString"),
)


@pytest.fixture(scope="module")
def scripts() -> Path:
    return Path(str(importlib.resources.files("social_evidence.site") / "static"))


@pytest.fixture(scope="module")
def node(scripts: Path) -> Callable[..., str]:
    """Run node with the folder of scripts in its environment."""
    program = shutil.which("node")
    if program is None:
        reason = "no node on this machine: the functions of scripts are not run"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason} (REQUIRE_TOOLS=1)")
        pytest.skip(reason)

    def run(*arguments: str, given: object = None) -> str:
        done = subprocess.run(
            [program, *arguments],
            input=json.dumps(given),
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "SITE_SCRIPTS": str(scripts)},
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


ANSWERS = """
import { readFileSync } from "node:fs";
await import(process.env.SITE_SCRIPTS + "/vendor/minisearch.js");
const { options, cases } = JSON.parse(readFileSync(0, "utf-8"));
const told = (index, query, more) =>
  index.search(query, more).map(({ id, score, terms, match }) => [id, score, terms, match]);
console.log(JSON.stringify(cases.map(({ stored, documents, queries }) => {
  const own = new MiniSearch(options);
  own.addAll(documents);
  const read = MiniSearch.loadJS(stored, options);
  return {
    own: JSON.parse(JSON.stringify(own)),
    answers: queries.flatMap((query) => [{}, { fuzzy: 0.34 }, { combineWith: "OR" }].map((more) =>
      [told(own, query, more), told(read, query, more)])),
  };
})));
"""


def entries(seed: int) -> list[Entry]:
    chance = random.Random(seed)

    def text(most: int) -> str:
        words = chance.choices(WORDS, k=chance.randint(0, most))
        return chance.choice((" ", ", ", "\n")).join(words)

    return [
        Entry(title=text(4), kind="Page", path=f"p{at}", names=text(2), text=text(20))
        for at in range(chance.randint(0, 12))
    ]


def test_an_index_made_here_answers_as_the_one_minisearch_makes(node) -> None:
    made = [entries(seed) for seed in range(40)]
    queries = ["trust", "nieghbours", "lond", "rely on", "naïve", "16", "বাংলা", "zebra", "people s"]
    cases = [
        {"stored": search_index(own), "documents": documents(own), "queries": queries}
        for own in made
    ]
    told: list[Any] = json.loads(
        node("--input-type=module", "-e", ANSWERS, given={"options": OPTIONS, "cases": cases})
    )
    found = 0
    for case, result in zip(cases, told, strict=True):
        stored, own = dict(case["stored"]), result["own"]
        assert dict(stored.pop("index")) == dict(own.pop("index"))
        assert stored == own
        for theirs, ours in result["answers"]:
            assert sorted(theirs, key=repr) == sorted(ours, key=repr)
            assert [hit[1] for hit in theirs] == [hit[1] for hit in ours]
            found += len(ours)
    assert found > 300


def test_the_functions_of_scripts_do_what_they_say(node) -> None:
    written = sorted((Path(__file__).parent / "scripts").glob("*.mjs"))
    told = node("--test", "--test-reporter=tap", *map(str, written))
    assert "# fail 0" in told
    assert told.count("ok ") >= sum(one.read_text("utf-8").count("\ntest(") for one in written)


def test_all_scripts_together_weigh_at_most_20_kb() -> None:
    weights = {
        path: len(gzip.compress(content, 9)) for path, content in assets() if path.endswith(".js")
    }
    assert len(weights) >= 4
    assert sum(weights.values()) <= 20_000, weights


def test_the_served_script_is_the_written_one_without_comments(scripts: Path, node) -> None:
    for path, content in assets():
        if path.endswith(".js") and "vendor" not in path:
            source = (scripts / path.removeprefix("static/")).read_text(encoding="utf-8")
            assert content.decode() == compact(source)
            assert "\n//" not in content.decode()
            node("--check", str(scripts / path.removeprefix("static/")))


def test_what_scripts_ask_for_is_loaded_by_tags_alone(scripts: Path) -> None:
    for path in scripts.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        for way in ("fetch(", "XMLHttpRequest", "cookie", "localStorage", "innerHTML", "eval("):
            assert way not in source, (path.name, way)
        assert "http://" not in source.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in source


def test_a_file_of_values_is_script_and_nothing_in_it_ends_a_tag(node) -> None:
    hostile = {"title": "</script><script>alert(1)</script>\u2028\u2029 \ue000 'quote' \"double\""}
    text = assigned("tables", hostile) + assigned("measures", hostile, "a<b")
    assert "<" not in text
    read = "const s = require('fs').readFileSync(0, 'utf-8'); eval(JSON.parse(s));"
    say = "console.log(JSON.stringify(globalThis.socialEvidence))"
    told = json.loads(node("-e", read + say, given=text))
    assert told == {"tables": hostile, "measures": {"a<b": hostile}}


def test_the_vendored_search_bears_its_licence(scripts: Path) -> None:
    licence = (scripts / "vendor" / "minisearch-licence.txt").read_text(encoding="utf-8")
    assert "Luca Ongaro" in licence
    assert "MIT" in (scripts / "vendor" / "minisearch.js").read_text(encoding="utf-8")[:200]
