"""A list of outcomes on the web: matched, refused with reasons, chosen by hand, stored once, undone, thrown away."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.exceptions import DomainError, NotAllowed
from models_registry.models import Registration, RememberedList
from models_registry.registers.lists.mapping import ListMapping, ListSheetMapping
from models_registry.services import import_register, withdraw
from organisation.models import AuditEvent, Unit, User
from recognition.enums import ListState, OutcomeState
from recognition.models import Commendation, Decision, OutcomeList, Recognition
from recognition.selectors.outcome_lists import digest_of, searched
from recognition.services import change_list, discard_list, map_list, send_list, store_list, undo_list
from recognition.services.outcome_judging import problems_of
from tests import registers as made
from tests.conftest import DEMO
from tests.pages import refused
from tests.threads import at_once

STAFF, PROVINCE, OTHER = "phanthiet.chuyenvien", "tinh.chuyenvien", "duclinh.chuyenvien"
HEAD = ["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện", "Địa bàn", "Đơn vị"]
TITLE = "(Kèm theo Quyết định số 12-QĐ/ThU, ngày 18/9/2024)"
FLOWERS = ["1", "TUYẾN ĐƯỜNG HOA", "Hội Phụ nữ", "P. Phú Hài", ""]
WATCH = ["2", "Tổ tự quản", "Công an", "", ""]
Send = Callable[..., OutcomeList]


def person(name: str) -> User:
    return User.objects.get(username=name)


def register(season: Any, unit: Any, tmp_path: Path) -> None:
    lines = [
        made.row("Tuyến đường hoa", subject="Hội Phụ nữ"),
        made.row("Tuyến đường hoa", subject="Hội Nông dân"),
        made.row("Tổ tự quản", subject="Công an"),
    ]
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines])
    assert import_register(path=path, season=season, unit=unit("phan-thiet"), actor=None).created == 3


@pytest.fixture
def send(new_season: Any, unit: Any, tmp_path: Path, media: Any) -> Send:
    """Sends a list of Phan Thiết, whose three registrations of 2024 are there."""
    register(new_season, unit, tmp_path)

    def sent(
        *rows: list[Any], title: str = TITLE, head: list[str] | None = None, by: str = STAFF, issuer: str = "phan-thiet"
    ) -> OutcomeList:
        path = made.xlsx(tmp_path / "ds.xlsx", [[title], head or HEAD, *rows])
        file = SimpleUploadedFile("ds.xlsx", path.read_bytes())
        return send_list(file=file, season=new_season, issuer=unit(issuer), actor=person(by))

    return sent


def states(upload: OutcomeList) -> list[tuple[str, str]]:
    return [(row.state, row.told.get("code", "")) for row in upload.rows.all()]


def store(upload: OutcomeList, by: str = STAFF) -> Any:
    return store_list(list_id=upload.pk, shown=digest_of(list(upload.rows.all())), actor=person(by))


def test_a_list_is_matched_and_stored_with_the_decision_of_its_title(send: Send) -> None:
    upload = send(FLOWERS, WATCH)
    assert states(upload) == [(OutcomeState.NEW, "")] * 2
    assert not Recognition.objects.filter(decision__number="12-QĐ/ThU").exists()  # looked at, not stored
    store(upload)
    decision = Decision.objects.get(number="12-QĐ/ThU")
    assert (decision.decided_on, decision.issuer.key, decision.recorded_by) == (date(2024, 9, 18), "phan-thiet", person(STAFF))
    assert {(one.title, one.subject) for one in decision.recognitions.all()} == {
        ("Tuyến đường hoa", "Hội Phụ nữ"),
        ("Tổ tự quản", "Công an"),
    }
    assert Registration.objects.get(season=upload.season, subject="Công an").honour_rank > 0


def test_the_same_list_again_changes_nothing(send: Send) -> None:
    store(send(FLOWERS, WATCH))
    assert states(send(FLOWERS, WATCH)) == [(OutcomeState.UNCHANGED, "")] * 2


def test_the_province_records_for_all_units_below(send: Send) -> None:
    title = "Quyết định số 61-QĐ/BDVTU ngày 20/12/2024"
    upload = send(FLOWERS, [*WATCH[:4], "Thành ủy Phan Thiết"], title=title, by=PROVINCE, issuer="binh-thuan")
    store(upload, PROVINCE)
    decision = Decision.objects.get(number="61-QĐ/BDVTU", decided_on=date(2024, 12, 20))
    assert (decision.issuer.key, decision.recognitions.count()) == ("binh-thuan", 2)


@pytest.mark.parametrize(
    "row, code",
    [
        (["1", "Không có mô hình này", "", "", ""], "not_found"),
        (["1", "Tuyến đường hoa", "", "", ""], "ambiguous"),
        (["1", "Tuyến đường hoa", "Đoàn Thanh niên", "", ""], "not_found"),
        (["1", "Tổ tự quản", "Công an", "Xã Tiến Lợi", ""], "not_found"),
        (["1", "Tổ tự quản", "Công an", "", "Huyện ủy Không Có"], "unit_unknown"),
        (["1", "", "Công an", "Phường Phú Hài", ""], "title_missing"),
    ],
)
def test_a_row_that_does_not_match_is_refused_with_its_reason(send: Send, row: list[str], code: str) -> None:
    upload = send(row, WATCH)
    assert states(upload) == [(OutcomeState.REFUSED, code), (OutcomeState.NEW, "")]
    assert upload.rows.all()[0].told["why"]


def test_a_unit_that_registered_nothing(send: Send) -> None:
    upload = send([*WATCH[:4], "Huyện ủy Đức Linh"], by=PROVINCE, issuer="binh-thuan")
    assert states(upload) == [(OutcomeState.REFUSED, "unit_registered_nothing")]


def test_what_is_near_is_proposed_with_its_reason(send: Send) -> None:
    upload = send(["1", "Tuyến đường hoa đẹp", "Hội Nông dân", "", ""])
    offered = upload.rows.get().told["offered"]
    first = Registration.objects.get(pk=offered[0][0])
    assert (first.subject, offered[0][1].split(", ")[1]) == ("Hội Nông dân", "cùng người làm")


def test_one_registration_twice_in_a_list(send: Send) -> None:
    assert states(send(WATCH, WATCH)) == [(OutcomeState.NEW, ""), (OutcomeState.REFUSED, "duplicate")]


def test_recognised_twice_at_one_level(send: Send) -> None:
    store(send(WATCH))
    upload = send(WATCH, title="Quyết định số 20-QĐ/ThU ngày 1/10/2024")
    assert states(upload) == [(OutcomeState.REFUSED, "recognised_already")]
    assert "12-QĐ/ThU" in upload.rows.get().told["why"]


def test_a_row_that_was_chosen_by_hand_is_stored_so(send: Send) -> None:
    upload = send(["1", "Tên khác hẳn", "", "", ""])
    meant = Registration.objects.get(season=upload.season, subject="Công an")
    row = upload.rows.get()
    assert change_list(list_id=upload.pk, choices={row.pk: str(meant.pk)}, actor=person(STAFF)) == 1
    store(upload)
    assert Recognition.objects.get(decision__number="12-QĐ/ThU", registration__season=upload.season).registration == meant


def test_a_row_is_left_out_and_taken_back(send: Send) -> None:
    upload = send(WATCH)
    row = upload.rows.get()
    for choice, state in (("bo", OutcomeState.LEFT), ("", OutcomeState.NEW)):
        change_list(list_id=upload.pk, choices={row.pk: choice}, actor=person(STAFF))
        assert states(upload) == [(state, "")]


@pytest.mark.parametrize("choice", ["999999999", "0"])
def test_what_is_no_registration_of_the_season_is_not_chosen(send: Send, choice: str) -> None:
    upload = send(WATCH)
    with pytest.raises(DomainError, match="Không có đăng ký ấy"):
        change_list(list_id=upload.pk, choices={upload.rows.get().pk: choice}, actor=person(STAFF))


@pytest.mark.parametrize(
    "title, problem",
    [
        ("Danh sách", "Chưa rõ số quyết định."),
        ("Quyết định số 12-QĐ/ThU", "Chưa rõ ngày quyết định."),
        ("Quyết định số 12-QĐ/ThU ngày 1/2/2034", "Ngày quyết định 01/02/2034 không thuộc năm 2024 hay hai năm sau."),
        (
            "Quyết định số 12-QĐ/ThU ngày 1/8/2025",
            "Ngày 01/08/2025, Thành ủy Phan Thiết không có hoặc không ở cấp công nhận mô hình.",
        ),
        (f"HUYỆN ỦY ĐỨC LINH {TITLE}", "Đầu danh sách ghi Huyện ủy Đức Linh, không phải cơ quan ban hành đã chọn."),
    ],
)
def test_what_must_be_mended_keeps_a_list_from_being_stored(send: Send, title: str, problem: str) -> None:
    upload = send(WATCH, title=title)
    assert problem in upload.problems
    assert store(upload).is_other
    assert not Recognition.objects.filter(registration__season=upload.season).exists()


def test_the_decision_is_typed_where_the_list_names_none(send: Send) -> None:
    upload = send(WATCH, title="Danh sách")
    change_list(list_id=upload.pk, choices={}, number="12-QĐ/ThU", decided_on=date(2024, 9, 18), actor=person(STAFF))
    assert OutcomeList.objects.get(pk=upload.pk).problems == []
    store(upload)
    assert Decision.objects.get(number="12-QĐ/ThU", decided_on=date(2024, 9, 18)).recognitions.count() == 1


def test_what_changed_since_it_was_looked_at_is_shown_first(send: Send) -> None:
    upload = send(WATCH)
    shown = digest_of(list(upload.rows.all()))
    store(send(WATCH))
    assert store_list(list_id=upload.pk, shown=shown, actor=person(STAFF)).is_other
    assert states(upload) == [(OutcomeState.UNCHANGED, "")]


def test_an_undo_takes_all_of_it_back(send: Send) -> None:
    upload = send(FLOWERS, WATCH)
    store(upload)
    assert undo_list(list_id=upload.pk, actor=person(STAFF)) == 3
    assert not Decision.objects.filter(number="12-QĐ/ThU", decided_on=date(2024, 9, 18)).exists()
    assert not Recognition.objects.filter(registration__season=upload.season).exists()
    assert Registration.objects.get(season=upload.season, subject="Công an").honour_rank == 0
    assert OutcomeList.objects.get(pk=upload.pk).state == ListState.UNDONE


def test_an_undo_keeps_a_decision_that_another_list_uses(send: Send) -> None:
    first = send(FLOWERS)
    store(first)
    store(send(WATCH))
    undo_list(list_id=first.pk, actor=person(STAFF))
    assert Decision.objects.get(number="12-QĐ/ThU", decided_on=date(2024, 9, 18)).recognitions.count() == 1


def test_a_recognition_that_was_revoked_since_is_not_undone(send: Send) -> None:
    upload = send(WATCH)
    store(upload)
    one = Recognition.objects.get(registration__season=upload.season)
    Recognition.objects.filter(pk=one.pk).update(revoked_on=date(2024, 12, 1), revoked_by=one.decision)
    with pytest.raises(DomainError, match="đã bị thu hồi"):
        undo_list(list_id=upload.pk, actor=person(STAFF))
    assert OutcomeList.objects.get(pk=upload.pk).state == ListState.STORED


def test_a_list_is_thrown_away_in_one_act(send: Send) -> None:
    upload = send(WATCH)
    discard_list(list_id=upload.pk, actor=person(STAFF))
    assert (OutcomeList.objects.get(pk=upload.pk).state, upload.rows.count()) == (ListState.DISCARDED, 0)
    with pytest.raises(DomainError, match="đã bỏ"):
        store(upload)


def test_columns_of_the_command_are_read_on_the_web(season: Any, unit: Any, media: Any) -> None:
    file = SimpleUploadedFile("outcomes.csv", (DEMO / "season-2023" / "outcomes.csv").read_bytes())
    upload = send_list(file=file, season=season, issuer=unit("binh-thuan"), actor=person(PROVINCE))
    assert states(upload) == [(OutcomeState.UNCHANGED, "")] * 159


def test_a_body_does_not_record_what_is_above_it(send: Send) -> None:
    upload = send(
        ["Tổ tự quản", "Công an", "61-QĐ/TU", "20/12/2024"], head=["title", "subject", "province_decision", "province_on"]
    )
    assert states(upload) == [(OutcomeState.REFUSED, "not_yours")]


def test_a_mapping_keeps_what_was_chosen(send: Send) -> None:
    upload = send(["1", "Hội Phụ nữ", "Không thấy", "", ""], WATCH)
    row = upload.rows.all()[1]
    change_list(list_id=upload.pk, choices={row.pk: "bo"}, actor=person(STAFF))
    mapping = ListMapping((ListSheetMapping("Danh sách", 0, 1, {"C": "title", "B": "subject"}),))
    map_list(list_id=upload.pk, mapping=mapping, actor=person(STAFF))
    assert [row.is_left for row in upload.rows.all()] == [False, True]
    assert upload.rows.all()[0].texts["title"] == "Không thấy"


@pytest.mark.parametrize("by", [OTHER, "hamthuanbac.lanhdao", "quantri"])
def test_who_may_not_is_refused(send: Send, by: str) -> None:
    upload = send(WATCH)
    for act in (
        lambda: store(upload, by),
        lambda: discard_list(list_id=upload.pk, actor=person(by)),
        lambda: undo_list(list_id=upload.pk, actor=person(by)),
        lambda: change_list(list_id=upload.pk, choices={}, number="1", actor=person(by)),
        lambda: map_list(list_id=upload.pk, mapping=ListMapping(), actor=person(by)),
        lambda: send(WATCH, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_page_asks_a_fixed_number_of_queries(send: Send, client: Client, nothing_kept: None) -> None:
    unknown = [["1", f"Tuyến đường hoa số {n}", "", "", ""] for n in range(12)]
    one, many = send(*unknown[:1]), send(*unknown)
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    counted: list[int] = []
    for upload in (one, many):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("recognition:outcome-list", args=[upload.pk])).status_code == 200
        counted.append(len(caught))
    assert counted[0] == counted[1]


def test_the_way_through_the_pages(send: Send, client: Client, tmp_path: Path) -> None:
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    path = made.xlsx(tmp_path / "b.xlsx", [WATCH])  # no heading: the page on columns
    address = reverse("recognition:outcome-lists", args=[2024])
    with path.open("rb") as file:
        forgot = client.post(address, {"issuer": "", "file": file}).content.decode()
    assert "Đã chọn <b>b.xlsx</b>" in forgot and "Chưa chọn tệp." not in forgot
    held = forgot.partition('name="paper" value="')[2].partition('"')[0]
    response = client.post(address, {"issuer": "phan-thiet", "paper": held})
    pk = UUID(response["Location"].split("/")[-3])
    assert response["Location"] == reverse("recognition:outcome-mapping", args=[pk])
    assert client.get(response["Location"]).status_code == 200
    told = {"viec": "doc", "trang-cu": "Danh sách", "tieu-de": "1", "may-dong": "0", "cot-B": "title", "cot-C": "subject"}
    assert client.post(response["Location"], told)["Location"] == reverse("recognition:outcome-list", args=[pk])
    here = reverse("recognition:outcome-list", args=[pk])
    typed = {"viec": "nap", "issuer": "phan-thiet", "number": "12-QĐ/ThU", "decided_on": "32/9/2024"}
    assert client.post(here, typed).status_code == 422
    client.post(here, typed | {"decided_on": "18/9/2024"})  # kept and shown first
    upload = OutcomeList.objects.get(pk=pk)
    assert (upload.state, upload.number) == (ListState.READ, "12-QĐ/ThU")
    shown = digest_of(list(upload.rows.all()))
    client.post(here, typed | {"decided_on": "18/9/2024", "ban-xem": shown})
    assert OutcomeList.objects.get(pk=pk).state == ListState.STORED
    assert client.get(here).status_code == client.get(address).status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_store_one_list(new_season: Any, unit: Any, tmp_path: Path, media: Any) -> None:
    register(new_season, unit, tmp_path)
    path = made.xlsx(tmp_path / "ds.xlsx", [[TITLE], HEAD, FLOWERS, WATCH])
    sent = [
        send_list(
            file=SimpleUploadedFile("ds.xlsx", path.read_bytes()), season=new_season, issuer=unit("phan-thiet"), actor=person(by)
        )
        for by in (STAFF, PROVINCE)
    ]
    results = at_once(
        *(lambda upload=upload, by=by: store(upload, by) for upload, by in zip(sent, (STAFF, PROVINCE), strict=True))
    )
    assert sorted(result.is_other for result in results) == [False, True]
    assert Decision.objects.get(number="12-QĐ/ThU", decided_on=date(2024, 9, 18)).recognitions.count() == 2


def test_a_second_tap_stores_nothing_and_a_list_is_undone_and_thrown_away_once(send: Send) -> None:
    upload = send(WATCH)
    with refused("Danh sách này chưa nạp, hoặc đã hủy rồi."):
        undo_list(list_id=upload.pk, actor=person(STAFF))
    store(upload)
    again = store(upload)
    assert (again.is_other, again.counts) == (False, None)
    assert Recognition.objects.filter(registration__season=upload.season).count() == 1
    other = send(FLOWERS)
    for _ in range(2):
        discard_list(list_id=other.pk, actor=person(STAFF))
    assert AuditEvent.objects.filter(action="discard-outcomes").count() == 1


def test_an_undo_brings_back_what_was_withdrawn(send: Send) -> None:
    upload = send(["Tổ tự quản", "Công an", "20/9/2024"], head=["title", "subject", "withdrawn_on"], title="Danh sách rút")
    before = Registration.objects.filter(season=upload.season, subject="Công an").values().get()
    change_list(list_id=upload.pk, choices={}, number="12-QĐ/ThU", decided_on=date(2024, 9, 18), actor=person(STAFF))
    store(upload)
    row = Registration.objects.filter(season=upload.season, subject="Công an")
    assert row.get().withdrawn_on == date(2024, 9, 20)
    assert undo_list(list_id=upload.pk, actor=person(STAFF)) == 1
    assert row.values().get() == before


def test_what_others_built_on_keeps_a_list_from_being_undone_and_what_is_gone_does_not(send: Send) -> None:
    upload = send(FLOWERS, WATCH)
    store(upload)
    one, two = Recognition.objects.filter(registration__season=upload.season).order_by("pk")
    praise = Commendation.objects.create(
        recognition=one,
        unit=one.registration.unit,
        award="giay-khen",
        recipient="Hội Phụ nữ",
        recipient_kind="collective",
        reason="Vận động tốt",
        proposed_on=date(2024, 12, 1),
    )
    with refused(f"Không hủy được: đã có {Commendation._meta.verbose_name} dựa trên kết quả của danh sách này."):
        undo_list(list_id=upload.pk, actor=person(STAFF))
    assert Recognition.objects.filter(pk__in=[one.pk, two.pk]).count() == 2
    praise.delete()
    two.delete()
    assert undo_list(list_id=upload.pk, actor=person(STAFF)) == 2  # the decision and the other one


def test_whose_list_it_is_is_said_by_who_records_for_that_body(send: Send, unit: Any) -> None:
    upload = send(WATCH)
    other = unit("duc-linh")
    with refused("Vai trò của đồng chí không ghi kết quả của cơ quan này.", NotAllowed):
        change_list(list_id=upload.pk, choices={}, issuer=other, actor=person(STAFF))
    assert change_list(list_id=upload.pk, choices={}, issuer=other, actor=person(PROVINCE)) == 1
    upload.refresh_from_db()
    assert upload.issuer == other and states(upload) == [(OutcomeState.REFUSED, "not_found")]
    assert change_list(list_id=upload.pk, choices={}, issuer=other, actor=person(PROVINCE)) == 0


def test_a_row_chosen_for_another_body_is_told(send: Send, unit: Any, season: Any) -> None:
    upload = send(WATCH)
    elsewhere = Registration.objects.filter(season__year=2023, unit__key="duc-linh", state="accepted")[0]
    Registration.objects.filter(pk=elsewhere.pk).update(season=upload.season)
    change_list(list_id=upload.pk, choices={upload.rows.get().pk: str(elsewhere.pk)}, actor=person(STAFF))
    assert states(upload) == [(OutcomeState.REFUSED, "not_within")]


def test_a_row_that_says_nothing_or_an_impossible_day_is_refused(send: Send) -> None:
    rows = [["Tổ tự quản", "Công an", "", "", ""], ["Tuyến đường hoa", "Hội Phụ nữ", "20/9/2024", "", ""]]
    rows += [["Tuyến đường hoa", "Hội Nông dân", "", "hiệu quả", "31/2/2024"]]
    upload = send(*rows, head=["title", "subject", "withdrawn_on", "verdict", "verdict_on"])
    assert states(upload) == [
        (OutcomeState.REFUSED, "no_fact"),
        (OutcomeState.NEW, ""),
        (OutcomeState.REFUSED, "date_impossible"),
    ]


def test_what_was_withdrawn_before_is_not_recognised(send: Send) -> None:
    upload = send(FLOWERS, WATCH)
    row = Registration.objects.get(season=upload.season, subject="Công an")
    withdraw(registration=row, withdrawn_on=date(2024, 9, 1), actor=None)
    again = send(FLOWERS, WATCH)
    assert states(again) == [(OutcomeState.NEW, ""), (OutcomeState.REFUSED, "withdrawn")]
    assert again.rows.all()[1].told["why"] == "Đăng ký đã rút ngày 01/09/2024, trước ngày quyết định."


def test_a_list_whose_rows_name_their_decisions_needs_none_of_its_own(send: Send) -> None:
    head = ["Tên mô hình", "Tập thể, cá nhân", "Số quyết định", "Ngày quyết định"]
    upload = send(["Tổ tự quản", "Công an", "13-QĐ/ThU", "20/9/2024"], head=head, title="Danh sách")
    assert upload.problems == []
    upload.number = "x" * 61
    without = send(WATCH, title="Danh sách")
    without.number = "x" * 61
    rows = list(without.rows.all())
    assert problems_of(without, rows)[0] == "Số quyết định dài quá 60 ký tự."
    assert problems_of(upload, list(upload.rows.all())) == []


def test_a_registration_is_sought_within_reach_of_the_body(send: Send) -> None:
    upload = send(WATCH)
    assert searched(upload, " ,. ") == []
    assert [row.subject for row in searched(upload, "duong hoa nong")] == ["Hội Nông dân"]
    assert sorted(row.subject for row in searched(upload, "duong hoa")) == ["Hội Nông dân", "Hội Phụ nữ"]
    upload.issuer = Unit.objects.get(key="duc-linh")
    assert searched(upload, "duong hoa") == []


def test_how_a_list_was_read_by_hand_is_remembered_for_its_body(send: Send) -> None:
    upload = send(["1", "Tổ tự quản", "Công an"], head=["STT", "Việc", "Ai"], title=TITLE)
    mapping = ListMapping((ListSheetMapping("Danh sách", 2, 1, {"B": "title", "C": "subject"}),))
    map_list(list_id=upload.pk, mapping=mapping, remember=True, actor=person(STAFF))
    assert RememberedList.objects.get().unit == upload.issuer
    assert states(send(["1", "Tổ tự quản", "Công an"], head=["STT", "Việc", "Ai"])) == [(OutcomeState.NEW, "")]


def test_a_file_that_cannot_be_kept_leaves_nothing(send: Send, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: Any) -> None:
        raise ValueError("hỏng")

    monkeypatch.setattr("recognition.services.outcome_lists._keep", fail)
    with pytest.raises(ValueError, match="hỏng"):
        send(WATCH)
    assert not OutcomeList.objects.exists() and not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
