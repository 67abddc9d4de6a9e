"""Campaigns: prepared, sent to the units, run, closed; who is asked for how much."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import Received, receive
from common.numbers import write_number
from common.text import clean, clean_lines, quoted
from models_registry.models import EmulationModel
from models_registry.selectors import models_visible_to
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders_of
from organisation.selectors.units import unit_on, versions_on
from organisation.tree import unit_tree
from replication.audit_actions import AuditAction
from replication.enums import CampaignAction, CampaignState, DirectiveKind
from replication.models import CampaignTarget, CountedOutput, ReplicationCampaign, output_key
from replication.permissions import can_lead
from replication.selectors.campaigns import is_recognised
from replication.selectors.lines import adoption_behind, began_on, home_of
from replication.services.locks import lock_campaign, lock_line
from replication.transitions import next_state
from replication.validators import check, read_date

TARGETS = 400


@dataclass(frozen=True)
class CampaignTyped:
    """What the form of a campaign says, as typed."""

    title: str
    directive_kind: str
    directive_number: str
    directive_on: str
    directive_issuer: str
    starts_on: str
    ends_on: str
    what: str
    counting_unit: str
    directive_signer: str = ""
    reason: str = ""
    own_what: str | None = None
    """Which measure of the origin counts the same thing; empty for none, None leaves it as it is."""


def open_campaign(
    *, unit: Unit, source_id: int, typed: CampaignTyped, file: "UploadedFile[bytes] | None" = None, actor: User
) -> ReplicationCampaign:
    """A campaign in preparation. Raises NotAllowed, ReplicationRefused with a sentence for each field."""
    if not can_lead(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không phát động nhân rộng cho đơn vị này.")
    source = models_visible_to(actor).filter(pk=source_id).first()
    if source is None:
        raise DomainError("Mô hình gốc không còn trên cổng.")
    campaign = ReplicationCampaign(unit=unit, unit_name=unit_on(unit, today()).name, source=source, made_by=actor)
    sent = _received(file)
    with transaction.atomic():
        _write(campaign, typed, sent)
        record(actor=actor, action=AuditAction.OPEN_CAMPAIGN, target=campaign, unit=unit)
    return campaign


def _received(file: "UploadedFile[bytes] | None") -> Received | None:
    """The directive, looked over before any lock: it takes its time."""
    return receive(file, unnamed="van-ban") if file else None


def change_campaign(
    *, campaign_id: int, typed: CampaignTyped, file: "UploadedFile[bytes] | None" = None, actor: User
) -> ReplicationCampaign:
    """Everything while it is prepared; while it runs the last day and the directive's words. On record."""
    sent = _received(file)
    with transaction.atomic():
        return _change(campaign_id, typed, sent, actor)


def _change(campaign_id: int, typed: CampaignTyped, sent: Received | None, actor: User) -> ReplicationCampaign:
    lock_line(ReplicationCampaign.objects.values_list("source_id", flat=True).get(pk=campaign_id))
    campaign = lock_campaign(campaign_id, actor)
    if campaign.state == CampaignState.CLOSED:
        raise DomainError("Chiến dịch đã kết thúc nên không sửa được. Mở lại rồi sửa.")
    before = _recorded(campaign)
    if campaign.state == CampaignState.RUNNING:
        day, _ = read_date(typed.starts_on, "Từ ngày")
        known = campaign.counted
        own = typed.own_what if typed.own_what is not None else known.own_what if known else ""
        counts = (output_key(typed.what, typed.counting_unit), own)
        if day != campaign.starts_on or (known and counts != (known.key, known.own_what)):
            said = "Chiến dịch đang chạy: giữ ngày bắt đầu và cách đếm; sửa được tên, văn bản, ngày kết thúc."
            raise DomainError(said, field="starts_on" if day != campaign.starts_on else "what")
    _write(campaign, typed, sent)
    changes = {name: [before[name], now] for name, now in _recorded(campaign).items() if before[name] != now}
    record(actor=actor, action=AuditAction.CHANGE_CAMPAIGN, target=campaign, unit=campaign.unit, changes=changes)
    return campaign


_RECORDED = ("title", "directive_number", "directive_on", "directive_issuer", "starts_on", "ends_on", "reason", "counted_id")


