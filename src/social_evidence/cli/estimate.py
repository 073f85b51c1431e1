"""`social-evidence estimate`: figures with their sampling error from any survey file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.chi_squared import STATISTICS
from social_evidence.cli import estimate_arguments as arguments
from social_evidence.cli.estimate_output import print_csv, print_json, print_tables
from social_evidence.model.design import Design
from social_evidence.model.statistic import PROPORTION_INTERVALS
from social_evidence.readers import open_table


def command(
    file: Annotated[Path, typer.Argument(help="Survey file: .csv .sav .dta .parquet .xlsx …")],
    *,
    proportion: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VARIABLE=VALUE",
            help="Share of valid answers: VARIABLE=VALUE, VARIABLE=1,2 (any of them), or a "
            "condition such as 'age >= 65'. May repeat.",
        ),
    ] = None,
    mean: Annotated[
        list[str] | None, typer.Option(metavar="VARIABLE", help="Mean of a number.")
    ] = None,
    total: Annotated[
        list[str] | None, typer.Option(metavar="VARIABLE", help="Weighted total.")
    ] = None,
    ratio: Annotated[
        list[str] | None, typer.Option(metavar="A/B", help="Ratio of totals: A/B.")
    ] = None,
    quantile: Annotated[
        list[str] | None,
        typer.Option(metavar="VARIABLE=Q", help="Quantile: VARIABLE=0.5."),
    ] = None,
    difference: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BY:LEFT:RIGHT",
            help="Compare groups, left minus right: BY:LEFT:RIGHT (crossed: A*B:1*2:1*1).",
        ),
    ] = None,
    chi_squared: Annotated[
        list[str] | None,
        typer.Option(metavar="ROWS,COLUMNS", help="Test of independence: ROWS,COLUMNS."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="VARIABLE", help="Groups: one or several variables."),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(help="Subpopulation: a condition on columns."),
    ] = None,
    level: Annotated[float, typer.Option(help="Level of the limits.")] = 0.95,
    interval: Annotated[
        str,
        typer.Option(help=f"For proportions: {', '.join(PROPORTION_INTERVALS)}."),
    ] = "logit",
    test: Annotated[
        str,
        typer.Option(help=f"For --chi-squared: {', '.join(STATISTICS)}."),
    ] = "F",
    degrees_of_freedom: Annotated[
        float | None,
        typer.Option(help="Use this number for all limits."),
    ] = None,
    weight: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of weights.")] = None,
    strata: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="Strata, one a stage.")
    ] = None,
    psu: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Sampling units, one a stage."),
    ] = None,
    ssu: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Units of the second stage.")
    ] = None,
    fpc: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Population sizes or sampling fractions, one a stage."),
    ] = None,
    replicates: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMNS", help="Replicate weights: a,b,c or pwgtp[1-80]."),
    ] = None,
    replicate_method: Annotated[
        str | None,
        typer.Option(help="brr, fay, jk1, jkn, bootstrap, successive_difference, other."),
    ] = None,
    scale: Annotated[float | None, typer.Option(help="Scale of replicates.")] = None,
    rscales: Annotated[
        str | None,
        typer.Option(help="Scale of each replicate: a,b,c."),
    ] = None,
    mse: Annotated[bool, typer.Option(help="Spread about the full sample.")] = False,
    fay: Annotated[float | None, typer.Option(help="Fay's coefficient.")] = None,
    lonely_psu: Annotated[
        str,
        typer.Option(help="fail, remove, certainty, adjust, average."),
    ] = "fail",
    adjust_domain_lonely: Annotated[
        bool,
        typer.Option(help="Also where a group leaves one unit."),
    ] = False,
    calibration: Annotated[
        str | None,
        typer.Option(help="post_stratify, rake, greg, greg_raking."),
    ] = None,
    margins: Annotated[
        Path | None,
        typer.Option(help="Population totals: a table with columns variable, level, total."),
    ] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    delimiter: Annotated[str, typer.Option(help="Delimiter of text.")] = "auto",
    decimal: Annotated[str, typer.Option(help="Decimal sign.")] = ".",
    encoding: Annotated[str, typer.Option(help="Encoding.")] = "auto",
    member: Annotated[str, typer.Option(help="File inside a zip archive.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Estimate from a survey file, compare groups, test tables.

    Proportions, means, totals, ratios and quantiles. The design is named by columns; every row of
    the file stays in it, whatever is asked. Limits, design effect and degrees of freedom come with
    each figure. No disclosure rule is applied: the result is not ready to be published.

    \b
    Example:
      social-evidence estimate residents.sav --proportion Q5=1,2 --by Gender \\
        --weight weight --replicates "repwt[01-40]" --replicate-method jk1
      social-evidence estimate nhanes.csv --proportion HI_CHOL=1 --by race \\
        --weight WTMEC2YR --strata SDMVSTRA --psu SDMVPSU
    """  # noqa: D301 - \b keeps the example's lines apart
    question = arguments.Question(
        statistics=arguments.statistics(
            proportions=proportion or (),
            interval=interval,
            means=mean or (),
            totals=total or (),
            ratios=ratio or (),
            quantiles=quantile or (),
        ),
        comparisons=tuple(arguments.comparison(text) for text in difference or ()),
        tables=tuple(arguments.cross_table(text) for text in chi_squared or ()),
        by=arguments.names(by) or (),
        where=where,
        level=level,
        test=test,
        degrees_of_freedom=degrees_of_freedom,
    )
    arguments.check_asked(question, one_kind=as_csv)
    design = Design(
        weight=weight,
        strata=arguments.names(strata),
        psu=arguments.names(psu),
        ssu=ssu,
        fpc=arguments.names(fpc),
        replicates=arguments.names(replicates),
        replicate_method=replicate_method,
        scale=scale,
        rscales=arguments.numbers(rscales, "--rscales"),
        mse=mse,
        fay=fay,
        calibration=arguments.calibration(calibration, margins),
        lonely_psu=arguments.lonely(lonely_psu),
        adjust_domain_lonely=adjust_domain_lonely,
    )
    layout = arguments.layout(sheet, member, delimiter, decimal, encoding)
    answer = arguments.answered(open_table(file, layout), design, question)
    printed = print_json if as_json else print_csv if as_csv else print_tables
    printed(answer)
