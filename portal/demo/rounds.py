"""A round of the demo to try: Hàm Thuận Bắc's, being scored, with sheets handed in, begun and not begun. All of it is made up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from common.dates import today
from models_registry.enums import State
from models_registry.models import Registration, Season
from organisation.models import Unit, User
from portal.demo.clock import as_on
from portal.demo.files import DEMO
from recognition import services
from recognition.enums import DossierAction, PaperKind
from recognition.models import CouncilMember, CriteriaSet, Dossier, RecognitionRound

STAFF, COMMUNE = "hamthuanbac.chuyenvien", "hamhiep.canbo"
COUNCIL = (("hoidong1", "chair"), ("hoidong2", "secretary"), ("hoidong3", "member"))
DOSSIERS = 4
BEGUN = 2
PAPERS = (PaperKind.PROPOSAL, PaperKind.SUMMARY)
SHEETS = {"hoidong1": 3, "hoidong2": 1}  # how many each has handed in; one more of each is begun
SHARES = (Decimal("0.9"), Decimal("0.8"), Decimal("0.75"), Decimal("0.85"))  # of each criterion's maximum, by dossier
REMARK = "Nhận xét minh họa."
PROPOSED = timedelta(days=20)  # after the round began
SCORED = timedelta(days=9)  # a member after the other, once scoring had begun
SIGNED_COPY = DEMO / "signed-copy.pdf"  # a page that says that it stands for a signed paper


@transaction.atomic
def show_round(season: Season) -> int:
    """The round, made once. Returns how many were made now."""
    unit = Unit.objects.get(key="ham-thuan-bac")
    if RecognitionRound.objects.filter(season=season, unit=unit).exists():
        return 0
    staff = User.objects.get(username=STAFF)
    begins = min(season.cutoff_on + timedelta(days=1), today())
    plan = _plan(begins, begins)
    with as_on(begins):
        round_ = services.open_round(season=season, unit=unit, plan=plan, actor=staff)
        for name, task in COUNCIL:
            services.seat_member(round_id=round_.pk, user=User.objects.get(username=name), task=task, actor=staff)
        services.advance(round_id=round_.pk, actor=staff)
    with as_on(begins + PROPOSED):
        dossiers = [_proposed(round_, row, staff) for row in _models(season, unit)]
        members = list(round_.members.select_related("user"))
        services.assign(
            round_id=round_.pk, member_ids=[one.pk for one in members], dossier_ids=[one.pk for one in dossiers], actor=staff
        )
        _begun(round_, season)
    with as_on(plan.propose_until + timedelta(days=1)):
        services.advance(round_id=round_.pk, actor=staff)
    for number, member in enumerate(members):
        sent = SHEETS.get(member.user.username, 0)
        with as_on(plan.propose_until + SCORED * (number + 1)):
            for n, dossier in enumerate(dossiers[: sent + 1] if sent else []):
                _score(round_, dossier, member, SHARES[n % len(SHARES)], is_sent=n < sent)
    if begins < today():
        services.change_round(round_id=round_.pk, plan=_plan(begins, today(), plan.criteria), actor=staff)
    return 1


def _plan(begins: date, scored_from: date, criteria: CriteriaSet | None = None) -> services.RoundPlan:
    """Proposing falls into the season's autumn, and so do the first sheets; scoring, which is there to try, lasts into these weeks."""
    return services.RoundPlan(
        criteria=criteria or services.ensure_criteria(),
        propose_from=begins,
        propose_until=begins + timedelta(days=30),
        score_until=scored_from + timedelta(days=60),
        meet_on=scored_from + timedelta(days=75),
        decide_by=scored_from + timedelta(days=90),
        papers=[kind.value for kind in PAPERS],
        basis="Dữ liệu minh họa: đợt xét để dùng thử cổng.",
    )


def _models(season: Season, unit: Unit) -> list[Registration]:
    """Models of different communes that no one has recognised yet."""
    rows = Registration.objects.filter(
        season=season, unit=unit, state=State.ACCEPTED, withdrawn_on__isnull=True, recognitions__isnull=True, place__isnull=False
    )
    by_place: dict[int | None, Registration] = {}
    for row in rows.order_by("pk"):
        by_place.setdefault(row.place_id, row)
    return list(by_place.values())[:DOSSIERS]


def _proposed(round_: RecognitionRound, row: Registration, staff: User) -> Dossier:
    """A commune's packet of one: a page in place of each signed copy; sent, taken as complete."""
    dossier = services.begin_dossier(round_id=round_.pk, registration_id=row.pk, actor=staff)
    assert dossier.packet_id
    for kind in PAPERS:
        copy = SimpleUploadedFile(f"{kind}.pdf", SIGNED_COPY.read_bytes())
        services.add_common_paper(packet_id=dossier.packet_id, kind=kind, file=copy, actor=staff)
    services.send_packet(packet_id=dossier.packet_id, actor=staff)
    return services.change_dossier(dossier_id=dossier.pk, action=DossierAction.COMPLETE, actor=staff)


def _begun(round_: RecognitionRound, season: Season) -> None:
    """A packet of two dossiers that the commune has begun and not sent: its meeting is written down, its tờ trình a draft."""
    commune = User.objects.get(username=COMMUNE)
    there = Dossier.objects.filter(round=round_).values("registration")
    rows = Registration.objects.filter(season=season, place__key="ham-thuan-bac/xa-ham-hiep", state=State.ACCEPTED)
    free = rows.filter(recognitions__isnull=True).exclude(pk__in=there).order_by("pk").values_list("pk", flat=True)[:BEGUN]
    for packet_id in services.choose(round_id=round_.pk, registration_ids=list(free), reason="", actor=commune).packets:
        meeting = services.UnitMeeting(today(), "Trụ sở Đảng ủy", 11, 10, "", "", 9, 10)
        services.record_meeting(packet_id=packet_id, meeting=meeting, actor=commune)
        services.make_paper(packet_id=packet_id, kind=PaperKind.PROPOSAL, actor=commune)


def _score(round_: RecognitionRound, dossier: Dossier, member: CouncilMember, share: Decimal, *, is_sent: bool) -> None:
    points = {one.pk: services.Typed(str(int(one.maximum * share)), "") for one in round_.criteria.criteria.all()}
    if not is_sent:
        points = dict(list(points.items())[:3])
    ids: dict[str, Any] = {"round_id": round_.pk, "dossier_id": dossier.pk, "actor": member.user}
    services.save_scores(typed=points, remark=REMARK if is_sent else "", **ids)
    if is_sent:
        services.send_sheet(**ids)