def _recorded(campaign: ReplicationCampaign) -> dict[str, str]:
    said = {name: str(getattr(campaign, name)) for name in _RECORDED}
    return said | {"own_what": campaign.counted.own_what if campaign.counted else ""}


_LIMITS = {"title": 300, "directive_number": 60, "directive_issuer": 250, "directive_signer": 100}
_LABELS = {
    "title": "Tên chiến dịch",
    "directive_number": "Số, ký hiệu",
    "directive_on": "Ngày ban hành",
    "directive_issuer": "Cơ quan ban hành",
    "directive_signer": "Người ký",
    "starts_on": "Từ ngày",
    "ends_on": "Đến hết ngày",
    "what": "Đếm cái gì",
    "counting_unit": "Đơn vị tính",
    "reason": "Lý do",
}


def _write(campaign: ReplicationCampaign, typed: CampaignTyped, sent: Received | None) -> None:
    errors: dict[str, str] = {}
    for name, limit in _LIMITS.items():
        text = clean(getattr(typed, name))
        if len(text) > limit:
            errors[name] = f"{_LABELS[name]}: dài quá {limit} ký tự."
        elif not text and name in ("title", "directive_issuer"):
            errors[name] = f"{_LABELS[name]}: chưa ghi."
        setattr(campaign, name, text[:limit])
    if typed.directive_kind not in DirectiveKind.values:
        errors["directive_kind"] = "Loại văn bản: chọn một."
    campaign.directive_kind = typed.directive_kind
    _write_days(campaign, typed, errors)
    campaign.is_recognised = is_recognised(campaign.source)
    campaign.reason = clean_lines(typed.reason)[:2000]
    if not campaign.is_recognised and not campaign.reason:
        errors["reason"] = "Mô hình gốc chưa được công nhận: xin ghi lý do chọn."
    what, counting_unit = clean(typed.what), clean(typed.counting_unit)
    for name, text, limit in (("what", what, 200), ("counting_unit", counting_unit, 30)):
        if not text or len(text) > limit:
            errors[name] = f"{_LABELS[name]}: {'chưa ghi' if not text else f'dài quá {limit} ký tự'}."
    check(errors)
    campaign.counted = counted_output(lock_line(campaign.source_id)[0], what, counting_unit, typed.own_what, campaign=campaign)
    if sent:
        campaign.directive_name, campaign.directive_type = sent.name, sent.kind.content_type
        campaign.directive_file.save(f"{timezone.now():%Y%m%d%H%M%S%f}{sent.kind.suffix}", sent.content, save=False)
    campaign.save()


def _write_days(campaign: ReplicationCampaign, typed: CampaignTyped, errors: dict[str, str]) -> None:
    for name in ("directive_on", "starts_on", "ends_on"):
        day, wrong = read_date(getattr(typed, name), _LABELS[name])
        if day is None:
            errors[name] = wrong or f"{_LABELS[name]}: chưa ghi."
        else:
            setattr(campaign, name, day)
    if not errors.keys() & {"starts_on", "ends_on"} and campaign.ends_on < campaign.starts_on:
        errors["ends_on"] = f"Đến hết ngày: phải từ {write_day(campaign.starts_on)} trở đi."
    if "directive_on" not in errors and campaign.directive_on > today():
        errors["directive_on"] = f"Ngày ban hành: {write_day(campaign.directive_on)} chưa tới."
    first = began_on(campaign.source)
    if "directive_on" not in errors and first and campaign.directive_on < first:
        errors["directive_on"] = f"Ngày ban hành: mô hình gốc bắt đầu {write_day(first)}, văn bản không thể trước ngày ấy."
    if "starts_on" not in errors and first and campaign.starts_on < first:
        errors["starts_on"] = f"Từ ngày: mô hình gốc bắt đầu {write_day(first)}, chiến dịch không thể trước ngày ấy."


