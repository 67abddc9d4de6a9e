"""The review of an upload: every row kept, mended in place, many at once, answered, stored, thrown away."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files import File
from django.test import Client
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError
from common.models import Job
from common.text import replace_words
from models_registry.models import ImportEdit, RegisterImport, Registration
from models_registry.selectors.mending import Change, Chosen, planned
from models_registry.services import (
    confirm_import,
    discard_import,
    forget_rows,
    import_rows,
    mend_cells,
    mend_many,
    mending,
    read_import,
    restore_import,
    undo_edit,
)
from organisation.models import AuditEvent, Unit
from tests import registers as made
from tests.online import person
from tests.pages import refused
from tests.reviewing import cell
from tests.threads import at_once

OFFICER = "phanthiet.chuyenvien"
Read = Callable[..., RegisterImport]


@pytest.fixture
def read(new_season: Any, settings: Any, tmp_path: Path) -> Read:
    """Upload rows and have them read."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def run(*rows: list[Any], head: list[str] = made.HEAD) -> RegisterImport:
        unit = Unit.objects.get(key="phan-thiet")
        upload = RegisterImport(season=new_season, unit=unit, file_name="so.xlsx", uploaded_by=person(OFFICER))
        with made.xlsx(tmp_path / "so.xlsx", [head, *rows]).open("rb") as file:
            upload.file.save("so.xlsx", File(file), save=False)
        upload.save()
        read_import(import_id=upload.pk, tell=lambda count: None)
        return RegisterImport.objects.get(pk=upload.pk)

    return run


@pytest.fixture
def officer(client: Client, user: Any) -> Client:
    client.force_login(user(OFFICER))
    return client


def page(upload: RegisterImport) -> str:
    return f"/lam-viec/nap-so/{upload.pk}/"


def states(upload: RegisterImport) -> list[tuple[int, str]]:
    return list(upload.rows.order_by("row").values_list("row", "state"))


def mend(upload: RegisterImport, row: int, **texts: str | None) -> Any:
    return mend_cells(import_id=upload.pk, typed={f"Danh sách!{row}": dict(texts)}, shown={}, actor=person(OFFICER))


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


@pytest.mark.django_db
def test_every_row_is_kept_in_batches_and_replaced_when_it_is_read_again(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_rows, "FLUSHED_AT", 2)
    upload = read(made.row("Một"), made.row("Hai", field="Thể thao"), made.row("Ba"), made.row("Bốn"), made.row("Năm", day=""))
    assert states(upload) == [(2, "new"), (3, "refused"), (4, "new"), (5, "new"), (6, "refused")]
    assert upload.rows.get(row=3).said["field"] == "Thể thao"
    RegisterImport.objects.filter(pk=upload.pk).update(state="reading")
    read_import(import_id=upload.pk, tell=lambda count: None)
    assert upload.rows.count() == 5


