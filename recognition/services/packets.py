"""Packets: several candidates chosen at once, the unit's meeting, numbers, sent and taken back as a whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines, quoted
from models_registry.models import Registration
from models_registry.permissions import acting_day
from notifications.services import mark_resolved, tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import holders
from papers.enums import Symbol
from papers.selectors import letterheads_on
from papers.services import NewPaper, take_number
from recognition.audit_actions import AuditAction
from recognition.enums import IN_ROUND, DossierAction, DossierState
from recognition.models import Dossier, Packet
from recognition.selectors import packets as reads
from recognition.services.dossiers import begin_in, change_in, check_in_time
from recognition.services.papers import check_papers_open, lock_packet
from recognition.services.rounds import lock_round


@dataclass(frozen=True)
class Chosen:
    """What came of choosing: the dossiers, and what could not be chosen with the reason."""

    dossiers: list[Dossier]
    refused: list[tuple[Registration, DomainError]]

    @property
    def packets(self) -> list[int]:
        return list(dict.fromkeys(one.packet_id for one in self.dossiers if one.packet_id))


@transaction.atomic
def choose(*, round_id: int, registration_ids: Sequence[int], reason: str, actor: User) -> Chosen:
    """Put registrations into the packets in hand of their units. What was chosen before is not chosen twice; what cannot be is
    told and keeps nothing else out.
    """
    round_ = lock_round(round_id)
    there = Registration.objects.select_related("season", "unit", "place", "handover").in_bulk(registration_ids)
    chosen = Chosen([], [])
    for pk in registration_ids:
        if pk not in there:
            continue
        try:
            chosen.dossiers.append(begin_in(round_, there[pk], reason, actor))
        except NotAllowed:
            raise
        except DomainError as refused:
            chosen.refused.append((there[pk], refused))
    return chosen


@dataclass(frozen=True)
class UnitMeeting:
    """The meeting in which a unit chose: when, where, who, the votes in common and those of single dossiers."""

    met_on: date | None = None
    met_at: str = ""
    members: int | None = None
    present: int | None = None
    chair: str = ""
    secretary: str = ""
    votes_for: int | None = None
    votes_of: int | None = None
    single: Mapping[int, tuple[int, int] | None] = field(default_factory=dict)
    """dossier id -> (in favour, of how many), or None for the common ones."""


@transaction.atomic
def record_meeting(*, packet_id: int, meeting: UnitMeeting, actor: User) -> Packet:
    packet = lock_packet(packet_id, actor)
    check_papers_open(packet)
    _check_meeting(meeting)
    for name in ("met_on", "members", "present", "votes_for", "votes_of"):
        setattr(packet, name, getattr(meeting, name))
    packet.met_at, packet.chair, packet.secretary = clean(meeting.met_at), clean(meeting.chair), clean(meeting.secretary)
    packet.save()
    for dossier in packet.dossiers.filter(pk__in=meeting.single):
        dossier.votes_for, dossier.votes_of = meeting.single[dossier.pk] or (None, None)
        dossier.save(update_fields=["votes_for", "votes_of"])
    record(actor=actor, action=AuditAction.RECORD_UNIT_MEETING, target=packet, unit=packet.unit)
    return packet


def _check_meeting(meeting: UnitMeeting) -> None:
    """Raise DomainError for figures that cannot be."""
    if meeting.met_on and meeting.met_on > today():
        raise DomainError("Ngày họp chưa tới. Họp xong mới ghi biên bản.")
    if (meeting.members is None) != (meeting.present is None):
        raise DomainError("Xin ghi cả số có mặt và số được triệu tập, hoặc để trống cả hai.")
    if meeting.members is not None and meeting.present is not None and not 1 <= meeting.present <= meeting.members:
        raise DomainError(f"Số có mặt {meeting.present} phải từ 1 đến số được triệu tập {meeting.members}.")
    common = [] if meeting.votes_for is None and meeting.votes_of is None else [(meeting.votes_for, meeting.votes_of)]
    for votes_for, votes_of in [*common, *(one for one in meeting.single.values() if one)]:
        if votes_for is None or votes_of is None:
            raise DomainError("Xin ghi cả số tán thành và số được biểu quyết, hoặc để trống cả hai.")
        if not votes_for <= votes_of or votes_of < 1:
            raise DomainError(f"Số tán thành {votes_for} không quá được số được biểu quyết {votes_of}.")
        if meeting.present is not None and votes_of > meeting.present:
            raise DomainError(f"Số được biểu quyết {votes_of} không quá được số có mặt {meeting.present}.")


@dataclass(frozen=True)
class Numbering:
    """The day of the papers and the number of the tờ trình, None for the next one of the unit's register; that of the biên bản is
    the next one, where it is wanted.
    """

    day: date
    suffix: str = ""
    proposal: int | None = None
    with_minutes: bool = False


@transaction.atomic
def number_papers(*, packet_id: int, numbering: Numbering, actor: User) -> Packet:
    """Take the numbers of the tờ trình and, where asked for, of the biên bản. A number that was given stays."""
    packet = lock_packet(packet_id, actor)
    check_papers_open(packet)
    heads = letterheads_on(packet.unit, numbering.day)
    head = next((one for one in heads if one.suffix == numbering.suffix), heads[0] if heads else None)
    if head is None:
        raise DomainError("Đơn vị chưa khai thể thức giấy tờ nên chưa có sổ số. Số ghi tay trên giấy.")
    if numbering.day > today():
        raise DomainError(f"Ngày của giấy tờ không sau hôm nay, {write_day(today())}.")
    subject = f"đề nghị công nhận {packet.round.level_names.honour} năm {packet.round.season}"
    wanted = [("proposal_number", Symbol.PROPOSAL, numbering.proposal)] if packet.proposal_number_id is None else []
    if numbering.with_minutes and packet.minutes_number_id is None:
        wanted.append(("minutes_number", Symbol.MINUTES, None))
    if not wanted:
        raise DomainError("Giấy tờ đã có số.")
    for name, symbol, number in wanted:
        given = take_number(paper=NewPaper(head, symbol, numbering.day, subject, number), actor=actor)
        setattr(packet, name, given)
        record(actor=actor, action=AuditAction.NUMBER_PAPER, target=packet, unit=packet.unit, note=str(given))
    packet.suffix = head.suffix
    packet.listed_at = timezone.now()  # papers made before it do not have the number
    packet.save()
    return packet


class PacketIncomplete(DomainError):
    """The packet cannot be sent yet: its papers that lack, and what each dossier lacks."""

    def __init__(self, parts: reads.PacketParts) -> None:
        lines = [f"Thiếu bản ký của {paper.kind.label.lower()}" for paper in parts.missing_papers]
        lines += [
            f"Hồ sơ {row.dossier.number}, {quoted(row.dossier.registration.title[:80])}: {', '.join(row.lacks)}"
            for row in parts.to_send
            if row.lacks
        ]
        super().__init__(f"Chưa gửi được. {'; '.join(lines)}.")
        self.lines = lines


@transaction.atomic
def send_packet(*, packet_id: int, actor: User, seen: Collection[int] | None = None) -> list[Dossier]:
    """Send all dossiers of a packet that are not sent or were returned, or none of them.

    `seen`: the ids of those that were looked at; others meanwhile, and nothing is sent. Raises NotAllowed, PacketIncomplete,
    DomainError.
    """
    packet = lock_packet(packet_id, actor)
    dossiers = _locked(packet, [DossierState.PREPARING, DossierState.RETURNED])
    if not dossiers:
        raise DomainError("Không có hồ sơ nào chờ gửi.")
    if seen is not None and {one.pk for one in dossiers} != set(seen):
        raise DomainError("Danh sách vừa đổi sau khi đồng chí mở trang này. Xin xem lại rồi gửi.")
    check_in_time(packet.round, packet.unit, is_new=any(one.state == DossierState.PREPARING for one in dossiers))
    parts = reads.parts_of(packet)
    if not parts.is_ready:
        raise PacketIncomplete(parts)
    step = [change_in(packet.round, one, DossierAction.SEND, actor)[0] for one in dossiers][-1]
    record(actor=actor, action=AuditAction.SEND_PACKET, target=packet, unit=packet.unit, note=_numbers(dossiers))
    _tell(packet, dossiers, key=f"send:{step.pk}", what="Hồ sơ đề nghị", actor=actor)
    return dossiers


@transaction.atomic
def withdraw_packet(*, packet_id: int, reason: str, actor: User) -> list[Dossier]:
    """Take back all dossiers of a packet that were sent, with a reason. Raises NotAllowed, DomainError."""
    packet = lock_packet(packet_id, actor)
    dossiers = _locked(packet, IN_ROUND)
    if not dossiers:
        raise DomainError("Không có hồ sơ nào đã gửi để rút.")
    step = [change_in(packet.round, one, DossierAction.WITHDRAW, actor, note=reason)[0] for one in dossiers][-1]
    said = clean_lines(reason)
    record(actor=actor, action=AuditAction.WITHDRAW_PACKET, target=packet, unit=packet.unit, note=f"{_numbers(dossiers)}: {said}")
    _tell(packet, dossiers, key=f"withdraw:{step.pk}", what="Đã rút hồ sơ", actor=actor, reason=said)
    return dossiers


def _locked(packet: Packet, states: Collection[str]) -> list[Dossier]:
    rows = packet.dossiers.select_for_update(of=("self",)).filter(state__in=states).order_by("number")
    found = list(rows.select_related("registration__season", "registration__unit", "registration__place", "unit", "level"))
    for one in found:
        one.round, one.packet = packet.round, packet
    return found


def _numbers(dossiers: Sequence[Dossier]) -> str:
    return f"hồ sơ {', '.join(str(one.number) for one in dossiers)}"


def _tell(packet: Packet, dossiers: Sequence[Dossier], *, key: str, what: str, actor: User, reason: str = "") -> None:
    """Those who lead the round, once for all."""
    people = holders(May.RUN_ROUND, packet.round.unit, acting_day(packet.round.season), climbs=False)
    for one in dossiers:
        mark_resolved(link=link_to("recognition:dossier", one.pk))
    lines = [str(packet.round), *(f"{one.number}. {one.registration.title}" for one in dossiers), reason]
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"packet:{key}",
        subject=f"{what} của {packet.unit_name}: {len(dossiers)} mô hình",
        body="\n".join(line for line in lines if line),
        link=link_to("recognition:packet", packet.pk),
    )