def counted_output(
    origin: EmulationModel,
    what: str,
    counting_unit: str,
    own_what: str | None = None,
    *,
    campaign: ReplicationCampaign | None = None,
) -> CountedOutput:
    """What is counted, of the line that begins at the model, locked: the one that is there under these words, else a new one.
    `own_what`: the origin's own measure of it; where another campaign counts by one, that one stays. Raises
    ReplicationRefused.
    """
    key = output_key(what, counting_unit)
    known = CountedOutput.objects.filter(origin=origin, key=key).first()
    if known:
        if own_what is not None and known.own_what != own_what and _measures(origin, own_what):
            others = ReplicationCampaign.objects.filter(counted=known).exclude(pk=campaign.pk if campaign and campaign.pk else 0)
            if known.own_what and others.exists():
                kept = f"“{known.own_what}”, như chiến dịch khác đang tính"
                check({"own_what": f"Số của mô hình gốc: đường nhân rộng này tính theo {kept}. Xin chọn như vậy."})
            known.own_what = own_what
            known.save(update_fields=["own_what"])
        return known
    if own_what is not None and not _measures(origin, own_what):
        own_what = ""
    own = [one for one in origin.measures.all() if output_key(one.what, one.counting_unit) == key]
    return CountedOutput.objects.create(
        origin=origin,
        what=what,
        counting_unit=counting_unit,
        key=key,
        own_what=own_what if own_what is not None else own[-1].what if own else "",
    )


def _measures(origin: EmulationModel, what: str) -> bool:
    return not what or origin.measures.filter(what=what).exists()


@transaction.atomic
def add_targets(*, campaign_id: int, unit_ids: Iterable[int], on: date, quantity: Decimal | None, actor: User) -> int:
    """Ask units to take part, as they are named on a day; one that is asked already gets the new quantity where one is given.
    The place where the model began is asked for nothing. Returns how many are new.
    """
    campaign = lock_campaign(campaign_id, actor)
    if campaign.state == CampaignState.CLOSED:
        raise DomainError("Chiến dịch đã kết thúc nên không giao thêm đơn vị.")
    if quantity is not None and quantity <= 0:
        raise DomainError("Chỉ tiêu phải lớn hơn 0, hoặc để trống.")
    tree = unit_tree()
    reach = tree.below_then([campaign.unit_id], on)
    home = _home_of_line(campaign.source, on)
    wanted = [pk for pk in dict.fromkeys(unit_ids) if pk in reach - home and tree.exists(pk, on)]
    if not wanted:
        raise DomainError(
            "Xin chọn đơn vị thuộc cơ quan phát động, còn hoạt động vào ngày ấy, không phải nơi có mô hình gốc.", field="units"
        )
    known = {one.unit_id: one for one in campaign.targets.all()}
    if len(known.keys() | set(wanted)) > TARGETS:
        raise DomainError(f"Một chiến dịch giao nhiều nhất {TARGETS} đơn vị.")
    names = versions_on(wanted, on)
    new = [
        CampaignTarget(campaign=campaign, unit_id=pk, unit_name=names[pk].name, quantity=quantity)
        for pk in wanted
        if pk not in known
    ]
    CampaignTarget.objects.bulk_create(new)
    others = [known[pk] for pk in wanted if pk in known and quantity is not None and known[pk].quantity != quantity]
    changes = {str(one): [str(one.quantity), str(quantity)] for one in others}
    CampaignTarget.objects.filter(pk__in=[one.pk for one in others]).update(quantity=quantity)
    note = f"{len(new)} đơn vị mới, {len(others)} đơn vị đổi chỉ tiêu"
    record(actor=actor, action=AuditAction.ADD_TARGETS, target=campaign, unit=campaign.unit, note=note, changes=changes)
    if campaign.state == CampaignState.RUNNING:
        _tell_targets(campaign, new, actor)
    return len(new)


def _home_of_line(source: EmulationModel, on: date) -> set[int]:
    """The unit where the line began, and who carries it on."""
    behind = adoption_behind(source)
    home, _ = home_of(behind.origin if behind else source)
    return {home, unit_tree().heirs([home], on)[home], unit_tree().heirs([home], today())[home]}


@transaction.atomic
def drop_target(*, campaign_id: int, unit_id: int, actor: User) -> None:
    """Ask a unit no more; what it did for the campaign stays."""
    campaign = lock_campaign(campaign_id, actor)
    target = campaign.targets.filter(unit=unit_id).first()
    if target is None or campaign.state == CampaignState.CLOSED:
        raise DomainError("Đơn vị này không có trong danh sách giao, hoặc chiến dịch đã kết thúc.")
    record(actor=actor, action=AuditAction.DROP_TARGET, target=campaign, unit=target.unit, note=str(target))
    target.delete()


