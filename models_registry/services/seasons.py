"""Periods, seasons, fields and themes."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, compare_key
from models_registry.audit_actions import AuditAction
from models_registry.models import Field, Period, ReturnReason, Season, SeasonDraft, SeasonExtension, Theme
from models_registry.permissions import acting_day
from models_registry.selectors import deadline_of
from models_registry.selectors.opening import NewSeason
from models_registry.services.basis import give_basis
from models_registry.validators import read_period, season_flaws
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.permissions import can_edit_themes, can_open_season, may
from organisation.roles import May
from organisation.selectors.ended import instead_of
from organisation.tree import unit_tree

FIELDS = (  # name, short name, address, other spellings met in registers
    ("Kinh tế", "Kinh tế", "kinh-te", "KT\nPhát triển kinh tế"),
    ("Văn hóa - xã hội", "VH-XH", "van-hoa-xa-hoi", "VHXH\nVăn hóa và xã hội\nVăn xã"),
    (
        "Quốc phòng - an ninh",
        "QP-AN",
        "quoc-phong-an-ninh",
        "QPAN\nAN-QP\nAn ninh - quốc phòng\nQuốc phòng và an ninh\nAn ninh trật tự",
    ),
    (
        "Xây dựng hệ thống chính trị",
        "XDHTCT",
        "xay-dung-he-thong-chinh-tri",
        "XD HTCT\nHTCT\nXây dựng HTCT\nXây dựng Đảng và HTCT\nXây dựng Đảng, HTCT\nXây dựng Đảng, xây dựng hệ thống chính trị\n"
        "Hệ thống chính trị\nXây dựng Đảng, hệ thống chính trị\nXây dựng Đảng và hệ thống chính trị\n"
        "XD hệ thống chính trị",
    ),
)
LONGEST = timedelta(days=366)  # from today on, for more time that a person grants


def ensure_fields() -> None:
    """The four fields, where missing; edited ones stay as an officer left them."""
    for position, (name, short_name, slug, synonyms) in enumerate(FIELDS, start=1):
        Field.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "short_name": short_name, "synonyms": synonyms, "position": position},
        )


REASONS = (  # what offices say most when they return a registration; an administrator edits the list
    ("Tên chưa nói rõ việc làm", 1),
    ("Trùng với mô hình khác", 1),
    ("Lĩnh vực chưa đúng", 1),
    ("Chưa nêu lý do, số liệu ban đầu", 2),
    ("Mục tiêu chưa rõ", 3),
    ("Chưa rõ cách làm, ai làm gì", 4),
    ("Địa bàn, đối tượng chưa đúng", 5),
    ("Chưa rõ đơn vị chủ trì", 6),
    ("Thiếu nguồn lực hoặc thời gian", 7),
    ("Chưa đo được kết quả", 8),
    ("Chưa nêu cách duy trì, nhân rộng", 9),
)


def ensure_reasons() -> None:
    """The first list of reasons, into an empty one."""
    if not ReturnReason.objects.exists():
        ReturnReason.objects.bulk_create(
            ReturnReason(words=words, box=box, position=position) for position, (words, box) in enumerate(REASONS, start=1)
        )


@transaction.atomic
def open_season(new: NewSeason, *, told: Iterable[User] = (), actor: User | None = None) -> tuple[Season, bool]:
    """(the season, whether it was opened now). `told` are sent a message.

    Raises NotAllowed, DomainError.
    """
    if actor is not None and not can_open_season(actor):
        raise NotAllowed("Vai trò của đồng chí không mở năm thi đua.")
    days = {"opens_on": new.opens_on, "closes_on": new.closes_on, "cutoff_on": new.cutoff_on}
    flaws, years = season_flaws(year=new.year, period=new.period, **days), read_period(new.period)
    if flaws or years is None:
        raise DomainError(next(iter(flaws.values())))
    ensure_fields()
    ensure_reasons()
    as_told = ("check_days", "mend_days", "basis", "basis_source", "is_illustrative")
    values = {"period": _period(*years)} | days | {name: getattr(new, name) for name in as_told}
    season, created = Season.objects.get_or_create(year=new.year, defaults=values)
    if created:
        if new.paper:
            give_basis(season, new.paper)
        SeasonDraft.objects.filter(answers__year=str(new.year)).delete()
        record(actor=actor, action=AuditAction.OPEN_SEASON, target=season, note=f"Chốt số liệu {write_day(new.cutoff_on)}")
        _tell(season, told)
    return season, created


def _period(first: int, last: int) -> Period:
    days = {"starts_on": date(first, 1, 1), "ends_on": date(last, 12, 31)}
    return Period.objects.get_or_create(name=f"{first}-{last}", defaults=days)[0]


def _tell(season: Season, people: Iterable[User]) -> None:
    days = f"Nhận đăng ký từ {write_day(season.opens_on)} đến hết {write_day(season.closes_on)}"
    tell(
        recipients=people,
        event_key=f"open-season:{season}",
        subject=f"Năm thi đua “Dân vận khéo” {season} đã mở",
        body=f"{days}; chốt số liệu {write_day(season.cutoff_on)}. "
        "Mô hình năm trước còn làm tiếp thì chọn “Chép từ năm trước”, không viết lại.",
        link=link_to("models_registry:board", season.year),
    )


@transaction.atomic
def name_themes(*, period_id: int, labels: dict[int, str], actor: User) -> int:
    """Write officers' words into a period's theme labels (theme id -> label). Returns how many changed."""
    if not can_edit_themes(actor):
        raise NotAllowed("Vai trò của đồng chí không được sửa chủ đề.")
    changed = 0
    for theme in Theme.objects.select_for_update().filter(period=period_id, pk__in=labels):
        label = clean(labels[theme.pk])
        if label == theme.label:
            continue
        record(actor=actor, action=AuditAction.NAME_THEME, target=theme, changes={"label": [theme.label, label]})
        theme.label = label
        theme.save(update_fields=["label"])
        changed += 1
    return changed


@transaction.atomic
def add_theme(*, period_id: int, plan: str, label: str, actor: User) -> Theme:
    """A further theme of a period, by the plan that gives it. Raises DomainError for one that is there already."""
    if not can_edit_themes(actor):
        raise NotAllowed("Vai trò của đồng chí không được sửa chủ đề.")
    period = Period.objects.select_for_update().get(pk=period_id)
    there = list(period.themes.all())
    if compare_key(label) in {compare_key(theme.label) for theme in there}:
        raise DomainError("Giai đoạn này đã có chủ đề ấy.")
    position = max((theme.position for theme in there if theme.plan == clean(plan)), default=0) + 1
    theme = Theme.objects.create(period=period, plan=clean(plan), label=clean(label), position=position)
    record(actor=actor, action=AuditAction.ADD_THEME, target=theme, note=clean(label))
    return theme


def check_stands(season: Season, unit: Unit) -> int:
    """The id of the unit in whose register the unit's registrations stand. Raises DomainError when it registers in the season
    no more, or not yet: nothing new begins or enters there.
    """
    reporting = unit_tree().reporting(unit.pk, acting_day(season))
    if reporting is None:
        said = f"Đơn vị này không lập đăng ký của năm {season} nữa: đã kết thúc hoặc chưa thành lập."
        instead = ", ".join(version.name for version in instead_of(unit.pk, acting_day(season)))
        raise DomainError(f"{said} Xin đăng ký ở {instead or 'đơn vị kế thừa'}.")
    return reporting


def check_window(season: Season, unit: Unit) -> int:
    """As check_stands, and as check_time: what the unit needs to begin something today."""
    check_time(season, unit)
    return check_stands(season, unit)


def check_time(season: Season, unit: Unit) -> None:
    """Raise DomainError before the season's first day, and after the last day of this unit."""
    day = today()
    if day < season.opens_on:
        raise DomainError(f"Năm {season} nhận đăng ký từ ngày {write_day(season.opens_on)}.")
    until = deadline_of(season, unit)
    if day > until:
        said = f"Đã hết hạn: năm {season} nhận đăng ký đến hết ngày {write_day(until)}."
        raise DomainError(f"{said} Cần thêm thời gian, xin đề nghị cấp trên gia hạn cho đơn vị.")


