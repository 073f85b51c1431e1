"""Commands that must be refused: what is wrong, how to make it so, what must be said.

Each record is one command typed in a folder that holds a small sound evidence base (`town.sound`)
but for one fault. The documentation's table of refusals is drawn from these records too.
"""

from __future__ import annotations

import functools
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq

from social_evidence.app.build import build


def _sibling(name: str) -> ModuleType:
    """Load a module of this folder, which is no package, whatever started the tests."""
    place = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"malformed_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


files = _sibling("files")
town = _sibling("town")

USAGE, DEFINITION, DATA, DESIGN, STORE = 2, 10, 11, 12, 14

BUILD = "build --catalogue catalogue --sources sources --out evidence --as-of 2026-01-01"
REGISTER = f"{BUILD} --measure demo_electors_per_adult"
SURVEY = f"{BUILD} --measure demo_neighbours_trusted"
DESIGNED = "--weight weight --strata district --psu point"
ESTIMATE = f"estimate sources/survey.csv --proportion trust=1 {DESIGNED}"
SURVEY_TOML = "catalogue/sources/demo_survey.toml"
REGISTER_TOML = "catalogue/sources/demo_register.toml"
MEASURE_TOML = "catalogue/measures/demo_neighbours_trusted.toml"


def _sound(_folder: Path) -> None:
    """Leave the evidence base as it is: the command itself is at fault."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One refused command.

    Attributes:
        id: Short name.
        what: What is wrong, for the documentation.
        command: Typed after `social-evidence`, in the folder of the evidence base.
        words: What the message must hold: the file, the place and the remedy.
        exit_code: 2 usage, 10 definition, 11 data, 12 design, 14 store.
        prepare: Puts the fault into the sound evidence base.
        secret: Values that the message must not show, besides the usual ones.
        environment: Variables set for the command.
        lock: A folder whose lock another build holds meanwhile.
    """

    id: str
    what: str
    command: str
    words: Sequence[str]
    exit_code: int
    prepare: town.Prepare = _sound
    secret: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    lock: str = ""


def _survey_sav(folder: Path) -> None:
    variables = [
        files.Variable(name=name, width=8 if name == "district" else 0) for name in town.people()[0]
    ]
    rows = [[*row.values()] for row in town.people()]
    files.sav(folder / "sources/survey.sav", variables, rows)


def _waiting(folder: Path) -> None:
    """Make a folder for a first release."""
    (folder / "other/releases").mkdir(parents=True)


def _cut_sav(folder: Path) -> None:
    _survey_sav(folder)
    path = folder / "sources/survey.sav"
    path.write_bytes(path.read_bytes()[:-700])


def _workbook(folder: Path) -> None:
    rows = town.people()
    table = [list(rows[0]), *([*row.values()] for row in rows)]
    files.xlsx(folder / "sources/survey.xlsx", {"Notes": [["about"]], "Answers": table})


def _damaged_xls(folder: Path) -> None:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    (folder / "sources/survey.xls").write_bytes(start + b"\xfb" * 2000)


def _giant_zip(folder: Path) -> None:
    files.declared_zip(folder / "sources/survey.csv.zip", 10_000_000_000)


def _parquet(weight: float) -> town.Prepare:
    def prepare(folder: Path) -> None:
        columns = {name: [row[name] for row in town.people()] for name in town.people()[0]}
        columns["weight"][3] = weight
        pq.write_table(pa.table(columns), folder / "sources/survey.parquet")
        town.replaced(SURVEY_TOML, '"survey.csv"', '"survey.parquet"')(folder)

    return prepare


@functools.cache
def _first_release() -> tempfile.TemporaryDirectory[str]:
    """Build the sound evidence base once; it is removed when the process ends."""
    kept = tempfile.TemporaryDirectory(prefix="sound-release-")
    base = Path(kept.name)
    town.sound(base)
    build([base / "catalogue"], [base / "sources"], base / "evidence", as_of=date(2026, 1, 1))
    return kept


def _built(folder: Path) -> None:
    """Put a release there, so that there is something to explain, damage or build upon."""
    shutil.copytree(Path(_first_release().name) / "evidence", folder / "evidence")


def _release(step: town.Prepare) -> town.Prepare:
    return town.both(_built, step)


def _derived(expression: str, more: str = "") -> town.Prepare:
    """Let the survey's question be answered by a derived variable."""
    return town.both(
        town.replaced(SURVEY_TOML, 'variable = "trust"', 'variable = "agreed"'),
        town.appended(SURVEY_TOML, f'\n[derived.agreed]\nexpression = "{expression}"\n{more}'),
    )


def _points(content: bytes) -> town.Prepare:
    """Look the sampling points up in a file of their own, which tells of each person's answer."""
    return town.both(
        town.written("sources/points.csv", content),
        town.replaced(SURVEY_TOML, '"2025"', '"2025"\n[[files]]\n' + _LOOKED_UP),
        town.replaced(SURVEY_TOML, 'variable = "trust"', 'variable = "mood"'),
    )


_LOOKED_UP = 'path = "points.csv"\nwave = "*"\njoin = ["point"]'


