"""Dossiers: proposed, filled, sent, returned paper by paper, taken back; who sees them."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from models_registry.models import Registration, Season
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from recognition.enums import DossierAction, DossierState, PaperKind, Phase
from recognition.models import CriteriaSet, Dossier, DossierFile, Recognition
from recognition.selectors.dossiers import candidates, checklist, dossiers_visible_to
from recognition.selectors.rounds import propose_until
from recognition.services import (
    DossierIncomplete,
    advance,
    assign,
    begin_dossier,
    discard_dossier,
    grant_round_extension,
)
from recognition.transitions import TRANSITIONS, next_state
from reports.selectors import tally
from tests.online import person
from tests.photos import PDF
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    PROVINCE_LEADER,
    PROVINCE_STAFF,
    complete,
    do,
    on,
    paper,
    proposed,
    proposing,
    rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]


@pytest.mark.parametrize("state", list(DossierState))
@pytest.mark.parametrize("action", list(DossierAction))
@pytest.mark.parametrize("phase", list(Phase))
def test_the_whole_table(state: DossierState, action: DossierAction, phase: Phase) -> None:
    early, always = {"proposing", "scoring"}, {one.value for one in Phase} - {"deciding", "closed"}
    moves = {
        ("preparing", "send"): ("sent", early),
        ("returned", "send"): ("sent", early),
        ("sent", "return"): ("returned", early),
        ("sent", "complete"): ("complete", early),
        ("sent", "withdraw"): ("withdrawn", always),
        ("returned", "withdraw"): ("withdrawn", always),
        ("complete", "withdraw"): ("withdrawn", always),
    }
    target, phases = moves.get((state.value, action.value), ("", set()))
    if phase.value in phases:
        assert next_state(state, action, phase) == target
    else:
        with pytest.raises(InvalidTransition):
            next_state(state, action, phase)
    assert len(TRANSITIONS) == len(DossierAction)


@pytest.mark.stage("proposing")
def test_only_accepted_registrations_of_ones_own_units_are_offered(stage: Any) -> None:
    round_ = stage
    mine, all_of_them = candidates(person(COMMUNE), round_), candidates(person(DISTRICT_STAFF), round_)
    assert {row.place.key for row in mine if row.place} == {"ham-thuan-bac/xa-ham-hiep"}
    assert mine.count() == Registration.objects.filter(place__key="ham-thuan-bac/xa-ham-hiep", state="accepted").count()
    assert all_of_them.count() == Registration.objects.filter(unit__key="ham-thuan-bac", state="accepted").count()
    assert not candidates(person("duclinh.chuyenvien"), round_).exists()
    row = rows(1)[0]
    proposed(round_, row)
    assert not candidates(person(COMMUNE), round_).filter(pk=row.pk).exists()


def test_a_second_tap_finds_the_first_dossier() -> None:
    round_, row = proposing(), rows(1)[0]
    assert proposed(round_, row) == proposed(round_, row)
    assert Dossier.objects.filter(round=round_).count() == 1


@pytest.mark.parametrize("by", ["duclinh.chuyenvien", PROVINCE_STAFF, DISTRICT_LEADER, "hoidong1", "quantri"])
def test_who_may_not_propose(by: str) -> None:
    with pytest.raises(NotAllowed):
        proposed(proposing(), rows(1)[0], by)


def test_a_province_round_takes_what_was_recognised_below_or_with_a_reason() -> None:
    round_ = proposing(unit="binh-thuan", by=PROVINCE_STAFF)
    Recognition.objects.filter(decision__level__gathers_registers=True).delete()
    Dossier.objects.filter(round=None).delete()
    known = Registration.objects.filter(recognitions__decision__level__key="district", unit__key="ham-thuan-bac")[0]
    other = Registration.objects.filter(recognitions__isnull=True, unit__key="ham-thuan-bac", state="accepted")[0]
    staff = person(DISTRICT_STAFF)
    assert begin_dossier(round_id=round_.pk, registration_id=known.pk, actor=staff).reason == ""
    with pytest.raises(DomainError, match="chưa được công nhận ở cấp dưới"):
        begin_dossier(round_id=round_.pk, registration_id=other.pk, actor=staff)
    made = begin_dossier(round_id=round_.pk, registration_id=other.pk, reason="Mới xong trong tháng 9", actor=staff)
    assert (made.unit.key if made.unit else "", made.number) == ("ham-thuan-bac", 2)
    with pytest.raises(NotAllowed):
        begin_dossier(round_id=round_.pk, registration_id=known.pk, actor=person(COMMUNE))


# --- papers


def test_the_checklist_says_what_is_missing_and_who_must_act() -> None:
    round_ = proposing(papers=("proposal", "achievement", "evidence", "opinion", "earlier"))
    dossier = begin_dossier(round_id=round_.pk, registration_id=rows(1)[0].pk, actor=person(COMMUNE))
    Recognition.objects.filter(registration=dossier.registration).delete()
    lines = {line.kind.value: line for line in checklist(dossier)}
    missing = [kind for kind, line in lines.items() if line.is_missing]
    assert missing == ["proposal", "achievement", "evidence", "opinion", "earlier"]
    assert lines["opinion"].who == "Xã Hàm Hiệp"
    with pytest.raises(DossierIncomplete, match="Tờ trình, Báo cáo thành tích") as refused:
        do(dossier, DossierAction.SEND, COMMUNE)
    assert [line.kind.value for line in refused.value.missing] == missing
    for kind in missing:
        paper(dossier, PaperKind(kind))
    dossier.refresh_from_db()
    assert do(dossier, DossierAction.SEND, COMMUNE).state == DossierState.SENT


def test_a_paper_that_is_replaced_is_kept(settings: Any) -> None:
    dossier = proposed(proposing(), rows(1)[0])
    first = paper(dossier, PaperKind.PROPOSAL)
    assert paper(dossier, PaperKind.PROPOSAL).pk == first.pk  # the same file again
    second = paper(dossier, PaperKind.PROPOSAL, data=PDF + b"\n%", name="to-ky.pdf")
    kept = DossierFile.objects.get(pk=first.pk)
    assert kept.replaced_at is not None and kept.file.storage.exists(kept.file.name)
    assert [line.file for line in checklist(dossier) if line.kind == PaperKind.PROPOSAL] == [second]
    with pytest.raises(DomainError, match="không nhận"):
        paper(dossier, PaperKind.PROPOSAL, data=b"MZ", name="to.pdf")
    with pytest.raises(DomainError, match="loại giấy tờ"):
        paper(dossier, "rubbish")  # type: ignore[arg-type]
    do(dossier, DossierAction.SEND, COMMUNE)
    with pytest.raises(DomainError, match="không sửa được"):
        paper(dossier, PaperKind.MINUTES)


@pytest.mark.stage("proposing")
def test_returned_paper_by_paper_and_sent_again_keeps_its_first_day(stage: Any) -> None:
    round_ = stage
    dossier = do(proposed(round_, rows(1)[0]), DossierAction.SEND, COMMUNE)
    with pytest.raises(DomainError, match="giấy tờ nào phải bổ sung"):
        do(dossier, DossierAction.RETURN, DISTRICT_STAFF)
    dossier = do(dossier, DossierAction.RETURN, DISTRICT_STAFF, minutes="Thiếu chữ ký Thư ký", rubbish="x")
    flaws = [str(line.flaw) for line in checklist(dossier) if line.flaw]
    assert flaws == ["Biên bản họp xét: Thiếu chữ ký Thư ký"]
    told = Message.objects.get(recipient__username=COMMUNE, subject__startswith="Hồ sơ trả lại")
    assert "Biên bản họp xét: Thiếu chữ ký Thư ký" in told.body
    with on(9, 25):  # past the last day: what was returned may still come back
        dossier = do(dossier, DossierAction.SEND, COMMUNE)
    assert (dossier.state, dossier.proposed_on) == (DossierState.SENT, date(2023, 9, 10))


@pytest.mark.stage("proposing")
def test_the_last_day_and_more_time_for_one_unit(stage: Any) -> None:
    round_ = stage
    dossier = proposed(round_, rows(1)[0])
    unit, staff = dossier.unit, person(DISTRICT_STAFF)
    assert unit is not None
    with on(9, 20, 16):  # 23:00 in Vietnam
        assert propose_until(round_, unit) == date(2023, 9, 20)
    with on(9, 20, 17), pytest.raises(DomainError, match="đến hết ngày 20/09/2023"):
        do(dossier, DossierAction.SEND, COMMUNE)
    for until, said in ((date(2023, 9, 20), "phải sau hạn"), (date(2023, 10, 1), "không quá ngày cuối thẩm định")):
        with pytest.raises(DomainError, match=said):
            grant_round_extension(round_id=round_.pk, unit=unit, until=until, reason="Bão", actor=staff)
    with pytest.raises(DomainError, match="lý do"):
        grant_round_extension(round_id=round_.pk, unit=unit, until=date(2023, 9, 25), reason=" ", actor=staff)
    grant_round_extension(round_id=round_.pk, unit=unit, until=date(2023, 9, 25), reason="Bão", actor=staff)
    grant_round_extension(round_id=round_.pk, unit=unit, until=date(2023, 9, 25), reason="Bão", actor=staff)
    assert round_.extensions.count() == 1
    with on(9, 24):
        assert do(dossier, DossierAction.SEND, COMMUNE).state == DossierState.SENT


def test_withdrawn_with_a_reason_and_proposed_anew_beside_it() -> None:
    round_, row = proposing(), rows(1)[0]
    dossier = complete(round_, row)
    with pytest.raises(DomainError, match="lý do rút"):
        do(dossier, DossierAction.WITHDRAW, COMMUNE)
    dossier = do(dossier, DossierAction.WITHDRAW, COMMUNE, "Chưa đủ minh chứng")
    assert (dossier.state, dossier.withdrawn_on) == (DossierState.WITHDRAWN, date(2023, 9, 10))
    anew = proposed(round_, row)  # the withdrawn one keeps its days: what it was on a day does not change
    assert anew.pk != dossier.pk
    kept = Dossier.objects.get(pk=dossier.pk)
    assert (kept.proposed_on, kept.withdrawn_on) == (date(2023, 9, 10), date(2023, 9, 10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.create(registration=row, level=round_.level, round=round_, number=99, state="preparing")


@pytest.mark.stage("proposing")
def test_in_the_independent_phase_only_units_with_more_time_still_send(stage: Any) -> None:
    round_ = stage
    first, second = rows(2)
    dossier, staff = complete(round_, first), person(DISTRICT_STAFF)
    late = proposed(round_, second)
    assign(round_id=round_.pk, member_ids=[round_.members.all()[0].pk], dossier_ids=[dossier.pk], actor=staff)
    advance(round_id=round_.pk, actor=staff)
    with pytest.raises(DomainError, match="thôi nhận đề nghị mới"):
        do(late, DossierAction.SEND, COMMUNE)
    assert late.unit is not None
    grant_round_extension(round_id=round_.pk, unit=late.unit, until=date(2023, 9, 25), reason="Bão", actor=staff)
    do(late, DossierAction.SEND, COMMUNE)
    with pytest.raises(DomainError, match="Còn 1 hồ sơ chờ xem"):
        advance(round_id=round_.pk, actor=staff)


def test_a_list_of_outcomes_does_not_touch_a_dossier_of_a_round() -> None:
    from recognition.services.outcome_facts import Facts, RowRefused, _propose

    round_ = proposing(unit="binh-thuan", by=PROVINCE_STAFF)
    Dossier.objects.filter(round=None).delete()
    row = Registration.objects.filter(unit__key="ham-thuan-bac", state="accepted")[0]
    dossier = begin_dossier(round_id=round_.pk, registration_id=row.pk, reason="Tốt", actor=person(DISTRICT_STAFF))
    with pytest.raises(RowRefused, match="hồ sơ ở một đợt xét"):
        _propose(Facts([row.pk]), row, round_.level, date(2023, 10, 1))
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.PREPARING


def test_a_dossier_never_sent_is_thrown_away_with_its_papers(django_capture_on_commit_callbacks: Any) -> None:
    dossier = proposed(proposing(), rows(1)[0])
    one = paper(dossier, PaperKind.ACHIEVEMENT)
    with django_capture_on_commit_callbacks(execute=True):
        discard_dossier(dossier_id=dossier.pk, actor=person(COMMUNE))
    assert not Dossier.objects.filter(pk=dossier.pk).exists() and not one.file.storage.exists(one.file.name)
    sent = do(proposed(proposing(), rows(1)[0]), DossierAction.SEND, COMMUNE)
    with pytest.raises(DomainError, match="chưa gửi lần nào"):
        discard_dossier(dossier_id=sent.pk, actor=person(COMMUNE))


def test_a_registration_that_was_withdrawn_is_not_sent() -> None:
    dossier = proposed(proposing(), rows(1)[0])
    Registration.objects.filter(pk=dossier.registration_id).update(state="withdrawn", withdrawn_on=date(2023, 9, 9))
    with pytest.raises(DomainError, match="đã rút nên không đề nghị"):
        do(dossier, DossierAction.SEND, COMMUNE)


def test_who_sees_a_dossier() -> None:
    names = (
        COMMUNE,
        DISTRICT_STAFF,
        DISTRICT_LEADER,
        PROVINCE_STAFF,
        PROVINCE_LEADER,
        "duclinh.chuyenvien",
        "hoidong1",
        "quantri",
    )

    def seen(dossier: Dossier) -> set[str]:
        return {name for name in names if dossiers_visible_to(person(name)).filter(pk=dossier.pk).exists()}

    own = {COMMUNE, DISTRICT_STAFF, DISTRICT_LEADER, PROVINCE_STAFF, PROVINCE_LEADER}
    assert seen(proposed(proposing(), rows(1)[0])) == own
    round_ = proposing(unit="binh-thuan", by=PROVINCE_STAFF)
    Dossier.objects.filter(round=None).delete()
    row = Registration.objects.filter(unit__key="duc-linh", state="accepted")[0]
    dossier = begin_dossier(round_id=round_.pk, registration_id=row.pk, reason="Tốt", actor=person("duclinh.chuyenvien"))
    assert seen(dossier) == {"duclinh.chuyenvien", PROVINCE_STAFF, PROVINCE_LEADER}


def test_a_districts_dossiers_are_no_proposals_to_the_province() -> None:
    season = Season.objects.get(year=2023)
    before = tally(season, date(2023, 10, 15)).province_proposed
    complete(proposing(), rows(1)[0])
    assert tally(season, date(2023, 10, 15)).province_proposed == before == 39


def test_dossiers_that_came_with_outcomes_have_their_level() -> None:
    assert set(Dossier.objects.values_list("level__key", "round")) == {("province", None)}
    assert CriteriaSet.objects.count() == 0
