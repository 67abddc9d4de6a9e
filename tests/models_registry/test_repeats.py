"""One registration sent twice in a season, by a unit that ended in its course and by its heir: asked about, and counted once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from models_registry import services
from models_registry.enums import LinkState
from models_registry.models import DifferenceNote, EmulationModel, OutputMeasure, Registration, Repeat, Season
from models_registry.selectors import model_at
from models_registry.selectors.repeats import open_repeats, repeats
from models_registry.selectors.similar import similar
from models_registry.selectors.tasks import tasks_of
from models_registry.selectors.timeline import of_registration
from models_registry.services import (
    ImportReport,
    NewSeason,
    assign,
    confirm_repeat,
    import_register,
    open_season,
    refuse_repeats,
    undo_import,
    undo_repeat,
    withdraw,
)
from organisation.models import AuditEvent, Level, Unit, UnitSuccession, UnitVersion
from organisation.services import give_role
from recognition.models import Dossier
from reports.selectors import tally
from tests import registers as made
from tests.online import Action, begin, do, fill, person
from tests.pages import refused
from tests.threads import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db]
OFFICER, PROVINCE = "hoidong1", "hoidong2"
DISTRICT, PLACE, HEIR = "ham-thuan-bac", "Xã Hàm Hiệp", "2025/phuong-binh-thuan"
TITLE, DOER = "Tuyến đường hoa tự quản", "Chi bộ thôn 3"
GONE = "Câu hỏi này không còn: đăng ký vừa được sửa hoặc đã trả lời. Xin mở lại trang."
DAYS = [date(2025, 3, 20), date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 14), date(2025, 9, 15), date(2025, 12, 31)]
Send = Callable[..., ImportReport]


def on(month: int, day: int, year: int = 2025) -> Any:
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


def unit_of(key: str) -> Unit:
    return Unit.objects.get(key=key)


@pytest.fixture(autouse=True)
def season(db: None) -> Season:
    made_season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    roles = (
        (OFFICER, "can-bo-co-so", HEIR),
        (OFFICER, "chuyen-vien-tinh", "lam-dong"),
        (PROVINCE, "chuyen-vien-tinh", "lam-dong"),
    )
    for name, role, key in roles:
        give_role(user=person(name), role=role, unit=unit_of(key), starts_on=date(2025, 7, 1), actor=None)
    return made_season


@pytest.fixture
def send(tmp_path: Path, season: Season) -> Send:
    def run(unit: str, day: str, *rows: tuple[str, str, str], kind: str = "Đăng ký mới", year: int = 2025) -> ImportReport:
        lines = [made.row(title, subject=doer, place=place, day=day, kind=kind) for title, doer, place in rows]
        path = made.xlsx(tmp_path / f"{unit.replace('/', '-')}.xlsx", [made.HEAD, *lines])
        of = Season.objects.get(year=year)
        report = import_register(path=path, season=of, unit=unit_of(unit), actor=None)
        assert report.saved, report.rejected
        return report

    return run


def twice(
    send: Send, *, place: str = "Khu phố 2 (Xã Hàm Hiệp cũ)", title: str = TITLE, doer: str = DOER
) -> tuple[Registration, Registration]:
    """(the district's of March, the commune's of September)"""
    with on(3, 20):
        send(DISTRICT, "15/3/2025", (TITLE, DOER, PLACE))
    with on(9, 20):
        report = send(HEIR, "15/9/2025", (title, doer, place))
    first, second = (Registration.objects.get(season__year=2025, unit__key=key) for key in (DISTRICT, HEIR))
    assert report.continuity.get("repeats", 0) == second.repeats.values("registration").distinct().count()
    return first, second


def asked(second: Registration) -> Repeat:
    return Repeat.objects.get(registration=second)


def counted(season: Season) -> list[tuple[int, dict[str, int]]]:
    """(in all, by unit) on each of DAYS; the sum of the units is the whole."""
    found = []
    for day in DAYS:
        table = tally(season, day)
        units = {key: line["registered"] for key, line in table.as_dict()["by_unit"].items() if line["registered"]}
        assert table.registered == sum(units.values())
        found.append((table.registered, units))
    return found


BEFORE, AFTER = (1, {DISTRICT: 1}), (1, {HEIR: 1})


def test_what_the_district_sent_in_march_and_the_commune_in_september_is_asked_about(send: Send, season: Season) -> None:
    first, second = twice(send)
    repeat = asked(second)
    assert (repeat.earlier, repeat.state, repeat.score) == (first, LinkState.OPEN, 100)
    assert counted(season)[-1] == (2, {HEIR: 2})
    with on(9, 21):
        assert open_repeats(person(OFFICER), season) == 1
        mine = tasks_of(person(OFFICER), season)
        assert mine is not None and "Xem 1 đăng ký có thể gửi hai lần" in [task.title for task in mine.tasks]
        assert list(repeats(person(OFFICER), season)) == [second]
        assert list(repeats(person("hamhiep.canbo"), season)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"title": f"{TITLE} (giai đoạn 2)"},
        {"doer": "Bí thư Chi bộ thôn 3"},
        {"place": ""},
        {"title": "Tuyến đường hoa do dân tự quản"},
    ],
)
def test_in_other_words_it_is_asked_about_as_well(send: Send, changed: dict[str, str]) -> None:
    _, second = twice(send, **changed)
    assert asked(second).state == LinkState.OPEN


@pytest.mark.parametrize("changed", [{"doer": "Chi bộ thôn 5"}, {"title": "Tiếng kẻng an ninh"}, {"place": "Phường Phú Tài cũ"}])
def test_what_is_another_is_not(send: Send, changed: dict[str, str]) -> None:
    twice(send, **changed)
    assert not Repeat.objects.exists()


def test_the_same_counts_once_on_every_day_and_undone_twice_again(send: Send, season: Season) -> None:
    first, second = twice(send)
    begun, once = second.model, [BEFORE] * 2 + [AFTER] * 4
    assert begun is not None and first.model is not None
    measure = OutputMeasure.objects.create(model=begun, what="hộ", counting_unit="hộ", quantity=3, as_of=date(2025, 9, 18))
    with on(9, 21):
        assert confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER)) == first
    second.refresh_from_db()
    assert (second.registered_on, second.state, second.model) == (None, "withdrawn", None)
    assert counted(season) == once
    assert model_at(None, begun.slug).moved_to == first.model.slug
    assert OutputMeasure.objects.get(pk=measure.pk).model == first.model
    assert "Là một với “Tuyến đường hoa tự quản” (Huyện ủy Hàm Thuận Bắc): tính một lần" in [
        event.what for event in of_registration(second)
    ]
    with on(9, 22):
        undo_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    second.refresh_from_db()
    assert (second.registered_on, second.state, second.model, second.is_latest) == (date(2025, 9, 15), "accepted", begun, True)
    assert (asked(second).state, OutputMeasure.objects.get(pk=measure.pk).model) == (LinkState.OPEN, begun)
    assert counted(season) == once[:4] + [(2, {HEIR: 2})] * 2
    actions = AuditEvent.objects.filter(action__endswith="same-registration").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["same-registration", "undo-same-registration"]


def test_called_different_both_count_and_it_is_not_asked_again(send: Send, season: Season) -> None:
    _, second = twice(send)
    with on(9, 21):
        refuse_repeats(registration_id=second.pk, actor=person(OFFICER))
        send(HEIR, "15/9/2025", (TITLE, DOER, "Khu phố 2 (Xã Hàm Hiệp cũ)"))
    assert asked(second).state == LinkState.REFUSED
    assert counted(season)[-1] == (2, {HEIR: 2})


def test_the_register_sent_again_brings_nothing_back(send: Send, season: Season) -> None:
    _, second = twice(send)
    with on(9, 21):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
        report = send(HEIR, "15/9/2025", (TITLE, DOER, "Khu phố 2 (Xã Hàm Hiệp cũ)"))
    assert (report.unchanged, report.created) == (1, 0)
    assert counted(season)[-1] == AFTER


def test_the_districts_register_that_comes_late_is_noticed_as_well(send: Send) -> None:
    with on(9, 20):
        send(HEIR, "15/9/2025", (TITLE, DOER, "Khu phố 2 (Xã Hàm Hiệp cũ)"))
        send(DISTRICT, "15/3/2025", (TITLE, DOER, PLACE))
    assert asked(Registration.objects.get(unit__key=HEIR, season__year=2025)).earlier.unit.key == DISTRICT


def test_what_carries_on_an_earlier_model_goes_over_with_its_years(send: Send) -> None:
    """The commune's is linked to nothing, since the district's has the model; once they are one, the model has one registration."""
    open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    send(DISTRICT, "15/3/2024", (TITLE, DOER, PLACE), year=2024)
    with on(3, 20):
        send(DISTRICT, "15/3/2025", (TITLE, DOER, PLACE), kind="Duy trì, nhân rộng")
    with on(9, 20):
        send(HEIR, "15/9/2025", (TITLE, DOER, "Khu phố 2 (Xã Hàm Hiệp cũ)"), kind="Duy trì, nhân rộng")
        second = Registration.objects.get(unit__key=HEIR, season__year=2025)
        first = confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    assert list(
        Registration.objects.filter(model=first.model).order_by("season__year").values_list("season__year", flat=True)
    ) == [
        2024,
        2025,
    ]


# --- a unit that was split


SPLIT, OTHER_HEIR = "2025/xa-ham-thuan", "2025/xa-ham-thuan-bac"
SENT = [(TITLE, DOER, ""), ("Tiếng kẻng an ninh", "Công an xã", "")]


def split() -> None:
    UnitVersion.objects.filter(unit__key=SPLIT, valid_to=None).update(valid_to=date(2025, 10, 1))
    for key in (HEIR, OTHER_HEIR):
        UnitSuccession.objects.create(
            predecessor=unit_of(SPLIT), successor=unit_of(key), effective_on=date(2025, 10, 1), kind=UnitSuccession.Kind.SPLIT
        )
    forget()


@pytest.mark.parametrize("late", [False, True])
def test_what_waits_to_be_assigned_is_asked_about_when_an_heir_sends_it(send: Send, season: Season, late: bool) -> None:
    """By whichever register comes last; both stay until it is answered, and what is the same counts once."""
    split()
    orders = [(8, SPLIT, "10/8/2025", SENT), (10, HEIR, "9/10/2025", SENT[:1])]
    with on(10, 9):
        for _, key, day, rows in reversed(orders) if late else orders:
            send(key, day, *rows)
    second = Registration.objects.get(unit__key=HEIR, season__year=2025)
    assert (asked(second).earlier.unit.key, asked(second).state) == (SPLIT, LinkState.OPEN)
    before, answered = date(2025, 10, 9), date(2025, 10, 10)
    with on(10, 10):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    assert (lines_on(season, before), lines_on(season, answered)) == ({SPLIT: 2}, {SPLIT: 1, HEIR: 1})
    with on(10, 11):
        undo_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    assert lines_on(season, answered) == {SPLIT: 2, HEIR: 1}
    given, back = AuditEvent.objects.filter(action__in=["assign-registration", "take-back-registration"]).order_by("pk")
    assert (given.target_id, given.unit) == (back.target_id, back.unit)
    assert (back.action, back.actor, back.note.split(" → ")) == (
        "take-back-registration",
        person(OFFICER),
        given.note.split(" → ")[::-1],
    )


def lines_on(season: Season, day: date) -> dict[str, int]:
    by_unit = tally(season, day).as_dict()["by_unit"]
    return {key: line["registered"] for key, line in by_unit.items() if line["registered"]}


def test_what_is_assigned_to_a_unit_is_asked_about_with_what_that_one_sent(send: Send, season: Season) -> None:
    """The province may assign to a unit that did not follow; what the register sent before is looked at then."""
    with on(10, 9):
        send(SPLIT, "10/8/2025", *SENT)
        send("2025/xa-hong-thai", "9/10/2025", *SENT[:1])
        split()
        assert not Repeat.objects.exists()
        first = Registration.objects.filter(unit__key=SPLIT, season__year=2025)
        assign(registration_ids=[row.pk for row in first], unit=unit_of("2025/xa-hong-thai"), actor=person(PROVINCE))
    second = Registration.objects.get(unit__key="2025/xa-hong-thai", season__year=2025)
    assert asked(second).earlier in first
    with on(10, 10):
        send(SPLIT, "10/8/2025", *SENT)
    assert asked(second).earlier in first
    assert tally(season, date(2025, 10, 10)).as_dict()["by_unit"]["2025/xa-hong-thai"]["registered"] == 3


def test_only_who_uploads_the_units_registers_answers(send: Send) -> None:
    _, second = twice(send)
    for by in ("hamhiep.canbo", "duclinh.chuyenvien"):
        with on(9, 21), pytest.raises(NotAllowed):
            confirm_repeat(repeat_id=asked(second).pk, actor=person(by))


def test_what_was_answered_keeps_both_uploads_from_being_undone(send: Send) -> None:
    first, second = twice(send)
    with on(9, 21):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
        for row, by in ((first, "hamthuanbac.chuyenvien"), (second, OFFICER)):
            assert row.imported_by is not None
            with pytest.raises(DomainError, match="gửi hai lần"):
                undo_import(import_id=row.imported_by.pk, actor=person(by))


def test_one_that_was_set_aside_is_not_opened_again(send: Send) -> None:
    _, second = twice(send)
    with on(9, 21):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
        with pytest.raises(DomainError, match="ghi là một với"):
            do(second, Action.REOPEN, PROVINCE, "Mở lại")


def test_the_database_lets_no_registration_count_twice(send: Send) -> None:
    first, second = twice(send)
    with pytest.raises(IntegrityError), transaction.atomic():
        Repeat.objects.update(state=LinkState.CONFIRMED, decided_by=person(OFFICER), decided_at=datetime.now(UTC))
    with on(9, 21):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=second.pk).update(
            registered_on=date(2025, 9, 15), model=EmulationModel.objects.exclude(pk=first.model_id).first()
        )


def test_it_is_noticed_while_it_is_typed(send: Send) -> None:
    with on(3, 20):
        send(DISTRICT, "15/3/2025", (TITLE, DOER, PLACE))
    first = Registration.objects.get(unit__key=DISTRICT, season__year=2025)
    with on(9, 10):
        row = fill(begin(HEIR, OFFICER, 2025), OFFICER, title=TITLE, subject=DOER, place="", starts_on="01/09/2025")
        hits = similar(person(OFFICER), row.title, to=row)
        assert [hit.row for hit in hits if hit.is_same_place] == [first]
        with pytest.raises(DomainError, match="Có mô hình gần giống tại nơi này"):
            do(row, Action.SUBMIT, OFFICER)
        DifferenceNote.objects.create(registration=row, other=first, reason="Ở khu phố khác.", said_by=person(OFFICER))
        do(row, Action.SUBMIT, OFFICER)
        do(row, Action.ACCEPT, PROVINCE)
    assert not Repeat.objects.exists()  # called different while it was typed


def test_what_was_answered_is_not_answered_again_and_says_by_whom(send: Send) -> None:
    _, second = twice(send)
    repeat, quicker = asked(second), rf"^Câu hỏi này đã được trả lời rồi \(là một, {person(OFFICER)}\)"
    with on(9, 21):
        with refused("Đăng ký này vừa được đưa lại vào sổ. Xin mở lại trang."):
            undo_repeat(repeat_id=repeat.pk, actor=person(OFFICER))
        confirm_repeat(repeat_id=repeat.pk, actor=person(OFFICER))
        for act in (
            lambda: confirm_repeat(repeat_id=repeat.pk, actor=person(PROVINCE)),
            lambda: refuse_repeats(registration_id=second.pk, actor=person(PROVINCE)),
        ):
            with pytest.raises(DomainError, match=quicker):
                act()
        with refused(GONE):
            confirm_repeat(repeat_id=999_999_999, actor=person(OFFICER))
    assert asked(second).decided_by == person(OFFICER)


def test_calling_it_different_twice_is_told_once(send: Send) -> None:
    _, second = twice(send)
    with on(9, 21):
        for _ in range(2):
            refuse_repeats(registration_id=second.pk, actor=person(OFFICER))
    assert AuditEvent.objects.filter(action="other-registration").count() == 1


@pytest.mark.parametrize("which", [0, 1])
def test_what_was_withdrawn_meanwhile_is_not_called_the_same(send: Send, which: int) -> None:
    rows = twice(send)
    withdraw(registration=rows[which], withdrawn_on=date(2025, 9, 20), actor=None)
    with on(9, 21), refused("Một trong hai đăng ký vừa được rút. Xin mở lại trang."):
        confirm_repeat(repeat_id=asked(rows[1]).pk, actor=person(OFFICER))
    assert asked(rows[1]).state == LinkState.OPEN


def test_what_was_proposed_already_is_not_taken_out_of_the_register(send: Send) -> None:
    _, second = twice(send)
    Dossier.objects.create(registration=second, level=Level.objects.all()[0], unit=second.unit, proposed_on=date(2025, 9, 16))
    words = f"“{TITLE}” đã có hồ sơ đề nghị, nên không bỏ ra được: xin rút “{TITLE}” (Huyện ủy Hàm Thuận Bắc) nếu là một."
    with on(9, 21), refused(words):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    second.refresh_from_db()
    assert second.registered_on == date(2025, 9, 15)


def test_what_stands_in_the_register_again_is_not_put_back_beside_it(send: Send) -> None:
    first, second = twice(send)
    with on(9, 21):
        confirm_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
        Registration.objects.filter(pk=first.pk).update(unit=second.unit, identity_key=second.identity_key)
        with refused(f"Trong sổ nay đã có “{TITLE}” khác, cùng địa bàn và người thực hiện."):
            undo_repeat(repeat_id=asked(second).pk, actor=person(OFFICER))
    assert asked(second).state == LinkState.CONFIRMED


def test_a_question_that_went_while_one_waited_is_told(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register was mended by who held the lock: nothing is asked any more."""
    _, second = twice(send)
    repeat = asked(second)
    monkeypatch.setattr(services.repeats, "lock_models", lambda *given, **more: Repeat.objects.all().delete())
    with on(9, 21), refused(GONE):
        confirm_repeat(repeat_id=repeat.pk, actor=person(OFFICER))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_answer_at_once_one_wins_and_the_other_is_told(send: Send, season: Season) -> None:
    _, second = twice(send)
    pk = asked(second).pk

    def answer(by: str) -> Any:
        def run() -> str:
            try:
                confirm_repeat(repeat_id=pk, actor=person(by))
            except DomainError as error:
                return str(error)
            return "done"

        return run

    told = sorted(at_once(answer(OFFICER), answer(PROVINCE)))
    assert [words.split(" (")[0] for words in told] == ["Câu hỏi này đã được trả lời rồi", "done"]
    assert counted(season)[-1] == AFTER
    assert AuditEvent.objects.filter(action="same-registration").count() == 1
