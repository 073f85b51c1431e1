"""Whether a source's definition fits the questions, breakdowns and areas it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.catalogue.file_checks import check_files
from social_evidence.catalogue.more_source_checks import check_more
from social_evidence.catalogue.names import check_id, check_period, is_known_area
from social_evidence.errors import DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.estimate import FLAGS, HIDDEN
from social_evidence.model.source import LEAST_INTERVAL, Source, SourceDesign
from social_evidence.model.source_maps import GroupMap
from social_evidence.model.source_table import Quantity
from social_evidence.plan.derived import check_expression


def check_source(source: Source, definitions: Definitions) -> None:
    """Note every fault of one source.

    Args:
        source: The source.
        definitions: Everything read; faults are noted in it.
    """
    place = definitions.place("sources", source.id)
    _check_words(source, place)
    check_files(source, place)
    _check_periods(source, place.at("period"))
    _check_areas(source, definitions, place.at("areas"))
    _check_derived(source, place.at("derived"))
    _check_items(source, definitions, place.at("items"))
    _check_breakdowns(source.breakdowns, definitions, place.at("breakdowns"), {UNKNOWN})
    _check_quantities(source, definitions, place.at("quantities"))
    check_more(source, definitions, place)
    if source.kind == "microdata":
        _check_design(source.design, place.at("design"))
    for marker, status in source.markers.items():
        if status not in HIDDEN:
            here = place.at("markers").at(marker)
            here.fault(f"{status!r} is no status a marker can mean.{suggestion(status, HIDDEN)}")


def _check_words(source: Source, place: Place) -> None:
    """What a page must be able to say of any source."""
    for name in ("title", "publisher", "licence", "how_to_get"):
        if not getattr(source, name).strip():
            place.at(name).fault("is blank; every figure's page shows it. Say what is known.")
    if source.url and not source.url.startswith(("https://", "http://")):
        place.at("url").fault(f"is {source.url!r}; write a web address beginning with https://.")
    for name in ("threshold", "low_base_minimum", "minimum_numerator"):
        if getattr(source, name) < 0:
            place.at(name).fault(f"is {getattr(source, name)}; it cannot be below 0.")
    if source.hidden_interval < LEAST_INTERVAL:
        place.at("hidden_interval").fault(
            f"is {source.hidden_interval}; what stays possible for a hidden count must be at least "
            f"{LEAST_INTERVAL} wide."
        )
    for index, correction in enumerate(source.corrections):
        check_period(correction.date, place.at("corrections", index).at("date"))


def _check_periods(source: Source, place: Place) -> None:
    for name, labels in (("fixed", (source.period.fixed,)), ("keep", source.period.keep)):
        for label in filter(None, labels):
            check_period(label, place.at(name))
    dated = source.period.fixed or source.period.column or source.period.wide
    own = [quantity.period for quantity in source.quantities.values()]
    for label in filter(None, own):
        check_period(label, place)
    dated = dated or (bool(own) and all(own))
    if source.kind != "microdata" and not dated and not all(file.wave for file in source.files):
        place.fault(
            "the period of a row is written nowhere. Give `column` and `form`, `fixed`, `wide`, "
            "or a `wave` for each file."
        )


def _check_areas(source: Source, definitions: Definitions, place: Place) -> None:
    areas = source.areas
    if bool(areas.whole) == bool(areas.columns):
        place.fault("needs `whole` (one area for every row) or `columns`, and not both.")
    whole = (areas.whole,) if areas.whole else ()
    named = (("whole", whole), ("sums", areas.sums), ("codes", areas.codes.values()))
    for name, codes in named:
        for code in codes:
            is_known_area(code, definitions, place.at(name))
    for code in areas.sums:
        _check_sum(code, definitions.catalogue.areas, place.at("sums"))
    for code, listed in areas.less.items():
        _check_less(code, listed, definitions, place.at("less").at(code))
    _check_area_flags(areas.flags, definitions, place.at("flags"))
    _check_left_out(areas.left_out, place.at("left_out"))


def _check_area_flags(
    flags: Mapping[str, tuple[str, ...]], definitions: Definitions, place: Place
) -> None:
    for code, listed in flags.items():
        is_known_area(code, definitions, place)
        for flag in sorted(set(listed) - FLAGS):
            place.at(code).unknown("flag", flag, FLAGS)


def _check_less(code: str, listed: tuple[str, ...], definitions: Definitions, place: Place) -> None:
    for one in (code, *listed):
        is_known_area(one, definitions, place)
    if len(listed) < 2:
        place.fault("needs the whole and at least one part to take off.")


def _check_left_out(left_out: Mapping[str, str], place: Place) -> None:
    for value, reason in left_out.items():
        if not reason.strip():
            place.at(value).fault("is blank; say why its rows are left out.")


def _check_sum(code: str, tree: AreaTree, place: Place) -> None:
    if code in tree.areas and not tree.children(code):
        place.fault(f"{code!r} has no areas below it to add up.")


def _check_derived(source: Source, place: Place) -> None:
    for name, derived in source.derived.items():
        here = place.at(name)
        try:
            used = check_expression(derived.expression, field=here.path)
        except DefinitionError as fault:
            here.at("expression").fault(str(fault))
            continue
        for column in sorted(set(derived.null_means) - set(used)):
            near = suggestion(column, used)
            here.at("null_means").fault(f"{column!r} does not stand in the expression.{near}")


def _check_items(source: Source, definitions: Definitions, place: Place) -> None:
    questions = definitions.catalogue.questions
    for name, item in source.items.items():
        here = place.at(name)
        if name not in definitions.ids("questions"):
            near = suggestion(name, definitions.ids("questions"))
            here.fault(f"there is no question {name!r}; an item is named by its question.{near}")
        elif name in questions:
            _check_answers(item.answers, questions[name].answers, here.at("answers"))
        if item.valid and (len(item.valid) != 2 or item.valid[0] > item.valid[1]):
            here.at("valid").fault("must be [smallest, largest].")
        if item.compares and item.compares.verdict != "same" and not item.compares.note.strip():
            here.at("compares").at("note").fault(
                f"is blank where the verdict is {item.compares.verdict!r}; say what differs, for "
                "people read it beside the figure."
            )


def _check_answers(answers: Mapping[str, str], known: Mapping[str, str], place: Place) -> None:
    if bool(answers) != bool(known):
        place.fault(
            "are codes where the question asks for a number."
            if answers
            else f"are missing; the question's answers are {', '.join(known)}."
        )
        return
    for code, answer in answers.items():
        if answer not in known:
            place.at(code).fault(
                f"{answer!r} is no answer of the question.{suggestion(answer, known)}"
            )


def _check_breakdowns(
    maps: Mapping[str, GroupMap], definitions: Definitions, place: Place, more: set[str]
) -> None:
    for name, groups in maps.items():
        here = place.at(name)
        if name not in definitions.ids("breakdowns"):
            here.unknown("breakdown", name, definitions.ids("breakdowns"))
        elif breakdown := definitions.catalogue.breakdowns.get(name):
            known = {group.id for group in breakdown.groups} | more
            mapped = (*groups.groups.values(), *groups.bands, *groups.equal_parts)
            ways = ("groups", "bands", "equal_parts")
            way = next((way for way in ways if getattr(groups, way)), "groups")
            _check_groups(mapped, known, here.at(way))
        _check_bands(groups.bands, here.at("bands"))


def _check_groups(mapped: Iterable[str], known: set[str], place: Place) -> None:
    for group in dict.fromkeys(mapped):
        if group not in known:
            place.fault(f"{group!r} is no group of the breakdown.{suggestion(group, known)}")


def _check_bands(bands: Mapping[str, tuple[float, ...]], place: Place) -> None:
    """Bands hold two numbers each and share none."""
    sound = []
    for group, ends in bands.items():
        if len(ends) == 2 and ends[0] <= ends[1]:
            sound.append((*ends, group))
        else:
            place.at(group).fault("must be [lowest, highest].")
    sound.sort()
    for (_, end, group), (start, _, following) in pairwise(sound):
        if start <= end:
            place.at(following).fault(
                f"begins at {start:g}, inside {group!r}, which ends at {end:g}."
            )


def _check_quantities(source: Source, definitions: Definitions, place: Place) -> None:
    if source.kind == "microdata":
        if source.quantities:
            place.fault("are for counts and published tables; microdata has `items`.")
        return
    if not source.quantities:
        place.fault(f"are missing; a source of kind {source.kind!r} says which numbers it holds.")
    for name, quantity in source.quantities.items():
        here = place.at(name)
        check_id(name, here)
        _check_columns(quantity, here)
        _check_addends(source, quantity, here)
        if not 0 < quantity.level < 1:
            here.at("level").fault(f"is {quantity.level:g}; a level lies between 0 and 1.")
        _check_area_columns(quantity, definitions, here.at("area_columns"))
        # A printed table has rows of everybody beside those of the groups.
        _check_breakdowns(quantity.groups, definitions, here.at("groups"), {UNKNOWN, ALL})
        _check_group_columns(source, quantity, definitions, here.at("group_columns"))


def _check_columns(quantity: Quantity, place: Place) -> None:
    spans = bool(quantity.from_column), bool(quantity.to_column)
    ways = (bool(quantity.column), any(spans), bool(quantity.spans))
    if sum(ways) != 1:
        place.fault("needs exactly one of `column`, `from_column` with `to_column`, `spans`.")
    if any(spans) and not all(spans):
        place.fault("needs both `from_column` and `to_column`.")
    for span in quantity.spans:
        if len(span) != 2:
            place.at("spans").fault(f"must be pairs of [first, last] column, got {len(span)}.")
    if bool(quantity.lower) != bool(quantity.upper):
        place.fault("has one limit only; name both `lower` and `upper`.")
    if quantity.lower and quantity.half_width:
        place.fault("has limits and a half width; name one of them.")


def _check_addends(source: Source, quantity: Quantity, place: Place) -> None:
    """Only counts add up, and a column beside many periods belongs to none of them."""
    wide = source.period.wide
    if source.kind == "published" and not wide and not quantity.column:
        place.fault("adds columns up, which holds for counts and not for published figures.")
    if wide and (quantity.lower or quantity.half_width):
        place.fault("has one column of limits for the many periods of a wide table.")


def _check_area_columns(quantity: Quantity, definitions: Definitions, place: Place) -> None:
    for code in quantity.area_columns:
        is_known_area(code, definitions, place)
    if quantity.area_columns and (quantity.lower or quantity.upper or quantity.half_width):
        place.fault("stand beside limits of the rows' own areas; the limits would be misread.")


def _check_group_columns(
    source: Source, quantity: Quantity, definitions: Definitions, place: Place
) -> None:
    """Groups side by side must be known, and nothing else may say the rows' group or period."""
    for name, columns in quantity.group_columns.items():
        here = place.at(name)
        if name not in definitions.ids("breakdowns"):
            here.unknown("breakdown", name, definitions.ids("breakdowns"))
        elif breakdown := definitions.catalogue.breakdowns.get(name):
            _check_groups(columns, {group.id for group in breakdown.groups}, here)
    if not quantity.group_columns:
        return
    if quantity.groups or source.period.wide:
        place.fault("stand beside `groups` or a wide period; a figure would have two addresses.")
    if quantity.lower or quantity.upper or quantity.half_width:
        place.fault("stand beside limits of everybody's figure; the limits would be misread.")


