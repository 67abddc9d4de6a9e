"""What several pages of a report show."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404

from common.bars import Bar, bars
from organisation.requests import OfficerRequest
from reports.enums import ReportState, Weight
from reports.exports.values import Printed, opener, printed, rows_path
from reports.figures import FIGURES
from reports.kinds import Facts, Section
from reports.models import QuotedFigure, Report
from reports.selectors import reading
from reports.selectors.evidence import facts_about
from reports.selectors.reading import Written
from reports.services.freezing import is_intact
from reports.services.writing import QUALIFIERS

PAGE = 50
SHOWN = 3  # registrations that stand under a finding; its list has all
LINES = (  # of each unit on the page: figure, its name on a telephone
    ("dang-ky", "Đăng ký"),
    ("moi", "Mới"),
    ("duy-tri", "Duy trì"),
    ("tap-the", "Tập thể"),
    ("ca-nhan", "Cá nhân"),
    ("cap-huyen", "Công nhận"),
    ("de-nghi", "Đề nghị"),
    ("cap-tinh", "Cấp tỉnh công nhận"),
    ("trung-uong", "Giới thiệu"),
)


def _evidence(found: Report) -> tuple[dict[int, list[str]], dict[int, str]]:
    """({registration: facts}, {registration: its title}) of the first ones behind each finding."""
    ids = {pk for one in found.problems for pk in one["ids"][:SHOWN]}
    titles = reading.titles_of(ids)
    return facts_about(titles, found.as_of), titles


def report_or_404(request: OfficerRequest, pk: int) -> Report:
    return get_object_or_404(reading.reports_visible_to(request.user), pk=pk)


@dataclass(frozen=True)
class ShownReport:
    """What the page of a report and its freezing both show of what was counted and written."""

    facts: Facts
    is_intact: bool | None
    """Whether a frozen one still is what was frozen; None for a draft."""
    total: list[tuple[str, str, int]]
    """(figure, its name on a telephone, its number) of all units together"""
    field_columns: list[tuple[int, str]]
    themes: list[tuple[str, int, str]]
    printed: Printed
    written: list[tuple[Written, list[list[tuple[str, str]]]]]
    """(a section, the pieces of each line: words, the list that they open)"""
    unwritten: list[Section]
    line_figures: tuple[tuple[str, str], ...]
    figures: list[tuple[str, str, int]]
    problems: list[dict[str, Any]]
    open_problems: int
    quoted: list[tuple[QuotedFigure, str, int]]
    qualifiers: tuple[str, ...]
    field_bars: list[Bar]


def shown_of(found: Report) -> ShownReport:
    facts = reading.facts_in(found)
    shown, parts = printed(found), reading.written(found, facts)
    facts_of, titles = _evidence(found)
    opens = opener(found, facts)
    problems = [
        one
        | {
            "shown": [(titles[pk], facts_of[pk]) for pk in one["ids"][:SHOWN] if pk in titles],
            "more": one["number"] - SHOWN,
            "label": Weight(one["weight"]).label,
            "answer": found.answers.get(one["key"], ""),
            "draft": found.answers.get(one["key"]) or one.get("earlier", ""),
            "asks": one["weight"] == Weight.ASKS,
        }
        for one in found.problems
    ]
    return ShownReport(
        facts=facts,
        is_intact=is_intact(found) if found.state == ReportState.FROZEN else None,
        total=[(slug, label, facts.numbers[slug]) for slug, label in LINES],
        field_columns=[(n, name) for n, name in enumerate(facts.fields)],
        themes=[(label, number, rows_path(found, "dang-ky", theme=label)) for label, number in facts.themes],
        printed=shown,
        written=[
            (one, [[(piece.text, opens(piece.opens) if piece.text != "0" else "") for piece in line] for line in one.lines])
            for one in parts
        ],
        unwritten=[one.section for one in parts if not one.lines],
        line_figures=LINES,
        figures=[
            (slug, figure.said(facts.own_level, facts.head), facts.numbers[slug])
            for slug, figure in FIGURES.items()
            if figure.is_shown(facts.numbers.get(slug))
        ],
        problems=problems,
        open_problems=sum(one["asks"] and not one["answer"] for one in problems),
        quoted=reading.quoted_beside(found, facts),
        qualifiers=QUALIFIERS,
        field_bars=bars([(name, rows_path(found, "dang-ky", "", name), number, 0) for name, number in facts.fields.items()]),
    )
