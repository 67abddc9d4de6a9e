"""What earlier seasons have left open when another one opens: how much, who finishes it and until when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from common.addresses import PageLink, link_to
from common.dates import VIETNAM, today
from models_registry.enums import State
from models_registry.models import Registration, Season
from models_registry.selectors.seasons import seasons, seasons_of
from organisation.models import Reader

FINISHED_BY = {  # state -> (what it is, who finishes it, the board's tab)
    State.SUBMITTED: ("Đăng ký chờ xét", "Nơi nhận xét nốt", "cho-xet"),
    State.RETURNED: ("Đăng ký bị trả lại", "Đơn vị sửa, gửi lại", "tra-lai"),
    State.DRAFT: ("Bản nháp chưa gửi", "Người viết chuyển thành nháp của năm mới ở “Đăng ký mô hình”", "nhap"),
}


@dataclass(frozen=True)
class Leftover:
    """Work of one kind that one season left open. It stays that season's; heirs finish what was of units that ended."""

    year: int
    words: str
    number: int
    who: str
    """Who finishes it, and how."""
    until: date | None = None
    """The last day on which all of it would be in time; none where no day is set."""
    href: PageLink | None = None
    """Its list; none for who may not see it."""

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until < today()


Source = Callable[[Any, int], Iterable[Leftover]]
_sources: list[Source] = []


def leaves_open(source: Source) -> Source:
    """Register what an app above may leave open: a function of who asks and the year before which it looks."""
    _sources.append(source)
    return source


def leftovers(user: Reader, before: int) -> list[Leftover]:
    """The oldest season first. A fixed number of queries."""
    found = [leftover for source in (_of_registrations, *_sources) for leftover in source(user, before)]
    return sorted(found, key=lambda leftover: leftover.year)


def _of_registrations(user: Reader, before: int) -> Iterable[Leftover]:
    earlier = list(seasons().filter(year__lt=before))
    followed = {season.pk for season in seasons_of(user, earlier)}
    left = Registration.objects.filter(season__in=earlier, state__in=FINISHED_BY).order_by()
    counted = left.values_list("season", "state").annotate(n=Count("pk"), last=Max("state_since"))
    found = {(season_id, state): (number, last) for season_id, state, number, last in counted}
    for season in earlier:
        for state, (words, who, tab) in FINISHED_BY.items():
            if (season.pk, state) in found:
                number, last = found[season.pk, state]
                board = link_to("models_registry:board", season.year, tt=tab) if season.pk in followed else None
                until = _until(season, state, timezone.localtime(last, VIETNAM).date())
                yield Leftover(season.year, words, number, who, until, board)


def _until(season: Season, state: str, since: date) -> date | None:
    if state == State.RETURNED:
        return season.mend_until(since)
    return since + timedelta(days=season.check_days) if state == State.SUBMITTED else None
