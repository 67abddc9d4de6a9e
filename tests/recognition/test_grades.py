"""Grades: data of a body, given in a decision or a later one, counted each and never twice."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from common.exceptions import DomainError, NotAllowed
from organisation.models import Unit
from recognition.enums import Purpose
from recognition.exports.values import decision_preview
from recognition.models import Decision, DecisionDraft, Dossier, Grade, Recognition
from recognition.selectors.ways import way_of
from recognition.services import (
    DraftTyped,
    LineTyped,
    begin_amendment,
    check_draft,
    declare_grade,
    end_grade,
    problems_of,
    propose_commendations,
    publish,
    write_draft,
)
from reports.figures import FIGURES
from reports.selectors import listed, tally
from tests.online import person
from tests.pages import entered, refused
from tests.rounds import DISTRICT_LEADER, DISTRICT_STAFF, drafted, on

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.usefixtures("media", "september")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def declared(name: str = "tiêu biểu") -> Grade:
    body = Unit.objects.get(key="ham-thuan-bac")
    return declare_grade(unit=body, name=name, valid_from=date(2023, 1, 1), actor=person(STAFF))


def written(draft: DecisionDraft, **lines: Any) -> DecisionDraft:
    given = {"suffix": "HU", "number": None, "decided_on": date(2023, 10, 10), "texts": {}} | lines
    return write_draft(draft_id=draft.pk, typed=DraftTyped(**given), actor=person(STAFF))


def graded(stage: Any, grade: Grade, count: int = 1) -> Any:
    """The round's decision of 10/10, whose first models have the grade."""
    draft = drafted(stage[0])
    lines = list(draft.lines.all())
    typed = {line.pk: LineTyped("recognise", grade=grade.pk if n < count else None) for n, line in enumerate(lines)}
    written(draft, lines=typed)
    check_draft(draft_id=draft.pk, actor=person(LEADER))
    return publish(draft_id=draft.pk, actor=person(LEADER))


@pytest.mark.stage("voted", count=3)
def test_a_grade_counts_within_what_was_recognised_and_never_beside_it(stage: Any, season: Any) -> None:
    with on(10, 10):
        grade = declared()
        before = tally(season, date(2023, 10, 10))
        decision = graded(stage, grade, 2)
        after, eve = tally(season, date(2023, 10, 10)), tally(season, date(2023, 10, 9))
    assert after.district_recognised - before.district_recognised == 3
    assert sum(number for _, number, _, _ in after.grades) == 2 and eve.grades == []
    assert after.as_dict()["grades"]["tiêu biểu"]["total"] == 2 and "grades" not in before.as_dict()
    rows = set(listed(None, FIGURES["ghi-muc"], season, date(2023, 10, 10)))
    assert rows == {one.registration for one in Recognition.objects.filter(decision=decision, grade=grade)}


@pytest.mark.stage("voted", count=3)
def test_a_later_decision_chooses_among_what_was_recognised(stage: Any, season: Any) -> None:
    with on(10, 10):
        grade = declared()
        decision = graded(stage, grade, 0)
    with on(10, 14):
        chosen = list(decision.recognitions.order_by("pk")[:2])
        ids = [one.pk for one in chosen]
        draft = begin_amendment(decision_id=decision.pk, purpose=Purpose.GRADE, recognition_ids=ids, actor=person(STAFF))
        written(draft, lines={}, decided_on=date(2023, 10, 14))
        paper = decision_preview(draft, draft.unit.letterheads.get(suffix="HU"))
        assert "Ghi mức cho 2 mô hình" in paper["dieu_1"] and "2 mô hình tiêu biểu" in paper["dieu_1"]
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        publish(draft_id=draft.pk, actor=person(LEADER))
        on_day = [tally(season, date(2023, 10, day)) for day in (13, 14)]
        assert [sum(n for _, n, _, _ in found.grades) for found in on_day] == [0, 2]
        assert on_day[0].district_recognised == on_day[1].district_recognised
        assert Recognition.objects.filter(decision=decision, revoked_on__isnull=True).count() == 3
        dossier = Dossier.objects.get(registration=chosen[0].registration_id, level=decision.level)
        assert way_of(dossier)[0].what == "Ghi mức tiêu biểu"
        with pytest.raises(DomainError, match="chưa ghi mức"):
            begin_amendment(decision_id=decision.pk, purpose=Purpose.GRADE, recognition_ids=ids, actor=person(STAFF))