CASES: list[Case] = [
    # What was typed.
    Case(
        id="unknown_command",
        what="a command that does not exist",
        command="bild",
        words=("bild",),
        exit_code=USAGE,
    ),
    Case(
        id="unknown_option",
        what="an option that does not exist",
        command=f"{ESTIMATE} --wieght weight",
        words=("--wieght", "--weight"),
        exit_code=USAGE,
    ),
    Case(
        id="estimate_without_file",
        what="`estimate` without a file",
        command="estimate",
        words=("file",),
        exit_code=USAGE,
    ),
    Case(
        id="nothing_asked",
        what="`estimate` without a question",
        command="estimate sources/survey.csv",
        words=("--proportion", "--mean"),
        exit_code=USAGE,
    ),
    Case(
        id="build_without_out",
        what="`build` without `--out`",
        command="build --catalogue catalogue --sources sources",
        words=("--out",),
        exit_code=USAGE,
    ),
    Case(
        id="level_is_text",
        what="a level that is no number",
        command=f"{ESTIMATE} --level high",
        words=("--level", "valid number"),
        exit_code=USAGE,
    ),
    Case(
        id="unknown_interval",
        what="an interval that does not exist",
        command=f"{ESTIMATE} --interval loggit",
        words=("loggit", "logit"),
        exit_code=DEFINITION,
    ),
    Case(
        id="unknown_lonely_rule",
        what="a rule for lonely units that does not exist",
        command=f"{ESTIMATE} --lonely-psu ignore",
        words=("--lonely-psu", "ignore", "certainty"),
        exit_code=USAGE,
    ),
    Case(
        id="difference_shape",
        what="a comparison that does not name two groups",
        command=f"{ESTIMATE} --difference sex:1",
        words=("--difference", "sex:1", "BY:LEFT:RIGHT"),
        exit_code=USAGE,
    ),
    Case(
        id="impossible_day",
        what="a release date that no calendar has",
        command=f"{BUILD.replace('2026-01-01', '2026-02-30')}",
        words=("--as-of", "2026-02-30", "year-month-day"),
        exit_code=USAGE,
    ),
    # `estimate`: the file.
    Case(
        id="estimate_misspelt_file",
        what="a survey file that is not there",
        command="estimate sources/survay.csv --mean trust",
        words=("survay.csv", "no such file", "nearest is 'survey.csv'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_truncated_sav",
        what="an SPSS file cut short",
        command="estimate sources/survey.sav --mean trust --weight weight",
        prepare=_cut_sav,
        words=("survey.sav", "cut short"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_empty_file",
        what="an empty survey file",
        command=ESTIMATE,
        prepare=town.written("sources/survey.csv", b""),
        words=("survey.csv", "empty (0 bytes)"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_no_rows",
        what="a header without any rows",
        command=ESTIMATE,
        prepare=town.written("sources/survey.csv", b"district,point,weight,trust\n"),
        words=("survey.csv", "no rows"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_byte_order_mark",
        what="a survey file of a byte order mark and nothing else",
        command=ESTIMATE,
        prepare=town.written("sources/survey.csv", b"\xef\xbb\xbf"),
        words=("survey.csv", "byte order mark and nothing else"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_giant_zip",
        what="a survey in an archive that declares ten gigabytes",
        command="estimate sources/survey.csv.zip --mean trust",
        prepare=_giant_zip,
        words=("survey.csv.zip", "10,000,000,000"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_duplicate_headers",
        what="a survey with one column name twice",
        command=ESTIMATE,
        prepare=town.replaced("sources/survey.csv", ",trust,", ",weight,"),
        words=("survey.csv", "'weight' in columns 4, 7"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_wrong_sheet",
        what="a sheet that the survey's workbook lacks",
        command=f"estimate sources/survey.xlsx --mean trust {DESIGNED} --sheet Answer",
        prepare=_workbook,
        words=("survey.xlsx", "'Answer'", "nearest is 'Answers'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_damaged_xls",
        what="a survey in a damaged .xls workbook",
        command="estimate sources/survey.xls --mean trust",
        prepare=_damaged_xls,
        words=("survey.xls", "damaged"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_mixed_encodings",
        what="a survey in two encodings",
        command="estimate sources/survey.csv --mean trust",
        prepare=town.written(
            "sources/survey.csv", "name,trust\né,1\n".encode() + "ô,2\n".encode("cp1252")
        ),
        words=("survey.csv", "row 3", "mixes encodings"),
        exit_code=DATA,
    ),
    # `estimate`: the question.
    Case(
        id="estimate_unknown_column",
        what="a question about a column that is not there",
        command="estimate sources/survey.csv --mean trustt",
        words=("survey.csv", "'trustt'", "nearest is 'trust'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_unknown_group",
        what="groups by a column that is not there",
        command=f"{ESTIMATE} --by Sex",
        words=("survey.csv", "'Sex'", "nearest is 'sex'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_mean_of_text",
        what="the mean of a column of text",
        command="estimate sources/survey.csv --mean district",
        words=("survey.csv", "'district'", "numbers are needed"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_value_nobody_has",
        what="the share of an answer that nobody gave",
        command="estimate sources/survey.csv --proportion district=Northbnak",
        words=("survey.csv", "'Northbnak'", "nearest is 'Northbank'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_quantile_outside",
        what="a quantile that is not between 0 and 1",
        command=f"estimate sources/survey.csv --quantile age=50 {DESIGNED}",
        words=("50", "between 0 and 1"),
        exit_code=DEFINITION,
    ),
    Case(
        id="estimate_level_outside",
        what="a level that is not between 0 and 1",
        command=f"{ESTIMATE} --level 95",
        words=("level", "95", "between 0 and 1"),
        exit_code=DEFINITION,
    ),
    Case(
        id="estimate_hostile_condition",
        what="a condition that would read another file",
        command=f"{ESTIMATE} --where \"age > (select 1 from read_csv('/etc/passwd'))\"",
        words=("subquery", "not allowed", "read_csv"),
        exit_code=DEFINITION,
    ),
    Case(
        id="estimate_two_statements",
        what="a condition with a second statement behind it",
        command=f"{ESTIMATE} --where \"1; attach 'x'\"",
        words=("several statements", "semicolon"),
        exit_code=DEFINITION,
    ),
    Case(
        id="estimate_condition_unknown_column",
        what="a condition on a column that is not there",
        command=f'{ESTIMATE} --where "agee > 30"',
        words=("survey.csv", "'agee'", "nearest is 'age'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_condition_of_kinds",
        what="a condition that compares text with a number",
        command=f'{ESTIMATE} --where "district > 3"',
        words=("survey.csv", "district > 3", "text with text"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_division_by_zero",
        what="a variable that divides by zero",
        command='estimate sources/survey.csv --mean "age / (sex - 1)"',
        words=("survey.csv", "72 rows", "nullif"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_difference_unknown_value",
        what="a comparison with a group that is not there",
        command=f"{ESTIMATE} --difference district:Northbank:Eastfill",
        words=("survey.csv", "'Eastfill'", "'Easthill'"),
        exit_code=DATA,
    ),
    # `estimate`: the design.
    Case(
        id="estimate_missing_psu_column",
        what="sampling units in a column that is not there",
        command=ESTIMATE,
        prepare=town.survey(without=["point"]),
        words=("survey.csv", "'point'", "The design needs it"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_text_in_weight",
        what="text in a weight",
        command=ESTIMATE,
        prepare=town.survey({3: {"weight": town.PRIVATE}}),
        words=("survey.csv", "'weight'", "numbers are needed"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_negative_weight",
        what="a negative weight",
        command=ESTIMATE,
        prepare=town.survey({3: {"weight": -8.4711}}),
        words=("survey.csv", "'weight'", "1 a negative one"),
        secret=("8.4711",),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_missing_weight",
        what="missing weights",
        command=ESTIMATE,
        prepare=town.survey({3: {"weight": ""}, 7: {"weight": ""}}),
        words=("survey.csv", "'weight'", "2 have no weight"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_infinite_weight",
        what="an infinite weight",
        command=ESTIMATE.replace(".csv", ".parquet"),
        prepare=_parquet(float("inf")),
        words=("survey.parquet", "'weight'", "infinite in 1 of 144 rows"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_nan_weight",
        what="a weight that is not a number (NaN)",
        command=ESTIMATE.replace(".csv", ".parquet"),
        prepare=_parquet(float("nan")),
        words=("survey.parquet", "'weight'", "1 have no weight"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_all_weights_zero",
        what="weights that are all zero",
        command=ESTIMATE,
        prepare=town.survey({row: {"weight": 0} for row in range(144)}),
        words=("survey.csv", "'weight'"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_lonely_psu",
        what="a stratum with one sampling unit",
        command=ESTIMATE,
        prepare=town.survey({row: {"point": 1} for row in range(36)}),
        words=("survey.csv", "1 of 4 strata", "lonely_psu"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_missing_stratum",
        what="rows whose stratum is not known",
        command=ESTIMATE,
        prepare=town.survey({5: {"district": ""}}),
        words=("survey.csv", "1 of 144 rows", "'district'"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_missing_replicates",
        what="replicate weights that are not there",
        command="estimate sources/survey.csv --mean trust --weight weight "
        "--replicates rep[1-4] --replicate-method brr",
        words=("survey.csv", "'rep1'"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_replicates_without_method",
        what="replicate weights without their method",
        command="estimate sources/survey.csv --mean trust --weight weight "
        "--replicates age,satisfaction",
        words=("replicate_method", "brr"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_small_population",
        what="a finite population smaller than its sample",
        command="estimate sources/survey.csv --mean trust --weight weight --fpc sex",
        words=("survey.csv", "144 of 144 rows", "population"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_margin_missing",
        what="a population total for a group the sample lacks",
        command=f"{ESTIMATE} --calibration post_stratify --margins margins.csv",
        prepare=town.written("margins.csv", b"variable,level,total\nsex,1,50\nsex,3,50\n"),
        words=("'sex'",),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_margin_columns",
        what="population totals without a column of totals",
        command=f"{ESTIMATE} --calibration rake --margins margins.csv",
        prepare=town.written("margins.csv", b"variable,level,totl\nsex,1,50\n"),
        words=("margins.csv", "'total'", "nearest is 'totl'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_margin_twice",
        what="two population totals for one group",
        command=f"{ESTIMATE} --calibration rake --margins margins.csv",
        prepare=town.written(
            "margins.csv", b"variable,level,total\nsex,1,50\nsex,2,50\nsex,1,60\n"
        ),
        words=("margins.csv", "row 3", "'1'", "'sex'"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_margin_text",
        what="a population total that is no number",
        command=f"{ESTIMATE} --calibration rake --margins margins.csv",
        prepare=town.written("margins.csv", b"variable,level,total\nsex,1,50\nsex,2,many\n"),
        words=("margins.csv", "'total'", "row 3"),
        exit_code=DATA,
    ),
    Case(
        id="estimate_second_stage_alone",
        what="units of the second stage without those of the first",
        command="estimate sources/survey.csv --mean trust --ssu point",
        words=("ssu", "psu"),
        exit_code=DESIGN,
    ),
    Case(
        id="estimate_no_degrees_of_freedom",
        what="degrees of freedom below zero",
        command=f"{ESTIMATE} --degrees-of-freedom -1",
        words=("degrees_of_freedom", "-1", "above 0"),
        exit_code=DEFINITION,
    ),
    Case(
        id="estimate_column_of_nothing",
        what="the mean of a column that is blank in every row",
        command="estimate sources/survey.csv --mean trust",
        prepare=town.survey({row: {"trust": ""} for row in range(144)}),
        words=("survey.csv", "'trust'", "no row holds anything"),
        exit_code=DATA,
    ),
    # `build`: files of a survey.
    Case(
        id="build_missing_file",
        what="a source file that is not there",
        command=BUILD,
        prepare=town.both(town.removed("sources/survey.csv"), town.removed("sources/register.csv")),
        words=("2 files", "survey.csv", "register.csv", "demo_survey", "writes it", "--sources"),
        exit_code=DATA,
    ),
    Case(
        id="build_missing_sources",
        what="a folder of sources that is not there",
        command=BUILD.replace("--sources sources", "--sources surces"),
        words=("surces", "no such folder", "survey.csv", "--sources"),
        exit_code=DATA,
    ),
    Case(
        id="build_other_edition",
        what="a file that is not the edition its source names (sha-256)",
        command=BUILD,
        prepare=town.replaced(
            SURVEY_TOML, 'wave = "2025"', f'wave = "2025"\nsha256 = "{"0" * 64}"'
        ),
        words=("survey.csv", "sha-256", "another edition"),
        exit_code=DATA,
    ),
    Case(
        id="build_truncated_sav",
        what="a source in an SPSS file cut short",
        command=SURVEY,
        prepare=town.both(_cut_sav, town.replaced(SURVEY_TOML, '"survey.csv"', '"survey.sav"')),
        words=("survey.sav", "cut short"),
        exit_code=DATA,
    ),
    Case(
        id="build_empty_file",
        what="an empty source file",
        command=BUILD,
        prepare=town.written("sources/survey.csv", b""),
        words=("survey.csv", "empty (0 bytes)"),
        exit_code=DATA,
    ),
    Case(
        id="build_no_rows",
        what="a source with a header and no rows",
        command=SURVEY,
        prepare=town.written(
            "sources/survey.csv", b"district,point,weight,sex,age,trust,satisfaction\n"
        ),
        words=("survey.csv", "no rows"),
        exit_code=DATA,
    ),
    Case(
        id="build_torn_row",
        what="a row that ends too early, far down in a source",
        command=SURVEY,
        prepare=town.appended("sources/survey.csv", f"{town.PRIVATE},Northbank,1\n"),
        words=("survey.csv", "row 146", "3 cells", "header has 8"),
        exit_code=DATA,
    ),
    Case(
        id="build_missing_psu_column",
        what="a source without the column of its sampling units",
        command=SURVEY,
        prepare=town.survey(without=["point"]),
        words=("survey.csv", "'point'"),
        exit_code=DATA,
    ),
    Case(
        id="build_two_files_one_wave",
        what="two files for one wave, and nothing that says how they join",
        command=SURVEY,
        prepare=town.replaced(
            SURVEY_TOML, 'wave = "2025"', 'wave = "2025"\n[[files]]\npath = "b.csv"\nwave = "2025"'
        ),
        words=("demo_survey.toml", "combine", "2025", "rows", "columns"),
        exit_code=DEFINITION,
    ),
    Case(
        id="build_stacked_kinds",
        what="two files of one wave that hold text and numbers in one column",
        command=SURVEY,
        prepare=town.both(
            town.written(
                "sources/b.csv",
                b"district,point,weight,sex,age,trust\nNorthbank,1,1,1,30,%b\n"
                % town.PRIVATE.encode(),
            ),
            town.replaced(
                SURVEY_TOML,
                'wave = "2025"',
                'wave = "2025"\n[[files]]\npath = "b.csv"\nwave = "2025"',
            ),
            town.replaced(SURVEY_TOML, "synthetic = true", 'synthetic = true\ncombine = "rows"'),
        ),
        words=("b.csv", "'trust'", "survey.csv", "cannot be stacked"),
        exit_code=DATA,
    ),
    Case(
        id="build_renamed_column",
        what="a column that goes by none of the names its source lists, one of them still a guess",
        command=SURVEY,
        prepare=town.both(
            town.survey(without=["trust"]),
            town.replaced(
                SURVEY_TOML,
                "synthetic = true",
                'synthetic = true\naliases = { trust = ["trst", "q1*"] }\n'
                'to_confirm = { "items.demo_trust.variable" = "Which column holds trust?" }',
            ),
        ),
        words=("'trust'", "'trst', 'q1*'", "demo_neighbours_trusted", "line 2", "Which column"),
        exit_code=DATA,
    ),
    Case(
        id="build_two_columns_fit",
        what="two columns that fit one pattern of a source's names",
        command=SURVEY,
        prepare=town.both(
            town.replaced(SURVEY_TOML, 'psu = "point"', 'psu = "place"'),
            town.replaced(
                SURVEY_TOML, "synthetic = true", 'synthetic = true\naliases = { place = ["*t"] }'
            ),
        ),
        words=("survey.csv", "'*t'", "'place'", "'point'", "'weight'", "`columns`"),
        exit_code=DATA,
    ),
    Case(
        id="build_repeated_key",
        what="a file that is looked up with one key in two rows",
        command=SURVEY,
        prepare=_points(b"point,mood\n1,1\n2,2\n1,2\n"),
        words=("points.csv", "1 row repeats a key", "point", "survey.csv", "`join`"),
        exit_code=DATA,
    ),
    Case(
        id="build_key_of_another_kind",
        what="a file that is looked up by text where the other file has numbers",
        command=SURVEY,
        prepare=_points(f"point,mood\n{town.PRIVATE},1\n".encode()),
        words=("points.csv", "'point'", "survey.csv", "text_columns"),
        exit_code=DATA,
    ),
    Case(
        id="build_every_wave_without_key",
        what="a file of every wave that nothing says how to look up",
        command=SURVEY,
        prepare=town.replaced(
            SURVEY_TOML, 'wave = "2025"', 'wave = "2025"\n[[files]]\npath = "b.csv"\nwave = "*"'
        ),
        words=("demo_survey.toml", "files[2].join", "is missing"),
        exit_code=DEFINITION,
    ),
    # `build`: weights and design of a survey.
    Case(
        id="build_text_in_weight",
        what="text in a source's weight",
        command=SURVEY,
        prepare=town.survey({3: {"weight": town.PRIVATE}}),
        words=("survey.csv", "weight"),
        exit_code=DATA,
    ),
    Case(
        id="build_negative_weight",
        what="a negative weight in a source",
        command=SURVEY,
        prepare=town.survey({3: {"weight": -8.4711}}),
        words=("survey.csv", "weight", "negative"),
        secret=("8.4711",),
        exit_code=DESIGN,
    ),
    Case(
        id="build_missing_weight",
        what="missing weights, and no word of what that means",
        command=SURVEY,
        prepare=town.survey({3: {"weight": ""}, 7: {"weight": ""}}),
        words=("survey.csv", "2", "weight", "outside_population"),
        exit_code=DESIGN,
    ),
    Case(
        id="build_negative_weight_outside",
        what="a negative weight where only missing ones are declared",
        command=SURVEY,
        prepare=town.both(
            town.survey({3: {"weight": -8.4711}, 7: {"weight": ""}}),
            town.replaced(
                SURVEY_TOML, 'psu = "point"', 'psu = "point"\nmissing_weight = "outside_population"'
            ),
        ),
        words=("survey.csv", "negative"),
        secret=("8.4711",),
        exit_code=DESIGN,
    ),
    Case(
        id="build_infinite_weight",
        what="an infinite weight in a source",
        command=SURVEY,
        prepare=_parquet(float("inf")),
        words=("survey.parquet", "weight", "infinite"),
        exit_code=DESIGN,
    ),
    Case(
        id="build_nan_weight",
        what="a weight in a source that is not a number (NaN)",
        command=SURVEY,
        prepare=_parquet(float("nan")),
        words=("survey.parquet", "weight"),
        exit_code=DESIGN,
    ),
    Case(
        id="build_lonely_psu",
        what="a source with one sampling unit in a stratum",
        command=SURVEY,
        prepare=town.survey({row: {"point": 1} for row in range(36)}),
        words=("survey", "strat", "lonely_psu"),
        exit_code=DESIGN,
    ),
    Case(
        id="build_missing_stratum",
        what="rows of a source whose stratum is not known",
        command=SURVEY,
        prepare=town.both(
            town.survey({5: {"sex": ""}}),
            town.replaced(SURVEY_TOML, 'strata = ["district"]', 'strata = ["district", "sex"]'),
        ),
        words=("survey.csv", "sex", "1"),
        exit_code=DESIGN,
    ),
    Case(
        id="build_missing_replicates",
        what="a source without the replicate weights it names",
        command=SURVEY,
        prepare=town.both(
            town.replaced(
                SURVEY_TOML,
                'strata = ["district"]\npsu = "point"',
                'replicates = ["rep1", "rep2"]\nreplicate_method = "brr"\nbasis = "replicates"',
            ),
        ),
        words=("survey.csv", "'rep1'"),
        exit_code=DATA,
    ),
    # `build`: what a survey's variables hold.
    Case(
        id="build_unknown_answer",
        what="a code that no answer has",
        command=SURVEY,
        prepare=town.survey({3: {"trust": 77}}),
        words=("survey.csv", "'trust'", "'77'", "demo_trust", "missing"),
        exit_code=DATA,
    ),
    Case(
        id="build_unknown_group",
        what="a code that no group has",
        command=SURVEY,
        prepare=town.survey({3: {"sex": 7}}),
        words=("survey.csv", "'sex'", "'7'", "breakdown 'sex'", "missing"),
        exit_code=DATA,
    ),
    Case(
        id="build_outside_bands",
        what="an age beyond every band",
        command=SURVEY,
        prepare=town.survey({3: {"age": 471}}),
        words=("survey.csv", "'age'", "1 row", "'age_band'"),
        secret=("471",),
        exit_code=DATA,
    ),
    Case(
        id="build_outside_valid",
        what="a number outside its valid range",
        command=f"{BUILD} --measure demo_life_satisfaction",
        prepare=town.survey({3: {"satisfaction": 4711}}),
        words=("survey.csv", "'satisfaction'", "1 rows", "demo_satisfaction", "valid"),
        secret=("4711",),
        exit_code=DATA,
    ),
    Case(
        id="build_unknown_area",
        what="a district that no area is called",
        command=SURVEY,
        prepare=town.survey({3: {"district": "Northbnak"}}),
        words=("survey.csv", "'Northbnak'", "Northbank"),
        exit_code=DATA,
    ),
    Case(
        id="build_text_where_numbers",
        what="text among the ages",
        command=SURVEY,
        prepare=town.survey({3: {"age": town.PRIVATE}}),
        words=("survey.csv", "'age'", "1 of 144 rows", "null_text"),
        exit_code=DATA,
    ),
    Case(
        id="build_infinite_derived",
        what="a derived variable that divides by zero",
        command=SURVEY,
        prepare=_derived("1.0 / (trust - 3.0)"),
        words=("survey.csv", "demo_survey", "'agreed'", "rows", "nullif"),
        exit_code=DATA,
    ),
    Case(
        id="build_nan_derived",
        what="a derived variable that is not a number (NaN)",
        command=SURVEY,
        prepare=_derived("(trust - 3.0) / (trust - trust)"),
        words=("survey.csv", "demo_survey", "'agreed'", "144 rows", "nullif"),
        exit_code=DATA,
    ),
    Case(
        id="derived_of_kinds",
        what="a derived variable that mixes text and numbers",
        command="check catalogue",
        prepare=_derived("nullif(district, '') > 3"),
        words=("demo_survey.toml", "derived.agreed", "text with text"),
        exit_code=DEFINITION,
    ),
    Case(
        id="build_derived_of_kinds",
        what="a derived variable that takes a column's numbers for text",
        command=SURVEY,
        prepare=_derived("upper(trust)"),
        words=("survey.csv", "derived variable", "text with text"),
        exit_code=DEFINITION,
    ),
    Case(
        id="build_derived_unknown_column",
        what="a derived variable of a column that is not in the file",
        command=SURVEY,
        prepare=_derived("trustt"),
        words=("survey.csv", "'trustt'", "'trust'"),
        exit_code=DATA,
    ),
    # `build`: counts and published tables.
    Case(
        id="counts_missing_column",
        what="a table without the column of its counts",
        command=REGISTER,
        prepare=town.counts(without=["electors"]),
        words=("register.csv", "'electors'"),
        exit_code=DATA,
    ),
    Case(
        id="counts_unknown_area",
        what="a table's area that no area is called",
        command=REGISTER,
        prepare=town.counts({1: {"area": "Easthil"}}),
        words=("register.csv", "'Easthil'", "Easthill"),
        exit_code=DATA,
    ),
    Case(
        id="counts_unknown_marker",
        what="a suppression marker of unknown meaning",
        command=REGISTER,
        prepare=town.counts({1: {"electors": "[q]"}}),
        words=("register.csv", "'electors'", "row 2", "'[q]'", "markers"),
        exit_code=DATA,
    ),
    Case(
        id="counts_twice",
        what="one area and year in two rows",
        command=REGISTER,
        prepare=town.counts({1: {"area": "Northbank"}}),
        words=("register.csv", "X1-N", "2025", "two rows", "row 2"),
        exit_code=DATA,
    ),
    Case(
        id="counts_text",
        what="text where a count belongs",
        command=REGISTER,
        prepare=town.counts({1: {"electors": "about 900"}}),
        words=("register.csv", "'electors'", "row 2", "markers"),
        exit_code=DATA,
    ),
    Case(
        id="counts_negative",
        what="a negative count",
        command=REGISTER,
        prepare=town.counts({1: {"electors": -900}}),
        words=("register.csv", "demo_electors_per_adult", "numerator", "1 of 5", "negative"),
        exit_code=DATA,
    ),
    Case(
        id="counts_no_rows",
        what="a table with a header and no rows",
        command=REGISTER,
        prepare=town.written("sources/register.csv", b"year,area,electors,adults\n"),
        words=("register.csv", "no rows"),
        exit_code=DATA,
    ),
    Case(
        id="counts_period",
        what="a period that does not read as one",
        command=REGISTER,
        prepare=town.counts({1: {"year": "2025/26"}}),
        words=("register.csv", "'2025/26'", "year"),
        exit_code=DATA,
    ),
    Case(
        id="counts_filter_without_rows",
        what="a filter that no row passes",
        command=REGISTER,
        prepare=town.appended(REGISTER_TOML, '\n[quantities.adults.rows]\narea = ["Harbour"]\n'),
        words=("register.csv", "'Harbour'", "'adults'"),
        exit_code=DATA,
    ),
    Case(
        id="counts_contradiction",
        what="two files that give one cell two values",
        command=REGISTER,
        prepare=town.both(
            town.written("sources/more.csv", b"year,area,electors,adults\n2025,Easthill,4,10\n"),
            town.replaced(
                REGISTER_TOML,
                'path = "register.csv"',
                'path = "register.csv"\n[[files]]\npath = "more.csv"',
            ),
            town.replaced(REGISTER_TOML, "synthetic = true", 'synthetic = true\ncombine = "rows"'),
        ),
        words=("more.csv", "X1-E", "contradict"),
        exit_code=DATA,
    ),
    Case(
        id="counts_side_by_side",
        what="two files side by side that contradict each other",
        command=REGISTER,
        prepare=town.both(
            town.written("sources/more.csv", b"year,area,adults\n2025,Easthill,4\n"),
            town.replaced(
                REGISTER_TOML,
                'path = "register.csv"',
                'path = "register.csv"\n[[files]]\npath = "more.csv"',
            ),
            town.replaced(
                REGISTER_TOML,
                "synthetic = true",
                'synthetic = true\ncombine = "columns"\nkey = ["year", "area"]',
            ),
        ),
        words=("more.csv", "adults"),
        exit_code=DATA,
    ),
    # Definitions.
    Case(
        id="no_catalogue",
        what="a folder that is no catalogue",
        command="check sources",
        words=("sources", "catalogue.toml"),
        exit_code=DEFINITION,
    ),
    Case(
        id="toml_syntax",
        what="a definition that is not TOML",
        command="check catalogue",
        prepare=town.replaced(MEASURE_TOML, "version = 1", "version = = 1"),
        words=("demo_neighbours_trusted.toml", "line 2"),
        exit_code=DEFINITION,
    ),
    Case(
        id="toml_encoding",
        what="a definition that is not UTF-8",
        command="check catalogue",
        prepare=town.written("catalogue/questions/belong.toml", "# caf\xe9\n".encode("latin-1")),
        words=("questions/belong.toml", "UTF-8"),
        exit_code=DEFINITION,
    ),
    Case(
        id="unknown_field",
        what="a field that no definition has",
        command="check catalogue",
        prepare=town.replaced(MEASURE_TOML, "rationale =", "rational ="),
        words=("demo_neighbours_trusted.toml", "'rational'", "'rationale'"),
        exit_code=DEFINITION,
    ),
    Case(
        id="unknown_source",
        what="a measure from a source that does not exist",
        command="check catalogue",
        prepare=town.replaced(MEASURE_TOML, '"demo_survey"', '"demo_survay"'),
        words=("demo_neighbours_trusted.toml", "'demo_survay'", "'demo_survey'"),
        exit_code=DEFINITION,
    ),
    Case(
        id="example_falls_wrong",
        what="an example respondent who falls in the wrong place",
        command="check catalogue",
        prepare=town.replaced(MEASURE_TOML, 'falls = "numerator"', 'falls = "outside"'),
        words=("demo_neighbours_trusted.toml", "examples[1]", "numerator", "outside"),
        exit_code=DEFINITION,
    ),
    Case(
        id="hostile_derived",
        what="a derived variable that would read another file",
        command="check catalogue",
        prepare=_derived("(select count(*) from read_csv('/etc/passwd'))"),
        words=("demo_survey.toml", "agreed", "not allowed"),
        exit_code=DEFINITION,
    ),
    Case(
        id="several_faults",
        what="faults in two definitions at once",
        command="check catalogue",
        prepare=town.both(
            town.replaced(MEASURE_TOML, 'unit = "share"', 'unit = "percent"'),
            town.replaced(SURVEY_TOML, "valid = [0, 10]", "valid = [10, 0]"),
        ),
        words=("2 faults", "unit", "'percent'", "valid"),
        exit_code=DEFINITION,
    ),
    Case(
        id="build_faulty_catalogue",
        what="a build from a faulty catalogue",
        command=BUILD,
        prepare=town.replaced(MEASURE_TOML, '"demo_trust"\n', '"demo_trusst"\n'),
        words=("demo_neighbours_trusted.toml", "'demo_trusst'", "'demo_trust'"),
        exit_code=DEFINITION,
    ),
    Case(
        id="unknown_measure",
        what="a build of a measure that does not exist",
        command=f"{BUILD} --measure demo_neighbors_trusted",
        words=("'demo_neighbors_trusted'", "demo_neighbours_trusted"),
        exit_code=DEFINITION,
    ),
    Case(
        id="schema_under_a_file",
        what="schemas to be written below a file",
        command="check --schema sources/survey.csv/schemas",
        words=("sources/survey.csv/schemas", "cannot be written"),
        exit_code=STORE,
    ),
    Case(
        id="epoch_is_text",
        what="a SOURCE_DATE_EPOCH that is no number",
        command=BUILD.replace(" --as-of 2026-01-01", ""),
        environment={"SOURCE_DATE_EPOCH": "yesterday"},
        words=("SOURCE_DATE_EPOCH", "'yesterday'", "--as-of"),
        exit_code=DEFINITION,
    ),
    Case(
        id="epoch_beyond_time",
        what="a SOURCE_DATE_EPOCH beyond all calendars",
        command=BUILD.replace(" --as-of 2026-01-01", ""),
        environment={"SOURCE_DATE_EPOCH": "9" * 20},
        words=("SOURCE_DATE_EPOCH", "since 1970"),
        exit_code=DEFINITION,
    ),
    Case(
        id="id_is_not_the_file",
        what="a definition whose id is not its file's name",
        command="check catalogue",
        prepare=town.replaced(
            MEASURE_TOML, 'id = "demo_neighbours_trusted"', 'id = "neighbours_trusted"'
        ),
        words=("demo_neighbours_trusted.toml: id", "'neighbours_trusted'", "make them the same"),
        exit_code=DEFINITION,
    ),
    Case(
        id="defined_twice",
        what="two catalogues that define the same things",
        command=f"{BUILD} --catalogue catalogue",
        words=("demo_trust.toml", "defined already", "Keep one"),
        exit_code=DEFINITION,
    ),
    Case(
        id="period_is_no_period",
        what="a wave that is no period",
        command="check catalogue",
        prepare=town.replaced(SURVEY_TOML, 'wave = "2025"', 'wave = "last year"'),
        words=("demo_survey.toml", "files[1].wave", "'last year'", "2016Q3"),
        exit_code=DEFINITION,
    ),
    Case(
        id="areas_in_a_circle",
        what="two areas that lie in each other",
        command="check catalogue",
        prepare=town.appended(
            "catalogue/areas.toml",
            "".join(
                f'\n[[areas]]\ncode = "{own}"\nname = "{own}"\nkind = "borough"\n'
                f'parent = "{other}"\n'
                for own, other in ("AB", "BA")
            ),
        ),
        words=("areas.toml", "areas[6].parent", "circle"),
        exit_code=DEFINITION,
    ),
    Case(
        id="deep_toml",
        what="a definition nested five thousand deep",
        command="check catalogue",
        prepare=town.written("catalogue/questions/deep.toml", b"x = " + b"[" * 5000 + b"]" * 5000),
        words=("questions/deep.toml", "nested too deeply"),
        exit_code=DEFINITION,
    ),
    Case(
        id="path_leaves_sources",
        what="a source file outside the folder of sources",
        command=BUILD,
        prepare=town.replaced(REGISTER_TOML, '"register.csv"', '"../../register.csv"'),
        words=("demo_register.toml", "files[1].path", "only read inside"),
        exit_code=DEFINITION,
    ),
    Case(
        id="cache_is_a_file",
        what="a cache that cannot be made",
        command=SURVEY,
        environment={"XDG_CACHE_HOME": "/dev/null"},
        words=("cache", "/dev/null", "XDG_CACHE_HOME"),
        exit_code=STORE,
    ),
    # Where results go, and where they come from.
    Case(
        id="out_is_a_file",
        what="a file where the evidence base should be",
        command=REGISTER,
        prepare=town.written("evidence", b"notes"),
        words=("evidence", "--out"),
        exit_code=STORE,
    ),
    Case(
        id="out_under_a_file",
        what="an evidence base below a file",
        command=REGISTER.replace("--out evidence", "--out notes.txt/evidence"),
        prepare=town.written("notes.txt", b"notes"),
        words=("notes.txt/evidence", "--out"),
        exit_code=STORE,
    ),
    Case(
        id="locked",
        what="an evidence base in which another build is at work",
        command=REGISTER,
        prepare=_built,
        lock="evidence/releases",
        words=("evidence/releases", "Another build", "Wait"),
        exit_code=STORE,
    ),
    Case(
        id="version_not_newer",
        what="a version older than the latest release",
        command=f"{REGISTER} --version 2025.1.0",
        prepare=_built,
        words=("2025.1.0", "2026.1.0"),
        exit_code=STORE,
    ),
    Case(
        id="version_says_too_little",
        what="a version that calls figures that are gone a correction",
        command=f"{REGISTER} --version 2026.1.1",
        prepare=_built,
        words=("2026.1.1", "2026.1.0", "removed", "--version"),
        exit_code=STORE,
    ),
    Case(
        id="changed_without_a_note",
        what="a published number that changed, and no note says why",
        command=BUILD,
        prepare=_release(town.counts({0: {"electors": 911}})),
        words=("demo_electors_per_adult", 'since = "2026.1.0"', "notes/", "--unexplained"),
        exit_code=DEFINITION,
    ),
    Case(
        id="note_without_a_reason",
        what="a note that says nothing",
        command="check catalogue",
        prepare=town.written(
            "catalogue/notes/late.toml", b'since = "2026.1.0"\ncause = "late_data"\ntext = ""\n'
        ),
        words=("notes/late.toml", "text", "blank"),
        exit_code=DEFINITION,
    ),
    Case(
        id="approve_unknown",
        what="a release to approve that is not there",
        command="approve 2026.9.0 --in evidence --by board",
        prepare=_built,
        words=("2026.9.0", "There is 2026.1.0"),
        exit_code=STORE,
    ),
    Case(
        id="approve_damaged",
        what="a release to approve that is not as it was written",
        command="approve 2026.1.0 --in evidence --by board",
        prepare=_release(town.appended("evidence/releases/2026.1.0/areas.csv", "X,,,,,\n")),
        words=("areas.csv", "differs", "Restore"),
        exit_code=STORE,
    ),
    Case(
        id="approve_by_nobody",
        what="an approval by nobody",
        command="approve 2026.1.0 --in evidence --by ''",
        prepare=_built,
        words=("--by", "blank"),
        exit_code=STORE,
    ),
    Case(
        id="states_damaged",
        what="a list of decisions with a line that is none",
        command="approve 2026.1.0 --in evidence --by board",
        prepare=_release(town.written("evidence/releases/states.jsonl", b"approved\n")),
        words=("states.jsonl", "line 1", "Restore"),
        exit_code=STORE,
    ),
    Case(
        id="diff_unknown",
        what="a release to compare that is not there",
        command="diff 2026.1.0 2026.9.0 --in evidence",
        prepare=_built,
        words=("2026.9.0", "No release"),
        exit_code=STORE,
    ),
    Case(
        id="version_is_text",
        what="a version that is none",
        command=f"{REGISTER} --version latest",
        words=("--version", "'latest'", "2026.1.0"),
        exit_code=USAGE,
    ),
    Case(
        id="build_on_damaged_release",
        what="a build upon a release that somebody changed",
        command=REGISTER,
        prepare=_release(town.written("evidence/releases/2026.1.0/estimates.parquet", b"PAR1")),
        words=("2026.1.0", "estimates.parquet", "digest"),
        exit_code=STORE,
    ),
    Case(
        id="explain_no_release",
        what="a folder without a release",
        command="explain sources demo_electors_per_adult",
        words=("sources", "social-evidence build"),
        exit_code=STORE,
    ),
    Case(
        id="explain_changed_release",
        what="a release in which one figure was changed by hand",
        command="explain evidence demo_electors_per_adult",
        prepare=_release(town.appended("evidence/releases/2026.1.0/areas.csv", "X9,Y,city,,,\n")),
        words=("2026.1.0", "areas.csv", "digest", "Restore"),
        exit_code=STORE,
    ),
    Case(
        id="explain_broken_manifest",
        what="a release whose manifest is no JSON",
        command="explain evidence demo_electors_per_adult",
        prepare=_release(town.written("evidence/releases/2026.1.0/manifest.json", b"{")),
        words=("manifest.json", "Restore"),
        exit_code=STORE,
    ),
    Case(
        id="explain_missing_file",
        what="a release that lacks a file",
        command="explain evidence demo_electors_per_adult",
        prepare=_release(town.removed("evidence/releases/2026.1.0/provenance.json")),
        words=("2026.1.0", "provenance.json is missing"),
        exit_code=STORE,
    ),
    Case(
        id="explain_unknown_measure",
        what="a measure that the release does not hold",
        command="explain evidence demo_electors_per_adlt",
        prepare=_built,
        words=("'demo_electors_per_adlt'", "'demo_electors_per_adult'"),
        exit_code=DEFINITION,
    ),
    Case(
        id="explain_unknown_area",
        what="an area that the release does not hold",
        command="explain evidence demo_electors_per_adult --area Westfery",
        prepare=_built,
        words=("'Westfery'", "Westferry"),
        exit_code=DEFINITION,
    ),
    Case(
        id="explain_unknown_group",
        what="a group that the measure is not shown for",
        command="explain evidence demo_neighbours_trusted --group women",
        prepare=_built,
        words=("'women'", "female"),
        exit_code=DEFINITION,
    ),
    Case(
        id="explain_unknown_period",
        what="a period that the measure is not shown for",
        command="explain evidence demo_neighbours_trusted --period 2024",
        prepare=_built,
        words=("'2024'", "2025"),
        exit_code=DEFINITION,
    ),
    Case(
        id="init_not_empty",
        what="`init` in a folder that holds something",
        command="init sources",
        words=("sources", "not empty", "overwritten"),
        exit_code=STORE,
    ),
    Case(
        id="init_on_a_file",
        what="`init` where a file is",
        command="init sources/survey.csv",
        words=("sources/survey.csv", "is a file", "empty folder"),
        exit_code=STORE,
    ),
    Case(
        id="init_under_a_file",
        what="`init` below a file",
        command="init sources/survey.csv/town",
        words=("sources/survey.csv/town",),
        exit_code=STORE,
    ),
    Case(
        id="demo_on_a_file",
        what="`demo` where a file is",
        command="demo --no-serve --dir sources/survey.csv",
        words=("sources/survey.csv",),
        exit_code=STORE,
    ),
    Case(
        id="demo_over_other_sources",
        what="`demo` in a folder that holds a survey of somebody's own",
        command="demo --no-serve --dir .",
        words=("sources/survey.csv", "overwritten", "--dir"),
        exit_code=STORE,
    ),
    Case(
        id="demo_locked",
        what="`demo` where another build is at work",
        command="demo --no-serve --dir other",
        prepare=_waiting,
        lock="other/releases",
        words=("other/releases", "Another build"),
        exit_code=STORE,
    ),
]
