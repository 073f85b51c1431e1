"""Write docs/catalogue.md: every field of every definition file, from the records themselves.

    python tools/catalogue_fields.py

A test compares the page with the records, so a new field cannot stay without its line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from social_evidence.catalogue.json_schema import schemas

PAGE = Path(__file__).resolve().parents[1] / "docs" / "catalogue.md"

_BEGIN = """# Definitions: every file and field

A catalogue is a folder of definitions. Adding a measure is writing one file; no program is
touched.

| File | Holds |
|---|---|
| `catalogue.toml` | the name of the evidence base |
| `areas.toml` | its areas, each under `[[areas]]` |
| `plan.toml` | what is published of all that could be computed; without it, everything |
| `strategy.toml` | the strategy the measures follow: its parts, policies and numbered actions |
| `similar.toml` | the areas most like each area, each with its distance |
| `redirects.toml` | addresses of the site that lead elsewhere now |
| `measures/**/<id>.toml` | a measure: what is measured, for whom, why, and from which series |
| `sources/**/<id>.toml` | a source: files, licence, layout, sample design, maps from raw codes |
| `questions/**/<id>.toml` | a harmonised question and its answers |
| `breakdowns/**/<id>.toml` | harmonised groups |
| `notes/**/<id>.toml` | why published figures changed since a release |
| `initiatives/**/<id>.toml` | what is done about it, and how each initiative is to be judged |
| `evaluation_plans/**/<id>.toml` | what an evaluation will look at, written down before results |
| `suitability/**/<id>.toml` | a rule by which a course suits certain learners |

A file is named by the id of what it defines; folders below these eight are free.
`social-evidence check FOLDER` reads everything and tells every fault at once, each with its file,
its field and the nearest name that exists. A list of records is counted from 1: `series[1].item`
is the item of the first `[[series]]`. Example respondents under `[[examples]]` say what a measure
means in people instead of codes, and are checked too.

Editors complete and check definitions by the schemas in [`schemas`](schemas); in editors that
read the directive, a first line such as `#:schema ../../docs/schemas/measure.json` names the
schema of a file. [`examples/open-data`](../examples/open-data) is a catalogue to start from.

The fields below are made from the program's own records by `python tools/catalogue_fields.py`.
"""

_TOP = ("catalogue", "areas", "plan", "strategy", "similar", "redirects")
_DOCUMENTS = (
    *_TOP,
    "measure",
    "source",
    "question",
    "breakdown",
    "note",
    "initiative",
    "evaluation_plan",
    "suitability",
)


def page() -> str:
    """Write the page.

    Returns:
        Its text, ending in a line break.
    """
    written = schemas()
    documents = {name: json.loads(written[f"{name}.json"]) for name in _DOCUMENTS}
    sections = [section for name in _DOCUMENTS for section in _sections(name, documents[name])]
    return _BEGIN + "".join(dict.fromkeys(sections))


def _sections(name: str, document: Mapping[str, Any]) -> Iterator[str]:
    if name != "areas":
        yield f"\n## `{name}.toml`\n" if name in _TOP else f"\n## {_one(name)}\n"
        yield _fields(document)
    else:
        yield "\n## `areas.toml`\n"
    for inner, described in sorted(document.get("$defs", {}).items()):
        yield f"\n### {inner}\n" + _fields(described)


def _one(name: str) -> str:
    """Name one of a kind of definition: `an initiative`, `an evaluation plan`."""
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name.replace('_', ' ')}"


def _fields(described: Mapping[str, Any]) -> str:
    needed = set(described.get("required", ()))
    lines = [f"\n{described['description']}\n\n", "| Field | Kind | Meaning |\n|---|---|---|\n"]
    for name, kind in described["properties"].items():
        mark = " (needed)" if name in needed else ""
        words = kind.get("description", "").replace("|", "\\|")
        lines.append(f"| `{name}`{mark} | {_kind(kind)} | {words} |\n")
    return "".join(lines)


def _kind(described: Mapping[str, Any]) -> str:
    if "$ref" in described:
        return described["$ref"].removeprefix("#/$defs/")
    if "enum" in described:
        return ", ".join(f"`{choice}`" if choice else "empty" for choice in described["enum"])
    if "anyOf" in described:
        return " or ".join(_kind(one) for one in described["anyOf"])
    if described["type"] == "array":
        return f"list of {_kind(described['items'])}"
    if described["type"] == "object":
        return f"table of {_kind(described['additionalProperties'])}"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
        described["type"], described["type"]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