@pytest.mark.stage("voted", count=3)
def test_proposals_for_praise_are_counted_once_each_model(stage: Any, season: Any) -> None:
    with on(10, 10):
        decision = graded(stage, declared())
        one = decision.recognitions.first()
        for award in ("giay-khen", "bang-khen"):
            propose_commendations(unit=decision.issuer, recognition_ids=[one.pk], award=award, actor=person(STAFF))
        assert (tally(season, date(2023, 10, 10)).praised, tally(season, date(2023, 10, 9)).praised) == (1, 0)
        assert list(listed(None, FIGURES["de-nghi-khen"], season, date(2023, 10, 10))) == [one.registration]


@pytest.mark.stage("voted", count=2)
def test_the_database_holds_a_grade_to_one_per_model_season_and_level(stage: Any) -> None:
    with on(10, 10):
        grade = declared()
        decision = graded(stage, grade)
    given = decision.recognitions.get(grade=grade)
    for change in ({"grade": None, "graded_in": None}, {"graded_in": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recognition.objects.filter(pk=given.pk).update(**change)
    again = {"registration": given.registration, "level": given.level, "title": "Lần nữa"}
    with pytest.raises(IntegrityError), transaction.atomic():  # one registration a model and season, one recognition a level
        Recognition.objects.create(decision=Decision.objects.exclude(pk=decision.pk)[0], grade=grade, graded_in=decision, **again)
    with pytest.raises(DatabaseError), transaction.atomic():
        Grade.objects.filter(pk=grade.pk).update(name="xuất sắc")


@pytest.mark.stage("voted", count=1)
def test_a_grade_is_given_on_its_own_days_by_its_own_body(stage: Any) -> None:
    with on(10, 10):
        grade = declared()
        end_grade(grade_id=grade.pk, valid_until=date(2023, 9, 30), actor=person(STAFF))
        draft = drafted(stage[0])
        (line,) = draft.lines.all()
        written(draft, lines={line.pk: LineTyped("recognise", grade=grade.pk)})
        assert problems_of(draft) == [f"“{line.dossier.registration.title}”: mức “tiêu biểu” không dùng vào ngày 10/10/2023."]
        other = Grade.objects.create(unit=Unit.objects.get(key="phan-thiet"), name="tốt", valid_from=date(2023, 1, 1))
        written(draft, lines={line.pk: LineTyped("recognise", grade=other.pk)})
        assert draft.lines.get().grade is None


def test_grades_are_declared_on_a_page_of_the_body() -> None:
    staff = entered(STAFF)
    address = "/lam-viec/muc-cong-nhan/"
    assert staff.post(address, {"ten": " tiêu  biểu ", "tu": "01/01/2023"}).status_code == 302
    assert Grade.objects.get().name == "tiêu biểu"
    wrong = staff.post(address, {"ten": "giỏi", "tu": "31/02/2023"})
    assert (wrong.status_code, wrong.context["form"]["name"].value()) == (422, "giỏi")
    assert [place for place, _ in wrong.context["errors"]] == ["tu"]
    late = staff.post(address, {"muc": Grade.objects.get().pk, "den": "31/12/2022"})
    assert late.context["errors"] == [(f"den-{Grade.objects.get().pk}", "Ngày cuối phải từ 01/01/2023 trở đi.")]
    assert 'value="31/12/2022"' in late.content.decode()
    assert entered("hamhiep.canbo").get(address).status_code == 404


@pytest.mark.stage("voted", count=2)
def test_the_catalogue_finds_the_models_of_a_grade(stage: Any) -> None:
    with on(10, 10):
        decision = graded(stage, declared())
    given = decision.recognitions.get(grade__isnull=False)
    page = entered(STAFF).get("/mo-hinh/", {"muc": "tiêu biểu"})
    assert [card.row.model_id for card in page.context["page"].cards] == [given.registration.model_id]
    assert any("tiêu biểu" in words for _, words in page.context["page"].cards[0].honours)


@pytest.mark.stage("voted", count=3)
def test_a_grade_is_taken_away_by_a_decision_and_the_recognition_stays(stage: Any, season: Any) -> None:
    with on(10, 10):
        grade = declared()
        decision = graded(stage, grade, 2)
        graded_ones = list(decision.recognitions.filter(grade=grade))
        bare = decision.recognitions.get(grade=None)
        given: dict[str, Any] = {"decision_id": decision.pk, "purpose": Purpose.UNGRADE, "actor": person(STAFF)}
        with pytest.raises(DomainError, match="đang được ghi mức"):
            begin_amendment(recognition_ids=[bare.pk], **given)
    with on(10, 14):
        draft = begin_amendment(recognition_ids=[graded_ones[0].pk, bare.pk], **given)
        (line,) = draft.lines.all()
        assert problems_of(draft)[-1].endswith("thôi ghi mức cần ghi lý do để đơn vị biết.")
        lines = {line.pk: LineTyped("ungrade", "Số liệu báo cáo chưa đúng.")}
        draft = written(draft, lines=lines, decided_on=date(2023, 10, 9))
        assert any("trước ngày ghi mức (10/10/2023)" in words for words in problems_of(draft))
        draft = written(draft, lines=lines, decided_on=date(2023, 10, 14))
        paper = decision_preview(draft, draft.unit.letterheads.get(suffix="HU"))
        assert paper["dieu_1"].startswith("Thu hồi mức tiêu biểu của 1 mô hình") and "công nhận giữ nguyên" in paper["dieu_1"]
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        made = publish(draft_id=draft.pk, actor=person(LEADER))
        on_day = [tally(season, date(2023, 10, day)) for day in (13, 14)]
        assert [sum(n for _, n, _, _ in found.grades) for found in on_day] == [2, 1]
        assert on_day[0].district_recognised == on_day[1].district_recognised
        held = Recognition.objects.get(pk=graded_ones[0].pk)
        assert (held.standing_grade, held.revoked_on, held.ungraded_by) == (None, None, made)
        assert held.registration not in listed(None, FIGURES["ghi-muc"], season, date(2023, 10, 14))
        dossier = Dossier.objects.get(registration=held.registration_id, level=decision.level)
        assert way_of(dossier)[0].what == "Thu hồi mức tiêu biểu"
        with pytest.raises(DomainError, match="đang được ghi mức"):
            begin_amendment(recognition_ids=[held.pk], **given)
    for change in ({"ungraded_on": date(2023, 10, 20)}, {"ungraded_on": None, "ungraded_by": None}, {"grade": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recognition.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recognition.objects.filter(pk=bare.pk).update(ungraded_on=date(2023, 10, 20), ungraded_by=made)


def test_a_grade_is_declared_by_its_body_in_words_once() -> None:
    grade = declared()
    with refused("Mức “tiêu biểu” đã khai rồi."):
        declared(" tiêu  biểu ")
    for name in (" ", "tiêu {biểu}"):
        with refused("Xin ghi tên mức bằng chữ, ví dụ “tiêu biểu”."):
            declared(name)
    with refused("Ngày cuối phải từ 01/01/2023 trở đi."):
        end_grade(grade_id=grade.pk, valid_until=date(2022, 12, 31), actor=person(STAFF))
    with refused("Vai trò của đồng chí không khai mức công nhận của đơn vị này.", NotAllowed):
        end_grade(grade_id=grade.pk, valid_until=date(2023, 12, 31), actor=person("duclinh.chuyenvien"))
    assert list(Grade.objects.values_list("name", "valid_until")) == [("tiêu biểu", None)]


@pytest.mark.stage("published", count=1)
def test_a_grade_is_given_where_the_body_has_one_and_once(stage: Any) -> None:
    decision, _ = stage
    (held,) = decision.recognitions.all()
    given: dict[str, Any] = {"decision_id": decision.pk, "recognition_ids": [held.pk], "actor": person(STAFF)}
    with on(10, 14):
        with refused("Đơn vị chưa khai mức công nhận nào đang dùng. Xin khai ở trang Mức công nhận."):
            begin_amendment(purpose=Purpose.GRADE, **given)
        grade = declared()
        draft = begin_amendment(purpose=Purpose.GRADE, **given)
        draft = written(draft, decided_on=date(2023, 10, 14))
        assert not any("ghi mức" in words for words in problems_of(draft))
        Recognition.objects.filter(pk=held.pk).update(grade=grade, graded_in=decision)  # by a list that was loaded meanwhile
        told = f"“{held.title}” đã được ghi mức “tiêu biểu”, theo Quyết định số {decision}."
        assert told in problems_of(DecisionDraft.objects.get(pk=draft.pk))
        draft.lines.update(verdict="ungrade", reason="Chưa đúng")
        Recognition.objects.filter(pk=held.pk).update(ungraded_on=date(2023, 10, 12), ungraded_by=decision)
        told = f"“{held.title}” đã bị thu hồi mức từ ngày 12/10/2023."
        assert told in problems_of(DecisionDraft.objects.get(pk=draft.pk))