@transaction.atomic
def set_quantities(
    *, campaign_id: int, quantities: Mapping[int, Decimal | None], seen: Mapping[int, Decimal | None], actor: User
) -> None:
    """How much is asked of units: {unit id: quantity, None for no number}; `seen`: what the page showed of them. Only what was
    changed there is written; where somebody else changed the same meanwhile, nothing is (DomainError).
    """
    campaign = lock_campaign(campaign_id, actor)
    if campaign.state == CampaignState.CLOSED:
        raise DomainError("Chiến dịch đã kết thúc nên không sửa chỉ tiêu.")
    changes, moved = {}, []
    typed = {pk: number for pk, number in quantities.items() if number != seen.get(pk)}
    for target in campaign.targets.select_related("unit"):
        if target.unit_id in typed and typed[target.unit_id] != target.quantity:
            if target.quantity != seen.get(target.unit_id):
                moved.append(f"{target.unit_name} ({write_number(target.quantity) or 'không ghi số'})")
            changes[str(target)] = [str(target.quantity), str(quantities[target.unit_id])]
            target.quantity = quantities[target.unit_id]
            target.save(update_fields=["quantity"])
    if moved:
        raise DomainError(f"Người khác vừa đổi chỉ tiêu của {', '.join(moved)}. Số đồng chí gõ còn trên trang, chưa lưu.")
    if changes:
        record(actor=actor, action=AuditAction.SET_TARGETS, target=campaign, unit=campaign.unit, changes=changes)


@transaction.atomic
def move_campaign(*, campaign_id: int, action: CampaignAction, note: str = "", actor: User) -> ReplicationCampaign:
    """Start, close, open again. Starting tells the units. Raises NotAllowed, InvalidTransition, DomainError."""
    campaign = lock_campaign(campaign_id, actor)
    before, campaign.state = campaign.state, next_state(campaign.state, action)
    targets = list(campaign.targets.select_related("unit"))
    if action == CampaignAction.START and not targets:
        raise DomainError("Chưa giao cho đơn vị nào. Chọn đơn vị trước, rồi phát động.")
    if action == CampaignAction.CLOSE:
        campaign.closing_note = clean_lines(note)[:4000]
    campaign.state_since = timezone.now()
    campaign.save(update_fields=["state", "state_since", "closing_note"])
    record(
        actor=actor,
        action=AuditAction(f"{action.value}-campaign"),
        target=campaign,
        unit=campaign.unit,
        changes={"state": [before, campaign.state]},
    )
    if action == CampaignAction.START:
        _tell_targets(campaign, targets, actor)
    return campaign


def _tell_targets(campaign: ReplicationCampaign, targets: Iterable[CampaignTarget], actor: User) -> None:
    """One message a person and quantity, whatever the number of units; of a unit that ended, to those of its heir."""
    asked = [f"Đếm: {campaign.counted}." if campaign.counted else "", f"Đến hết ngày {write_day(campaign.ends_on)}."]
    by_quantity: dict[Decimal | None, list[int]] = defaultdict(list)
    for target in targets:
        by_quantity[target.quantity].append(target.unit_id)
    heirs = unit_tree().heirs([pk for ids in by_quantity.values() for pk in ids], today())
    people = holders_of(May.RECORD_ADOPTION, set(heirs.values()), today())
    for quantity, ids in by_quantity.items():
        own = [f"Chỉ tiêu: {write_number(quantity)}."] if quantity is not None else []
        told = {one.pk: one for pk in ids for one in people[heirs[pk]] if one.pk != actor.pk}
        units = sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()[:16]
        tell(
            recipients=told.values(),
            event_key=f"campaign:{campaign.pk}:{units}",
            subject=f"Nhân rộng: {quoted(campaign.title[:180])}, đến hết ngày {write_day(campaign.ends_on)}",
            body="\n".join(part for part in [*asked, *own] if part),
            link=link_to("replication:campaign", campaign.pk),
        )