@transaction.atomic
def grant_extension(*, season_id: int, unit: Unit, until: date, reason: str, actor: User | None) -> SeasonExtension:
    """Give a unit, and all below it, more time. The same day again changes nothing."""
    season = Season.objects.select_for_update().get(pk=season_id)
    if actor is not None and not may(actor, May.EXTEND_SEASON, unit, acting_day(season)):
        raise NotAllowed("Vai trò của đồng chí không gia hạn cho đơn vị này.")
    if until <= deadline_of(season, unit):
        existing = SeasonExtension.objects.filter(season=season, unit=unit, until=until, taken_back_at__isnull=True).first()
        if existing:
            return existing
        raise DomainError("Ngày gia hạn phải sau hạn đang có của đơn vị.")
    if actor is not None and until > (latest := today() + LONGEST):
        raise DomainError(f"Gia hạn nhiều nhất đến hết ngày {write_day(latest)}, một năm kể từ hôm nay.")
    if not clean(reason):
        raise DomainError("Xin ghi lý do gia hạn.")
    extension = SeasonExtension.objects.create(season=season, unit=unit, until=until, reason=clean(reason), granted_by=actor)
    record(
        actor=actor, action=AuditAction.EXTEND_SEASON, target=season, unit=unit, note=f"đến hết ngày {write_day(until)}: {reason}"
    )
    return extension


@transaction.atomic
def take_back_extension(*, extension_id: int, actor: User) -> SeasonExtension:
    """Take more time back that was granted: from now on the deadline is what it was without it. Idempotent."""
    extension = SeasonExtension.objects.select_for_update(of=("self",)).select_related("season", "unit").get(pk=extension_id)
    if not may(actor, May.EXTEND_SEASON, extension.unit, acting_day(extension.season)):
        raise NotAllowed("Vai trò của đồng chí không bỏ gia hạn của đơn vị này.")
    if extension.taken_back_at is None:
        extension.taken_back_at, extension.taken_back_by = timezone.now(), actor
        extension.save(update_fields=["taken_back_at", "taken_back_by"])
        said = f"đến hết ngày {write_day(extension.until)}"
        record(actor=actor, action=AuditAction.TAKE_BACK_EXTENSION, target=extension.season, unit=extension.unit, note=said)
    return extension
