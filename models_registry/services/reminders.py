"""Reminders before a deadline: 14, 7 and 1 days, to those who have not done it yet; never twice for one of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.enums import SENT, State
from models_registry.models import Registration, Season
from models_registry.permissions import acting_day
from models_registry.selectors.reminding import by_hand, to_remind, writers_of
from models_registry.selectors.seasons import Deadlines
from models_registry.selectors.sheets import due_on, taken_until
from notifications.reminding import Waiting, check_words, words_for
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, UnitVersion, User
from organisation.permissions import may
from organisation.roles import May
from organisation.tree import UnitTree, unit_tree

DAYS_BEFORE = (14, 7, 1)


@dataclass
class _Standing:
    """What one place, or a unit itself, has of a season."""

    drafts: int = 0
    has_sent: bool = False
    returned: list[Registration] = field(default_factory=list)


@transaction.atomic
def remind() -> int:
    """Tell writers of places that sent nothing, or hold drafts or returned ones, how long is left. Returns new messages.

    A run that was missed is made up for: the smallest of DAYS_BEFORE that is not yet past counts.
    """
    tree = unit_tree()
    deadlines = Deadlines(tree)
    seasons = Season.objects.filter(opens_on__lte=today())
    return sum(_remind_season(season, tree, deadlines) for season in seasons)


def _remind_season(season: Season, tree: UnitTree, deadlines: Deadlines) -> int:
    day, told = acting_day(season), 0
    pairs = list(tree.places(day))
    if not any(_step(deadlines.of(season, place or unit)) for unit, place in pairs):
        pairs = []  # only what was returned can still be late
    standing = _standing(season)
    pairs += [pair for pair, found in standing.items() if found.returned and pair not in pairs]
    units = Unit.objects.in_bulk({one for pair in pairs for one in pair if one})
    with_places, writers = {unit for unit, place in pairs if place}, writers_of(units, day)
    for unit, place in pairs:
        found, writer = standing[unit, place], units[place or unit]
        due: dict[date, list[str]] = defaultdict(list)
        until = deadlines.of(season, writer.pk)
        if found.drafts:
            due[until].append(f"còn {found.drafts} đăng ký chưa gửi")
        elif not found.has_sent and (place or unit not in with_places):
            due[until].append("đơn vị chưa có đăng ký nào")
        if found.returned:
            back = min(due_on(row) for row in found.returned)
            if back < today():  # late already: once more before it is taken no more
                back = min(taken_until(row, deadlines) for row in found.returned)
            due[back].append(f"còn {len(found.returned)} đăng ký trả lại chưa gửi lại")
        for day_due, what in due.items():
            told += _tell(season, writer, writers[writer.pk], day_due, ", ".join(what))
    return told


def _standing(season: Season) -> dict[tuple[int, int | None], _Standing]:
    """(unit, place) -> what it has; two queries."""
    found: dict[tuple[int, int | None], _Standing] = defaultdict(_Standing)
    rows = Registration.objects.filter(season=season)
    for unit, place, state in rows.order_by().values_list("unit", "place", "state").distinct():
        found[unit, place].has_sent |= state in SENT
    for row in rows.filter(state__in=[State.DRAFT, State.RETURNED]).select_related("season"):
        one = found[row.unit_id, row.place_id]
        if row.state == State.RETURNED:
            one.returned.append(row)
        else:
            one.drafts += 1
    return found


def _step(until: date) -> int:
    """Which of DAYS_BEFORE this day belongs to; 0 when the deadline is past or still far."""
    left = (until - today()).days
    return min((step for step in DAYS_BEFORE if step >= left), default=0) if left >= 0 else 0


def _tell(season: Season, unit: Unit, writers: list[User], until: date, what: str) -> int:
    """Nobody, where the day is past or still far."""
    step = _step(until)
    if not step:
        return 0
    return tell(
        recipients=writers,
        event_key=f"remind:{season.year}:{unit.key}:{until:%Y%m%d}:{step}",
        subject=f"Năm {season}: {what}, hạn gửi đến hết ngày {write_day(until)}",
        body="Mở “Việc của tôi” để viết tiếp hoặc chép mô hình năm trước.",
        link=link_to("models_registry:work"),
    )


def reminder_text(season: Season, missing: Iterable[tuple[UnitVersion, date]]) -> str:
    """What an officer copies into Zalo or a mail: who has not sent, until when, what to do; places of one deadline together."""
    by_day: dict[date, list[str]] = defaultdict(list)
    for version, until in missing:
        by_day[until].append(version.place or version.name)
    return "\n\n".join(
        f"Kính gửi các đồng chí phụ trách dân vận: {', '.join(names)}.\n"
        f"Đăng ký mô hình “Dân vận khéo” năm {season} nhận đến hết ngày {write_day(until)}. "
        "Đến nay đơn vị chưa có đăng ký trên cổng. Đề nghị các đồng chí đăng nhập, chọn “Đăng ký mô hình” "
        "hoặc “Chép từ năm trước” và gửi trước hạn. Trân trọng cảm ơn."
        for until, names in sorted(by_day.items())
    )


@transaction.atomic
def remind_now(*, season: Season, missing: Iterable[tuple[UnitVersion, date]], words: str, actor: User) -> list[Waiting]:
    """A reminder sent by an officer's hand in their words, once a day and unit: (unit, its last day) -> whom it reached. Raises
    NotAllowed, DomainError.
    """
    missing, said, told = list(missing), check_words(words), 0
    for version, _ in missing:
        if not may(actor, May.CHECK_REGISTRATION, version.unit, acting_day(season)):
            raise NotAllowed(f"Vai trò của đồng chí không nhắc {version.short_name}.")
    lines = to_remind(season, missing)
    for (version, until), one in zip(missing, lines, strict=True):
        told += tell(
            recipients=one.people,
            event_key=f"{by_hand(season)}{version.unit.key}:{today():%Y%m%d}",
            subject=f"Nhắc đăng ký mô hình năm {season}, hạn đến hết ngày {write_day(until)}",
            body=words_for(said, one),
            link=one.href,
        )
    if told:
        note = ", ".join(version.short_name for (version, _), one in zip(missing, lines, strict=True) if one.people)
        record(actor=actor, action=AuditAction.REMIND, target=season, note=note)
    return lines