@pytest.mark.django_db
def test_rows_to_look_at_come_first_and_chips_narrow_the_whole_file(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"), made.row("Hai", field="Thể thao"), made.row("Ba", kind="Duy trì"))
    html = officer.get(page(upload)).content.decode()
    assert [html.index(f'id="d{row}"') for row in (3, 2, 4)] == sorted(html.index(f'id="d{row}"') for row in (2, 3, 4))
    assert 'href="?xem=tu-choi"' in html and 'href="?xem=khong"' in html and 'href="?xem=giu"' not in html
    narrowed = officer.get(f"{page(upload)}?xem=moi+khong").content.decode()
    assert 'id="d4"' in narrowed and 'id="d2"' not in narrowed and "Đang hiện 1 trong" in narrowed
    assert "Nạp 2 dòng đúng" in narrowed  # the bar speaks of the whole file


@pytest.mark.django_db
def test_a_row_that_names_nobody_is_taken_and_says_so_beside_the_cell_that_mends_it(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"), made.row("Hai"), made.row("Ba", subject=""))
    assert states(upload) == [(2, "new"), (3, "new"), (4, "new")]
    html = officer.get(page(upload)).content.decode()
    assert html.count("Chưa ghi ai thực hiện.") == 1 and html.index('id="d4"') < html.index('id="d2"')
    name = cell(upload, 4, "subject")
    assert f'name="{name}"' in html and 'aria-describedby="d4-subject-xem"' in html
    officer.post(f"{page(upload)}sua/", {name: "Chi hội Phụ nữ thôn 3"})
    html = officer.get(page(upload)).content.decode()
    assert "Chi hội Phụ nữ thôn 3" in html and "Chưa ghi ai thực hiện." not in html


@pytest.mark.django_db
def test_a_paper_of_another_year_is_told_once_with_where_it_is_sent(read: Read, officer: Client) -> None:
    of_then = [made.row(f"Mô hình {n}", day=f"{n}/3/2023") for n in range(1, 4)]
    upload = read(*of_then, made.row("Một"))
    assert upload.report["other_year"] == {"year": 2023, "rows": 3}
    html = " ".join(officer.get(page(upload)).content.decode().split())
    assert html.count("Sổ này có vẻ của năm 2023") == 2  # above the rows, and among what should be looked at
    assert "3 trong 4 dòng ghi ngày của năm 2023" in html
    assert 'href="/lam-viec/nam/2023/nap-so/?don-vi=phan-thiet"' in html
    assert read(*of_then[:1], made.row("Một")).report.get("other_year") is None


@pytest.mark.django_db
def test_a_paper_of_a_year_without_a_season_leads_nowhere(read: Read, officer: Client) -> None:
    html = officer.get(page(read(made.row(day="1/3/2019")))).content.decode()
    assert "Sổ này có vẻ của năm 2019" in html and "Năm 2019 chưa mở" in html and "/nam/2019/" not in html


@pytest.mark.django_db
def test_the_page_asks_as_often_for_three_rows_as_for_one(
    read: Read, officer: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    one = read(made.row("Một", field="Thể thao"))
    officer.get(page(one))
    with django_assert_max_num_queries(20) as asked:
        officer.get(page(one))
    three = read(made.row("Một", field="Thể thao"), made.row("Hai", place="Xã Lạ"), made.row("Ba", kind="Duy trì"))
    with django_assert_num_queries(len(asked)):
        officer.get(page(three))


MARKED = ["STT", "Tên mô hình", "Kinh tế", "Văn hóa - xã hội", "Tập thể", "Cá nhân", "Mới", "Duy trì", "Ngày đăng ký"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (made.HEAD, [made.row("Một"), made.row("Hai", day="3/2024"), made.row("Ba", day=45366), made.row("Ba", day=45366)]),
        (
            made.HEAD,
            [made.row(""), made.row("Hai", kind="Cả hai"), made.row("Ba", subject_kind=""), made.row("Bốn", day="2/2/2023")],
        ),
        (MARKED, [[1, "Một", "x", "", "x", "", "x", "", "1/3/2024"], [2, "Hai", "x", "x", "", "", "", "x", "1/3/2024"]]),
        (
            ["STT", "Tên mô hình", "Loại", "Lĩnh vực", "Ngày đăng ký"],
            [[n, f"Mô hình {n}", "Tập thể, mới", "Kinh tế", "15/3/2024"] for n in range(1, 6)],
        ),
        (
            made.HEAD,
            [["I", "LĨNH VỰC KINH TẾ", *[""] * 8], made.row("Một", field=""), made.row("Hai", field="", place="Cả thành phố")],
        ),
        (
            [
                "STT",
                "Tên mô hình",
                "Tên tập thể",
                "Tên cá nhân",
                "LV (1: Kinh tế; 2: Văn hóa - xã hội)",
                "Mới (M: mới; D: duy trì)",
                "Ngày ĐK",
            ],
            [
                [1, "- Một", "Chi bộ", "", 1, "M", "3/15/2024"],
                [2, "Hai", "", "Bà Hoa", 2, "D", "3/5/2024"],
                [3, "Ba", "A", "", 9, "M", "3/6/2024"],
            ],
        ),
        (made.HEAD, [made.row("Một", day="15/3"), made.row("Hai", day="31/2")]),
        (
            ["Tên mô hình: Một"],
            [["Người thực hiện: Bà Hoa"], ["Loại hình: ☒ Cá nhân"], ["Lĩnh vực: Kinh tế"], ["Hình thức đăng ký: mới"]],
        ),
    ],
    ids=["words", "flaws", "marks", "two-in-one", "sections", "habits", "no-year", "form"],
)
def test_a_row_read_alone_is_what_it_is_in_its_file(read: Read, head: list[str], rows: list[Any]) -> None:
    """One rule in one place: whatever told a cell in the file, its row alone says the same."""
    upload = read(*rows, head=head)

    def told() -> list[Any]:
        found = upload.rows.order_by("row")
        return [(row.row, row.state, row.link, row.identity, [flaw["part"] for flaw in row.flaws]) for row in found]

    before = told()
    mending._read_rows(upload, [row.source for row in upload.rows.all()])
    assert told() == before


@pytest.mark.django_db
def test_a_mended_row_is_read_at_once_and_the_whole_file_agrees(read: Read) -> None:
    upload = read(made.row("Một"), made.row("Hai", field="Thể thao", day="31/2/2024"))
    mend(upload, 3, field="Kinh tế")
    assert states(upload) == [(2, "new"), (3, "refused")]
    mend(upload, 3, registered_on="29/2/2024", content="Dòng một\nDòng hai")
    upload.refresh_from_db()
    assert (states(upload), upload.report["created"], upload.state) == ([(2, "new"), (3, "new")], 2, "read")
    confirm_import(import_id=upload.pk, accept_valid=False, actor=person(OFFICER))
    work()
    row = Registration.objects.get(season__year=2024, title="Hai")
    assert (row.field.slug, row.content) == ("kinh-te", "Dòng một\nDòng hai")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_double_comes_right_when_its_first_is_mended_and_a_new_double_is_told(read: Read) -> None:
    upload = read(made.row("Một"), made.row("Một"), made.row("Ba"))
    assert states(upload) == [(2, "new"), (3, "refused"), (4, "new")]
    mend(upload, 2, title="Hai")
    assert states(upload) == [(2, "new"), (3, "new"), (4, "new")]
    mend(upload, 2, title="Ba")
    assert states(upload) == [(2, "new"), (3, "new"), (4, "refused")]


@pytest.mark.django_db
def test_a_mend_is_taken_back_to_what_the_file_says(read: Read, officer: Client) -> None:
    upload = read(made.row("Một", field="Thể thao"))
    mend(upload, 2, field="Kinh tế")
    upload.refresh_from_db()
    assert "Trong tệp: Thể thao" in officer.get(page(upload)).content.decode()
    officer.post(f"{page(upload)}sua/", {"tra-lai": cell(upload, 2, "field")})
    upload.refresh_from_db()
    assert (upload.mends, states(upload)) == ({}, [(2, "refused")])


@pytest.mark.django_db
def test_two_tabs_keep_both_cells_and_the_later_of_one_cell_is_told(read: Read, officer: Client) -> None:
    upload = read(made.row("Hai", field="Thể thao", day="31/2/2024"))
    field, day = cell(upload, 2, "field"), cell(upload, 2, "registered_on")
    alone = {"HX-Request": "true"}
    first = officer.post(f"{page(upload)}sua/", {field: "Kinh tế"}, headers=alone)
    officer.post(f"{page(upload)}sua/", {day: "1/3/2024"}, headers=alone)
    upload.refresh_from_db()
    assert upload.mends == {"Danh sách!2": {"field": "Kinh tế", "registered_on": "1/3/2024"}}
    assert "Người khác vừa sửa" not in first.content.decode()
    later = officer.post(f"{page(upload)}sua/", {field: "Quốc phòng - an ninh"}, headers=alone).content.decode()
    assert "Người khác vừa sửa ô này thành “Kinh tế”" in later and 'id="d2"' in later
    upload.refresh_from_db()
    assert upload.mends["Danh sách!2"]["field"] == "Quốc phòng - an ninh"


@pytest.mark.django_db
def test_a_stale_tab_is_told_at_its_next_save_what_changed_and_gets_those_rows(read: Read, officer: Client) -> None:
    upload = read(made.row("Hai", field="Thể thao"), made.row("Ba", field="Thể thao"), made.row("Bốn", field="Thể thao"))
    alone = {"HX-Request": "true"}
    mark = re.search(r'name="luc" id="soat-luc" value="(\d+)"', officer.get(page(upload)).content.decode())
    assert mark
    stale = {"luc": mark[1]}
    mend(upload, 3, field="Kinh tế")
    said = officer.post(f"{page(upload)}sua/", stale | {cell(upload, 2, "field"): "Kinh tế"}, headers=alone).content.decode()
    assert f"Trong lúc trang mở: {person(OFFICER)} sửa ô dòng 3 lúc" in said and 'id="d3"' in said and 'id="d4"' not in said
    fresh = re.search(r'name="luc" id="soat-luc" value="(\d+)"', said)
    assert fresh and int(fresh[1]) > int(mark[1])
    again = officer.post(f"{page(upload)}sua/", {"luc": fresh[1], cell(upload, 4, "field"): "Kinh tế"}, headers=alone)
    assert "Trong lúc trang mở" not in again.content.decode()
    plain = officer.post(f"{page(upload)}sua/", stale | {cell(upload, 4, "field"): "Xã hội"}, follow=True).content.decode()
    assert "Trong lúc trang mở" in plain and "Chữ của đồng chí vẫn được giữ" in plain
    upload.refresh_from_db()
    assert {source: parts["field"] for source, parts in upload.mends.items()} == {
        "Danh sách!2": "Kinh tế",
        "Danh sách!3": "Kinh tế",
        "Danh sách!4": "Xã hội",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["", "x", "-1", "9" * 30, "²"])
def test_what_is_no_mark_of_a_page_tells_nothing(read: Read, officer: Client, mark: str) -> None:
    upload = read(made.row("Hai", field="Thể thao"))
    answer = officer.post(
        f"{page(upload)}sua/", {"luc": mark, cell(upload, 2, "field"): "Kinh tế"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "Trong lúc trang mở" not in answer.content.decode()


@pytest.mark.django_db
def test_a_row_that_is_right_is_opened_and_changed(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"))
    html = officer.get(f"{page(upload)}?sua=2").content.decode()
    names = [cell(upload, 2, part) for part in ("title", "subject", "place", "hamlet", "kind", "content", "note")]
    assert all(f'name="{name}"' in html for name in names)
    assert "Đọc lại ô đã sửa" not in officer.get(page(upload)).content.decode().partition("<thead")[2]  # nothing to mend
    officer.post(f"{page(upload)}sua/", {names[0]: "Một, sửa tên", names[1]: ""})
    assert upload.rows.get().state == "new"
    upload.refresh_from_db()
    assert upload.mends == {"Danh sách!2": {"title": "Một, sửa tên", "subject": ""}}


@pytest.mark.django_db
def test_what_was_typed_and_not_sent_is_kept_before_anything_is_stored(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"), made.row("Hai", field="Thể thao"))
    sent = {cell(upload, 3, "field"): "Kinh tế", "chi-dong-dung": "1"}
    html = officer.post(f"{page(upload)}xac-nhan/", sent, follow=True).content.decode()
    assert "Xin xem rồi bấm nạp" in html and "Nạp 2 dòng" in html
    upload.refresh_from_db()
    assert (upload.state, upload.report["created"]) == ("read", 2)


@pytest.mark.django_db
def test_nothing_is_mended_once_it_is_stored(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"), made.row("Hai", field="Thể thao"))
    name = cell(upload, 3, "field")
    confirm_import(import_id=upload.pk, accept_valid=True, actor=person(OFFICER))
    work()
    answer = officer.post(f"{page(upload)}sua/", {name: "Kinh tế"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "không sửa được nữa" in answer.content.decode()) == (409, True)
    html = officer.post(f"{page(upload)}xac-nhan/", follow=True).content.decode()  # a double tap
    assert "Đã nạp lúc" in html and "1 dòng bị từ chối</a>, giữ đến" in html and 'name="o|' not in html


@pytest.mark.django_db
def test_one_value_for_many_rows_is_shown_done_and_taken_back(read: Read, officer: Client) -> None:
    upload = read(made.row("Một", field="Thể thao"), made.row("Hai", field="Thể thao"), made.row("Ba"))
    many = f"{page(upload)}nhieu-dong/"
    sent = {"cot": "field", "viec": "dat", "gia_tri": "Kinh tế", "tat-ca": "1", "xem": "tu-choi"}
    assert "Đổi 2 ô" in officer.post(many, sent).content.decode()
    assert officer.post(many, sent | {"gia_tri": "Thể thao"}).status_code == 422
    officer.post(many, sent | {"lam": "1"})
    upload.refresh_from_db()
    assert (states(upload), upload.report["created"]) == ([(2, "new"), (3, "new"), (4, "new")], 3)
    mend(upload, 3, field="Quốc phòng - an ninh")
    edit = ImportEdit.objects.get()
    assert officer.post(many, {"hoan-tac": "9" * 5000}).status_code == 200  # no edit has that number
    officer.post(many, {"hoan-tac": str(edit.pk)})
    upload.refresh_from_db()
    assert upload.mends == {"Danh sách!3": {"field": "Quốc phòng - an ninh"}}  # typed since: it stays
    assert states(upload) == [(2, "refused"), (3, "new"), (4, "new")]
    with refused("Lần sửa này đã được hoàn tác."):
        undo_edit(import_id=upload.pk, edit_id=edit.pk, actor=person(OFFICER))
    assert AuditEvent.objects.get(action="mend-many").changes == {"column": "field", "rows": 2, "cells": 2}


@pytest.mark.django_db
def test_words_are_replaced_in_the_chosen_rows_alone(read: Read) -> None:
    upload = read(made.row("Tổ tự quản số 1"), made.row("TỔ TU QUAN số 2"), made.row("Tổ tự quản số 3"))
    chosen = Chosen(frozenset({"Danh sách!2", "Danh sách!3"}))
    change = Change("title", find="tổ tự quản", put="Nhóm nòng cốt")
    assert planned(upload, chosen, change).cells == {
        "Danh sách!2": ("Tổ tự quản số 1", "Nhóm nòng cốt số 1"),
        "Danh sách!3": ("TỔ TU QUAN số 2", "Nhóm nòng cốt số 2"),
    }
    assert mend_many(import_id=upload.pk, chosen=chosen, change=change, words="Thay", actor=person(OFFICER))
    assert mend_many(import_id=upload.pk, chosen=chosen, change=change, words="Thay", actor=person(OFFICER)) is None


@pytest.mark.django_db
def test_more_rows_than_can_be_read_one_by_one_are_read_with_their_file(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "ALONE", 1)
    upload = read(made.row("Một", field="Thể thao"), made.row("Hai", field="Thể thao"))
    change = Change("field", value="Kinh tế")
    mend_many(import_id=upload.pk, chosen=Chosen(is_all=True), change=change, words="Ghi", actor=person(OFFICER))
    upload.refresh_from_db()
    assert upload.state == "reading"
    work()
    assert states(upload) == [(2, "new"), (3, "new")]


@pytest.mark.parametrize(
    ("text", "find", "put", "exact", "made_of_it"),
    [
        ("Hòa Bình, hoà bình", "hoa binh", "Hòa Thắng", False, "Hòa Thắng, Hòa Thắng"),
        ("Hòa Bình, hoà bình", "hoà bình", "x", True, "Hòa Bình, x"),
        ("Đường hoa", "duong", "Ngõ", False, "Ngõ hoa"),
        ("Một", "", "x", False, "Một"),
        ("Một", " ", "x", False, "Một"),
        ("Một", "hai", "x", False, "Một"),
    ],
)
def test_words_are_found_folded_or_as_they_stand(text: str, find: str, put: str, exact: bool, made_of_it: str) -> None:
    assert replace_words(text, find, put, exact=exact) == made_of_it


@pytest.mark.django_db
def test_a_thrown_away_upload_waits_nowhere_and_is_taken_back(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"), made.row("Hai"))
    assert "so.xlsx: 2 dòng, chưa ghi dòng nào" in officer.get(f"{page(upload)}bo/").content.decode()
    html = officer.post(f"{page(upload)}bo/", follow=True).content.decode()
    assert "Đã bỏ lúc" in html and "xac-nhan" not in html
    assert "Đã bỏ" in officer.get("/lam-viec/nam/2024/cac-lan-nap/").content.decode()
    assert not upload.rows.exists()
    with refused("Sổ này vừa được bỏ, chưa nạp dòng nào. Muốn nạp thì lấy lại tệp."):
        confirm_import(import_id=upload.pk, accept_valid=True, actor=person(OFFICER))
    officer.post(f"{page(upload)}bo/", {"viec": "lay-lai"})
    work()
    assert states(upload) == [(2, "new"), (3, "new")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "job"), [("refused", None), ("reading", "failed"), ("storing", "failed"), ("reading", "queued")]
)
def test_what_was_refused_or_is_stuck_is_thrown_away_too(read: Read, state: str, job: str | None) -> None:
    upload = read(made.row("Một"))
    ended = None if job == "queued" else timezone.now()
    held = Job.objects.create(kind="read_register", state=job, finished_at=ended) if job else None
    RegisterImport.objects.filter(pk=upload.pk).update(state=state, job=held)
    discard_import(import_id=upload.pk, actor=person(OFFICER))
    upload.refresh_from_db()
    assert upload.state == "discarded"
    assert not Job.objects.filter(state="queued").exists()


@pytest.mark.django_db
def test_what_is_stored_or_being_stored_is_not_thrown_away(read: Read, officer: Client) -> None:
    upload = read(made.row("Một"))
    confirm_import(import_id=upload.pk, accept_valid=False, actor=person(OFFICER))
    with refused("Cổng đang nạp sổ này. Dừng trước, rồi bỏ."):
        discard_import(import_id=upload.pk, actor=person(OFFICER))
    work()
    with refused("Sổ này đã nạp nên không bỏ được nữa. Muốn bỏ những gì đã ghi thì hủy lần nạp."):
        discard_import(import_id=upload.pk, actor=person(OFFICER))
    assert officer.get(f"{page(upload)}bo/").status_code == 404


@pytest.mark.django_db
def test_rows_and_thrown_away_files_are_given_up_after_a_month(read: Read) -> None:
    stored, thrown, waiting = read(made.row("Một")), read(made.row("Hai")), read(made.row("Ba"))
    confirm_import(import_id=stored.pk, accept_valid=False, actor=person(OFFICER))
    work()
    discard_import(import_id=thrown.pk, actor=person(OFFICER))
    assert forget_rows() == 0
    long_ago = timezone.now() - timedelta(days=31)
    RegisterImport.objects.filter(pk=stored.pk).update(stored_at=long_ago)
    RegisterImport.objects.filter(pk=thrown.pk).update(discarded_at=long_ago)
    RegisterImport.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    assert (forget_rows(), forget_rows()) == (2, 0)
    assert (stored.rows.count(), waiting.rows.count()) == (0, 1)
    thrown.refresh_from_db()
    stored.refresh_from_db()
    assert (bool(thrown.file), bool(stored.file)) == (False, True)
    with refused("Tệp đã xóa khỏi cổng. Xin gửi lại tệp."):
        restore_import(import_id=thrown.pk, actor=person(OFFICER))


@pytest.mark.django_db
def test_a_row_refused_only_when_the_rest_is_stored_is_shown_as_refused(read: Read) -> None:
    upload = read(made.row("Một"), made.row("Hai"))
    import_rows.keep_refusals(
        upload,
        [{"sheet": "Danh sách", "row": 3, "column": "", "value": "", "code": "online_pending", "message": "Đang đăng ký."}],
    )
    assert states(upload) == [(2, "new"), (3, "refused")]


@pytest.mark.django_db
def test_registers_that_waited_before_rows_were_kept_are_read_again(read: Read) -> None:
    waiting, thrown = read(made.row("Một")), read(made.row("Hai"))
    discard_import(import_id=thrown.pk, actor=person(OFFICER))
    waiting.rows.all().delete()
    import_module("models_registry.migrations.0015_import_rows").read_again(apps, None)
    work()
    waiting.refresh_from_db()
    assert (waiting.state, states(waiting), states(thrown)) == ("read", [(2, "new")], [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_throwing_away_and_confirming_at_once_one_wins_and_the_other_is_told(transactional_db: None, read: Read) -> None:
    upload = read(made.row("Một"))
    results = at_once(
        lambda: discard_import(import_id=upload.pk, actor=person(OFFICER)),
        lambda: confirm_import(import_id=upload.pk, accept_valid=False, actor=person(OFFICER)),
    )
    told = [str(one) for one in results if isinstance(one, DomainError)]
    upload.refresh_from_db()
    assert len(told) == 1 and upload.state == ("storing" if "Cổng đang nạp" in told[0] else "discarded")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_cells_mended_at_once_are_both_kept(transactional_db: None, read: Read) -> None:
    upload = read(made.row("Một", field="Thể thao"), made.row("Hai", field="Thể thao"))
    at_once(lambda: mend(upload, 2, field="Kinh tế"), lambda: mend(upload, 3, field="Kinh tế"))
    upload.refresh_from_db()
    assert (len(upload.mends), states(upload), upload.report["created"]) == (2, [(2, "new"), (3, "new")], 2)
