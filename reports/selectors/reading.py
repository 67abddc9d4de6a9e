"""Reading reports: which one may see; their text with every figure and what it opens."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from common.addresses import link_to
from common.dates import today
from common.numbers import write_number
from models_registry.models import Registration, Season
from models_registry.selectors.leftovers import Leftover, leaves_open
from organisation.models import Reader, Unit
from organisation.permissions import unit_of, units_where
from organisation.roles import May
from organisation.tree import tree_for
from reports.counted import Counted
from reports.enums import ReportState
from reports.figures import FIGURES
from reports.kinds import Before, Facts, ReportKind, Section, kind_of
from reports.kinds.base import SAID
from reports.kinds.words import links_of, values_of
from reports.models import QuotedFigure, Report

BRACE = re.compile(r"\{(\w+)\}")


def reports_visible_to(user: Reader) -> QuerySet[Report]:
    """The reports of the user's units, of those below them, and of those that they follow. Without the rows that they counted."""
    held = units_where(user, May.SEE_BOARD)
    if not held:
        return Report.objects.none()
    reach = tree_for(user).answered_for(held, today())
    found = Report.objects.filter(unit__in=reach).select_related("season", "unit", "job", "frozen_by", "number", "corrects")
    return found.defer("counted")


def titles_of(registration_ids: Iterable[int]) -> dict[int, str]:
    return dict(Registration.objects.filter(pk__in=set(registration_ids)).values_list("pk", "title"))


def counted_in(report: Report) -> Counted:
    """The rows that a report counted, which are read with nothing else."""
    return Counted.unpacked(bytes(Report.objects.values_list("counted", flat=True).get(pk=report.pk)))


def compared_rows(report: Report, before: Before, figure: str) -> list[int]:
    """The registrations of the units that are compared with the year before."""
    units = Unit.objects.filter(key__in=before.units).values_list("pk", flat=True)
    return counted_in(report).of(figure, frozenset(units))


def listed(user: Reader, season: Season) -> QuerySet[Report]:
    """Those of a season, the newest first."""
    return reports_visible_to(user).filter(season=season).order_by("-as_of", "kind", "unit__position", "-correction")


def unit_worked_for(user: Reader) -> Unit | None:
    """The unit whose reports one works on: where one writes or freezes them, else one's own."""
    held = sorted(units_where(user, May.WRITE_REPORT) | units_where(user, May.FREEZE_REPORT))
    return Unit.objects.filter(pk__in=held).order_by("position").first() if held else unit_of(user)


def corrections_of(report: Report) -> list[Report]:
    return list(report.corrections.defer("counted", "facts", "problems", "texts"))


@leaves_open
def open_drafts(user: Reader, before: int) -> Iterable[Leftover]:
    """Reports of earlier seasons that are not frozen yet."""
    left = reports_visible_to(user).filter(season__year__lt=before, state=ReportState.DRAFT).order_by()
    for year, number in left.values_list("season__year").annotate(n=Count("pk")):
        yield Leftover(year, "Báo cáo chưa chốt", number, "Đơn vị lập xem, chốt", href=link_to("reports:home", nam=year))


@dataclass(frozen=True)
class Piece:
    """A piece of text; with what it opens where it is a number (`words.links_of`)."""

    text: str
    opens: str = ""


@dataclass(frozen=True)
class Written:
    """A section as it stands: whose words they are, line by line, each in pieces."""

    section: Section
    raw: str
    is_own: bool
    """The officer's own words, not the first wording."""
    lines: list[list[Piece]]

    @property
    def texts(self) -> list[str]:
        return ["".join(piece.text for piece in line) for line in self.lines]


def kind_for(report: Report) -> ReportKind:
    found = kind_of(report.kind)
    assert found, f"no such kind of report: {report.kind}"
    return found


def facts_in(report: Report) -> Facts:
    """What a report that was built says."""
    assert report.facts is not None, "the report is not built yet"
    return Facts.from_json(report.facts)


def first_wording(section: Section, facts: Facts) -> str:
    return section.words(facts) if section.words else ""


def written(report: Report, facts: Facts) -> list[Written]:
    """The report's text, section by section; those without words are there too, empty. Of a frozen one as it was read then."""
    if report.state == ReportState.FROZEN and report.facts and SAID in report.facts:
        return [_kept(part) for part in report.facts[SAID]]
    figures, found = _figures(facts), []
    for section in kind_for(report).sections:
        own = report.texts.get(section.key)
        raw = first_wording(section, facts) if own is None else own
        found.append(Written(section, raw, own is not None, _lines(raw, figures)))
    return found


def read_as(raw: str, facts: Facts) -> list[list[Piece]]:
    """Words with braces as they are read with the report's figures, line by line."""
    return _lines(raw, _figures(facts))


def _lines(raw: str, figures: dict[str, list[Piece]]) -> list[list[Piece]]:
    return [_pieces(line, figures) for line in raw.splitlines() if line.strip()]


def as_said(report: Report, facts: Facts) -> list[dict[str, Any]]:
    """The text as it is read now, for keeping: headings, words, figures."""
    return [
        {
            "key": part.section.key,
            "heading": part.section.heading,
            "raw": part.raw,
            "own": part.is_own,
            "lines": [[[piece.text, piece.opens] for piece in line] for line in part.lines],
        }
        for part in written(report, facts)
    ]


def _kept(part: dict[str, Any]) -> Written:
    lines = [[Piece(text, opens) for text, opens in line] for line in part["lines"]]
    return Written(Section(part["key"], part["heading"]), part["raw"], part["own"], lines)


def quoted_beside(report: Report, facts: Facts) -> list[tuple[QuotedFigure, str, int]]:
    """(a figure that a paper prints, what it is of, our number) of the report's body and day."""
    quoted = QuotedFigure.objects.filter(season=report.season, unit=report.unit, as_of=report.as_of)
    return [(one, FIGURES[one.figure].said(facts.own_level, facts.head), facts.numbers.get(one.figure, 0)) for one in quoted]


def seen_of(report: Report) -> str:
    """What a page shows that an officer may still change, as a short mark: who freezes says with it what they saw."""
    shown = json.dumps([report.build, report.texts, report.answers], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def _figures(facts: Facts) -> dict[str, list[Piece]]:
    """What stands for each brace; each field's number opens its own rows."""
    links = links_of(facts)
    found = {name: [Piece(text, links.get(name, ""))] for name, text in values_of(facts).items()}
    by_field: list[Piece] = []
    for name, number in facts.fields.items():
        by_field += [Piece(f"{'; ' if by_field else ''}{name.lower()} "), Piece(write_number(number), f"linh-vuc/{name}")]
    return found | {"linh_vuc": by_field}


def _pieces(line: str, figures: dict[str, list[Piece]]) -> list[Piece]:
    pieces, at = [], 0
    for match in BRACE.finditer(line):
        if match.start() > at:
            pieces.append(Piece(line[at : match.start()]))
        pieces += figures.get(match[1], [Piece(match[0])])
        at = match.end()
    return [*pieces, Piece(line[at:])] if at < len(line) else pieces