def _check_design(design: SourceDesign, place: Place) -> None:
    columns = [design.weight, design.psu, *design.strata, *design.replicates]
    for column, count in Counter(filter(None, columns)).items():
        if count > 1:
            place.fault(f"column {column!r} is named {count} times; it can have one role.")
    for name, message in _design_faults(design):
        place.at(name).fault(message)
    if _lacks_statement(design):
        place.at("statement").fault(
            f"is missing; with basis {design.basis!r} and lonely_psu {design.lonely_psu!r} the "
            "page must say what is not known of the sample and what that means."
        )


def _design_faults(design: SourceDesign) -> Iterator[tuple[str, str]]:
    """What a sample's basis needs and lacks: field, message."""
    if design.basis == "design" and not (design.strata or design.psu):
        yield "basis", _NO_STRUCTURE
    if design.basis == "replicates" and not (design.replicates and design.replicate_method):
        yield "replicates", "and replicate_method are needed where basis is 'replicates'."
    if design.replicates and design.basis != "replicates":
        yield "basis", "must be 'replicates' where replicate weights are named."
    if design.basis == "households" and not design.household:
        yield "household", "is missing; basis 'households' needs the column of the household."
    if design.deff is not None and design.deff <= 0:
        yield "deff", f"is {design.deff:g}; a design effect is above 0."
    if design.basis == "assumed_deff" and not (design.deff and design.deff_origin.strip()):
        yield "deff", "and deff_origin are needed where basis is 'assumed_deff'."


def _lacks_statement(design: SourceDesign) -> bool:
    """A page must say what is not known of a sample, and what was done instead."""
    stands_in = design.basis in {"weights_only", "assumed_deff", "none"}
    return (stands_in or design.lonely_psu != "fail") and not design.statement.strip()


_NO_STRUCTURE: Final = (
    "is 'design', but neither strata nor psu is named. Name them, or say 'weights_only', "
    "'households' or 'assumed_deff' with a statement."
)
