"""The figures of a season as of a day. Each is one set of registrations: it is counted and listed from the same query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.dates import today, write_day
from models_registry.enums import Kind, SubjectKind, Verdict
from models_registry.models import Registration, Season
from models_registry.selectors.verdicts import verdicts_on
from recognition import selectors as recognition


def counted_day(season: Season, day: date) -> date:
    """The day as of which a season answers for a day: never after the last of its year, when its units counted for the last time,
    and never before that day has come. What is decided above the units (`Figure.is_above`) may come after the year, and is asked as
    of any day up to now.
    """
    return min(day, season.ends_on, today())


def usual_day(season: Season) -> date:
    """The day as of which a season answers where none is named: its cut-off, once that has come."""
    return counted_day(season, season.cutoff_on)


def why_earlier(season: Season, asked: date, day: date, say: Callable[[date], str] = write_day) -> str:
    """Why a season answers as of an earlier day than the one that was asked for; empty where it does not. `say` writes a day."""
    if asked <= day:
        return ""
    if day == season.ends_on:
        said = _("Năm %(year)s kết thúc ngày %(day)s: số liệu tính đến ngày ấy, theo các đơn vị của năm ấy.")
        return said % {"year": season, "day": say(day)}
    said = _("Ngày %(asked)s chưa tới: số liệu tính đến hôm nay, %(day)s.")
    return said % {"asked": say(asked), "day": say(day)}


Rows = QuerySet[Registration]


@dataclass(frozen=True)
class Figure:
    """What is counted, in words for the page that lists it, and how."""

    slug: str
    label: str
    """`{cap}`: at which level the units that report recognise; `{tinh}`: to what their head is proposed, a province or a city."""
    rows: Callable[[Rows, date], Rows]
    is_above: bool = False
    """Decided above the units that report, whichever these are on the day."""
    is_rare: bool = False
    """Told only where there is any: not every body gives grades."""

    def said(self, own_level: str, head: str) -> str:
        """The words of a day on which these units recognise at this level, as `LevelName.honour` calls it, below this head, as
        `LevelName.place` does.
        """
        return self.label.format(cap=own_level, tinh=head)

    def is_shown(self, number: int | None) -> bool:
        """None: the report was made before this was counted."""
        return number is not None and (number > 0 or not self.is_rare)


def registered(rows: Rows, day: date) -> Rows:
    """Counts from the day of registration until the day of withdrawal."""
    return rows.filter(counts_on(day))


def counts_on(day: date, prefix: str = "") -> Q:
    """The condition of `registered`, for rows that point to registrations too (`prefix` "registration__")."""
    standing = Q(**{f"{prefix}withdrawn_on__isnull": True}) | Q(**{f"{prefix}withdrawn_on__gt": day})
    return Q(**{f"{prefix}registered_on__lte": day}) & standing


def recognised_by_unit(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.by_own_unit(day).values("registration"))


def graded(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.graded_by(day).values("registration"))


def praised(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.praised_by(day).values("registration"))


def proposed(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.proposed_by(day).values("registration"))


def recognised_by_province(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.by_province(day).values("registration"))


def introduced(rows: Rows, day: date) -> Rows:
    return rows.filter(pk__in=recognition.introduced_by(day).values("registration"))


def judged(verdict: Verdict, rows: Rows, day: date) -> Rows:
    """Of what counts as registered, so that a share of it never is more than the whole."""
    return registered(rows, day).filter(pk__in=verdicts_on(day).filter(verdict=verdict).values("registration"))


FIGURES = {
    figure.slug: figure
    for figure in (
        Figure("dang-ky", "mô hình đăng ký {cap}", registered),
        Figure("moi", "mô hình đăng ký mới", lambda rows, day: registered(rows, day).filter(kind=Kind.NEW)),
        Figure(
            "duy-tri",
            "mô hình duy trì, nhân rộng",
            lambda rows, day: registered(rows, day).filter(kind=Kind.MAINTAINED),
        ),
        Figure(
            "tap-the",
            "mô hình tập thể đăng ký",
            lambda rows, day: registered(rows, day).filter(subject_kind=SubjectKind.COLLECTIVE),
        ),
        Figure(
            "ca-nhan",
            "mô hình cá nhân đăng ký",
            lambda rows, day: registered(rows, day).filter(subject_kind=SubjectKind.INDIVIDUAL),
        ),
        Figure("cap-huyen", "mô hình được {cap} công nhận", recognised_by_unit),
        Figure("de-nghi", "mô hình được đề nghị lên {tinh}", proposed),
        Figure("cap-tinh", "mô hình được {tinh} công nhận", recognised_by_province, is_above=True),
        Figure(
            "cap-tinh-tap-the",
            "mô hình tập thể được {tinh} công nhận",
            lambda rows, day: recognised_by_province(rows, day).filter(subject_kind=SubjectKind.COLLECTIVE),
            is_above=True,
        ),
        Figure(
            "cap-tinh-ca-nhan",
            "mô hình cá nhân được {tinh} công nhận",
            lambda rows, day: recognised_by_province(rows, day).filter(subject_kind=SubjectKind.INDIVIDUAL),
            is_above=True,
        ),
        Figure("trung-uong", "mô hình được giới thiệu Trung ương", introduced, is_above=True),
        Figure("hieu-qua", "mô hình được đánh giá hiệu quả", partial(judged, Verdict.EFFECTIVE)),
        Figure("can-cung-co", "mô hình được đánh giá cần củng cố", partial(judged, Verdict.STRENGTHEN)),
        Figure("tam-dung", "mô hình được đánh giá tạm dừng", partial(judged, Verdict.PAUSED)),
        Figure("ket-thuc", "mô hình được đánh giá kết thúc", partial(judged, Verdict.ENDED)),
        Figure("ghi-muc", "mô hình được {cap} công nhận, có ghi mức", graded, is_rare=True),
        Figure("de-nghi-khen", "mô hình được {cap} công nhận, có đề nghị khen thưởng", praised, is_rare=True),
    )
}


def rows_of(season: Season) -> Rows:
    return Registration.objects.filter(season=season)
