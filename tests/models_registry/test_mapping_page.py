"""The page “Cột nào là gì”: what it shows of a file, what is said on it, what is remembered; nothing typed is lost."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from lxml import html as lxml_html

from common import jobs
from common.models import Job
from models_registry.mapping_page import MappingPage
from models_registry.models import RegisterImport, RememberedMapping
from models_registry.registers.headings import Role
from models_registry.registers.mapping import Mapping, SheetMapping, Use
from models_registry.registers.reading import Flaw, RefusedRow
from organisation.models import AuditEvent
from tests import odd_formats as odd
from tests import registers as made
from tests.online import person

PLAIN = ["Cột 1", "Cột 2", "Cột 3", "Cột 4", "Cột 5", "Cột 6", "Cột 7"]
LINES = [
    [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "KTTT", "Tập thể", "15/3/2024"],
    [2, "Tiếng loa an ninh", "Bà Hoa", "Phường Phú Hài", "Kinh tế", "Cá nhân", "16/3/2024"],
]
CHOSEN = {"cot-A": "number", "cot-B": "title", "cot-C": "subject", "cot-D": "place", "cot-E": "field", "cot-F": "subject_kind"}
CHOSEN |= {"cot-G": "registered_on", "tieu-de": "1", "may-dong": "1"}


@pytest.fixture
def officer(client: Client, user: Any, new_season: Any) -> Client:
    client.force_login(user("phanthiet.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def send(officer: Client, path: Path) -> RegisterImport:
    with path.open("rb") as file:
        officer.post("/lam-viec/nam/2024/nap-so/", {"unit": "phan-thiet", "file": file})
    work()
    return RegisterImport.objects.latest("created_at")


def page(upload: RegisterImport) -> str:
    return f"/lam-viec/nap-so/{upload.pk}/cot/"


def fields(response: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = next(form for form in lxml_html.fromstring(response.content.decode()).forms if form.get("id") == "cot-form")
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def say(officer: Client, upload: RegisterImport, what: str = "doc", **said: Any) -> Any:
    told = fields(officer.get(page(upload))) | {"viec": what}
    return officer.post(page(upload), told | {name.replace("__", "-"): value for name, value in said.items()})


def choose(officer: Client, upload: RegisterImport, what: str = "doc", **said: Any) -> Any:
    return say(officer, upload, what, **CHOSEN | said)


def test_a_file_without_a_known_heading_is_kept_and_explained_by_hand(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    assert (upload.state, upload.mappable, upload.report) == ("refused", True, {})
    shown = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert "Không thấy dòng tiêu đề" in shown
    assert f'href="{page(upload)}"' in shown
    assert "Tiếng loa an ninh" in officer.get(page(upload)).content.decode()
    response = choose(
        officer, upload, **{"dien-kind": "new", "chu-cot": ["field"], "chu-tat": ["KTTT"], "chu-nghia": ["Kinh tế"]}
    )
    assert (response.status_code, response["Location"]) == (302, f"/lam-viec/nap-so/{upload.pk}/")
    work()
    upload.refresh_from_db()
    assert (upload.state, upload.report["created"], upload.report["rejected_total"]) == ("read", 2, 0)
    assert AuditEvent.objects.filter(target_id=str(upload.pk), action="map-import").count() == 1


def test_what_is_missing_comes_back_on_top_with_a_link_to_its_field(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    response = choose(officer, upload, **{"dien-field": "Kinh tế"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#dien-kind">Mới hay duy trì: chọn cột, hoặc điền một giá trị cho cả cột.</a>' in shown
    kept = fields(response)
    assert {name: kept[name] for name in ("cot-B", "cot-G", "dien-field")} == {
        "cot-B": ["title"],
        "cot-G": ["registered_on"],
        "dien-field": ["Kinh tế"],
    }
    upload.refresh_from_db()
    assert (upload.state, upload.mapping) == ("refused", {})


def test_a_mapping_is_used_at_once_for_other_uploads_with_its_heading(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    other = send(officer, made.xlsx(tmp_path / "so 2.xlsx", [["DANH SÁCH"], PLAIN, [1, "Cổng chào", *LINES[0][2:]]]))
    third = send(officer, made.xlsx(tmp_path / "so 3.xlsx", [["Mã", *PLAIN[1:]], *LINES]))
    shown = officer.get(page(upload)).content.decode()
    assert "Dùng luôn cho 1 tệp khác" not in shown  # its heading is not chosen yet
    values = {"dien-kind": "new", "chu-cot": ["field"], "chu-tat": ["KTTT"], "chu-nghia": ["Kinh tế"]}
    looked = choose(officer, upload, "xem", **values)
    told = fields(looked) | {"viec": "doc", "chung": "1"} | values
    assert "Dùng luôn cho 1 tệp khác có cùng hàng tiêu đề" in " ".join(looked.content.decode().split())
    assert told["cung"] == [str(other.pk)]
    response = officer.post(page(upload), told | {"cung": [str(other.pk), str(third.pk)]}, follow=True)
    assert "đang đọc lại sổ và 1 tệp khác" in response.content.decode()
    work()
    for one, right in ((upload, 2), (other, 1)):
        one.refresh_from_db()
        assert (one.state, one.report["created"], one.report["rejected_total"]) == ("read", right, 0)
    third.refresh_from_db()
    assert (third.state, third.mapping) == ("refused", {})


def test_looking_again_changes_nothing_and_shows_the_rows_as_read(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [["DANH SÁCH"], PLAIN, *LINES]))
    response = choose(officer, upload, "xem", **{"tieu-de": "2", "dien-kind": "maintained"})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "Cá nhân, duy trì, nhân rộng" in shown
    assert "KTTT" in shown.partition("Chữ viết tắt nghĩa là gì")[2]
    upload.refresh_from_db()
    assert (upload.state, upload.mapping) == ("refused", {})


def test_one_role_of_two_columns_is_an_error_on_both(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    response = choose(officer, upload, **{"cot-C": "title"})
    shown = lxml_html.fromstring(response.content.decode())
    assert response.status_code == 422
    assert [select.get("id") for select in shown.xpath("//select[@aria-invalid]")] == ["cot-b", "cot-c"]
    said = "Cột B và cột C cùng là “tên mô hình”: chỉ một cột được là “tên mô hình”."
    assert [link.text for link in shown.xpath("//*[@id='loi']//a")] == [said, said]


@pytest.mark.parametrize(
    "said, words",
    [
        ({"dien-registered_on": "31/2/2024"}, "Ngày “31/2/2024” không có thật"),
        ({"dien-registered_on": "1/1/2023"}, "ngoài thời gian đăng ký của năm"),
        ({"noi-1": ["B"], "noi-2": ["B"], "noi-3": [""], "noi-la": ["title"], "noi-bang": [" "]}, "ít nhất hai cột khác nhau"),
        ({"noi-1": ["B"], "noi-2": ["C"], "noi-3": [""], "noi-la": ["title"], "noi-bang": [" "]}, "Cột B đã nối với cột khác"),
    ],
)
def test_what_was_typed_wrongly_is_told_where_it_stands(
    officer: Client, tmp_path: Path, said: dict[str, Any], words: str
) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    response = choose(officer, upload, **{"dien-kind": "new"} | said)
    assert response.status_code == 422
    assert words in response.content.decode()
    if day := said.get("dien-registered_on"):
        assert fields(response)["dien-registered_on"] == [day]


def test_a_title_in_two_columns_and_a_heading_that_is_data(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", LINES))
    join = {"noi-1": ["B"], "noi-2": ["C"], "noi-3": [""], "noi-la": ["title"], "noi-bang": [" - "], "cot-B": "", "cot-C": ""}
    response = choose(officer, upload, **join | {"may-dong": "0", "dien-kind": "new", "dien-field": "Kinh tế", "cot-E": "none"})
    assert response.status_code == 302, fields(response)
    work()
    upload.refresh_from_db()
    assert [row.said["title"] for row in upload.rows.order_by("row")] == [
        "Tuyến đường hoa - Hội Phụ nữ",
        "Tiếng loa an ninh - Bà Hoa",
    ]
    assert not RememberedMapping.objects.exists()  # no head to be known by


def test_a_guess_that_was_left_alone_stays_a_guess(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(), made.row("Hai", number=2)]))
    assert say(officer, upload, **{"cot-J": "none"}).status_code == 302
    upload.refresh_from_db()
    (said,) = upload.mapping["sheets"]
    assert said["columns"] == {"J": "none"}


def test_somebody_else_said_it_meanwhile(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(), made.row("Hai", number=2)]))
    mine = fields(officer.get(page(upload)))
    other = {"version": 1, "sheets": [{"columns": {"J": "none"}}]}
    RegisterImport.objects.filter(pk=upload.pk).update(mapping=other, mapped_by=person("tinh.chuyenvien"))
    response = officer.post(page(upload), mine | {"viec": "doc", "cot-C": "none"})
    assert response.status_code == 409
    assert "vừa đổi cách đọc sổ này" in response.content.decode()
    kept = fields(response)
    assert kept["cot-C"] == ["none"]
    upload.refresh_from_db()
    assert upload.mapping == other
    assert officer.post(page(upload), kept | {"viec": "doc"}).status_code == 302


def test_a_reading_that_was_overtaken_tells_nothing(officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models_registry.services import read_import, uploads

    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()]))
    assert say(officer, upload, **{"dien-kind": "maintained"}).status_code == 302
    upload.refresh_from_db()
    run = uploads._run

    def overtaken(*args: Any, **options: Any) -> Any:
        report = run(*args, **options)
        RegisterImport.objects.filter(pk=upload.pk).update(job=Job.objects.create(kind="read_register"))
        return report

    monkeypatch.setattr(uploads, "_run", overtaken)
    read_import(import_id=upload.pk, tell=lambda n: None)
    upload.refresh_from_db()
    assert upload.state == "reading"


def test_a_register_with_the_same_head_is_read_as_remembered(officer: Client, tmp_path: Path) -> None:
    first = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    said = {"dien-kind": "new", "chu-cot": ["field"], "chu-tat": ["KTTT"], "chu-nghia": ["Kinh tế"]}
    assert choose(officer, first, **said).status_code == 302
    (kept,) = RememberedMapping.objects.all()
    assert (kept.unit.key, kept.head, kept.used) == ("phan-thiet", PLAIN, 0)
    again = send(
        officer, made.xlsx(tmp_path / "so-2.xlsx", [["Sổ tháng 5"], [], [*PLAIN[::-1]], *(line[::-1] for line in LINES)])
    )
    assert (again.state, again.report["rejected_total"]) == ("read", 0)
    assert {guess["why"] for guess in again.report["understood"][0]["guesses"]} == {"Đã nhớ từ lần nạp trước"}
    shown = officer.get(page(again))
    assert "Đã nhớ" in shown.content.decode()
    told = fields(shown)  # all of it stands on the page, and goes with it when something else is changed
    assert (told["dien-kind"], told["cot-F"], told["chu-nghia"]) == (["new"], ["title"], ["Kinh tế"])
    officer.post(f"/lam-viec/nap-so/{again.pk}/xac-nhan/")
    work()
    kept.refresh_from_db()
    assert kept.used == 1
    shown = officer.get("/lam-viec/cach-doc/").content.decode()
    assert "“Cột 2”: tên mô hình" in shown
    assert "đã dùng 1 lần" in shown
    assert officer.get(f"/lam-viec/cach-doc/{kept.pk}/quen/").status_code == 200
    assert officer.post(f"/lam-viec/cach-doc/{kept.pk}/quen/").status_code == 302
    assert not RememberedMapping.objects.exists()
    assert set(AuditEvent.objects.filter(target_id=str(kept.pk)).values_list("action", flat=True)) >= {
        "remember-mapping",
        "forget-mapping",
    }


def test_another_unit_neither_sees_nor_forgets_nor_is_read_so(officer: Client, tmp_path: Path, user: Any) -> None:
    first = send(officer, made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]))
    assert choose(officer, first, **{"dien-kind": "new", "dien-field": "Kinh tế"}).status_code == 302
    (kept,) = RememberedMapping.objects.all()
    other = Client()
    other.force_login(user("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    assert "Chưa nhớ cách đọc nào" in other.get("/lam-viec/cach-doc/").content.decode()
    assert other.post(f"/lam-viec/cach-doc/{kept.pk}/quen/").status_code == 404
    assert other.get(page(first)).status_code == 404


def test_hostile_fields_change_nothing(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(), made.row("Hai", number=2)]))
    hostile = {"cot-ZZZ": "title", "cot-A": "<b>", "tieu-de": "99999999999", "may-dong": "-1", "cach-doc": "{" * 5000, "tu": "x"}
    hostile |= {"dien-kind": "x", "dien-field": "x", "dien-place": "x", "chu": "x", "trang": "x" * 999, "noi-la": "mark:kind:new"}
    response = say(officer, upload, "xem", **hostile | {"dien-registered_on": "9" * 500, "chu-cot": ["x"], "chu-tat": ["x"]})
    assert response.status_code == 200
    upload.refresh_from_db()
    assert (upload.mapping, upload.state, RememberedMapping.objects.count()) == ({}, "read", 0)


@pytest.mark.parametrize(("rows", "said"), [([[f"Cột {n}" for n in range(200)], [*LINES[0], *range(193)]], {}), ([PLAIN], {})])
def test_wide_and_empty_sheets_are_shown(officer: Client, tmp_path: Path, rows: Any, said: dict[str, Any]) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", rows))
    response = officer.get(page(upload))
    assert response.status_code == 200
    assert len(lxml_html.fromstring(response.content.decode()).xpath("//select[starts-with(@id, 'cot-')]")) == len(rows[0])
    assert choose(officer, upload, **said).status_code == 422


def test_each_sheet_is_said_by_itself(officer: Client, tmp_path: Path) -> None:
    sheets = {"Một": [PLAIN, *LINES], "Hai": [PLAIN, [3, "Ba", *LINES[1][2:]]]}
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", sheets))
    filled = CHOSEN | {"dien-kind": "new", "dien-field": "Kinh tế", "cot-E": "none"}
    moved = say(officer, upload, "xem", **filled | {"trang": "Hai"})
    told = fields(moved)
    assert told["trang-cu"] == ["Hai"]
    assert officer.post(page(upload), told | filled | {"viec": "doc", "trang": "Hai"}).status_code == 302
    work()
    upload.refresh_from_db()
    assert {sheet["sheet"] for sheet in upload.mapping["sheets"]} == {"Một", "Hai"}
    assert (upload.state, upload.report["rows"], upload.report["rejected_total"]) == ("read", 3, 0)


def test_a_register_that_was_stored_is_not_mapped_again(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()]))
    told = fields(officer.get(page(upload)))
    officer.post(f"/lam-viec/nap-so/{upload.pk}/xac-nhan/")
    work()
    response = officer.post(page(upload), told | {"viec": "doc", "cot-J": "none"})
    assert (response.status_code, response["Location"]) == (302, f"/lam-viec/nap-so/{upload.pk}/")
    upload.refresh_from_db()
    assert (upload.state, upload.mapping) == ("stored", {})


def test_what_is_remembered_is_read_by_few_queries(
    officer: Client, django_assert_num_queries: Any, unit: Any, nothing_kept: Any
) -> None:
    def keep(n: int) -> None:
        said = {"version": 1, "sheets": [{"head": [f"c{n}"], "columns": {"A": "title"}}]}
        RememberedMapping.objects.create(
            unit=unit("phan-thiet"), head_key=f"{n:032}", head=[f"c{n}"], mapping=json.loads(json.dumps(said))
        )

    keep(1)
    with django_assert_num_queries(14):
        officer.get("/lam-viec/cach-doc/")
    keep(2)
    keep(3)
    with django_assert_num_queries(14):
        officer.get("/lam-viec/cach-doc/")


def test_the_columns_of_a_list_without_a_table_are_said_like_any_others(officer: Client, tmp_path: Path) -> None:
    """Its doers stand before the names."""
    lines = [f"{n}. {line[2]}; {line[1]}; {line[3]}; Kinh tế; {line[5]}; mới; {line[6]}" for n, line in enumerate(LINES, 1)]
    body = "".join(odd.paragraph(line) for line in ("ĐẢNG BỘ PHƯỜNG", *lines))
    upload = send(officer, odd.docx(tmp_path / "so.docx", body))
    shown = officer.get(page(upload)).content.decode()
    assert "Danh sách không kẻ bảng" in shown
    say(officer, upload, **{"cot-B": "subject", "cot-C": "title"})
    work()
    upload.refresh_from_db()
    assert upload.mapping["sheets"][0]["list"] is True
    assert sorted(row.told["said"]["subject"] for row in upload.rows.all()) == ["Bà Hoa", "Hội Phụ nữ"]


def test_it_is_not_enough_where_no_row_can_be_read_and_the_doer_has_a_line() -> None:
    flaw = Flaw("G", "31/2/2024", "date_impossible", "không có thật")
    refused = [RefusedRow("so", number, "", (flaw,)) for number in (2, 3)]
    said = SheetMapping("so", 1, 1, columns={"C": (Use(Role.SUBJECT),), "G": (Use(Role.REGISTERED_ON),)})
    sample: Any = SimpleNamespace(heads={"so": []}, read_as=Mapping((said,)), rows_of=lambda name: refused)
    asked = MappingPage(sample, Mapping(), None, [])  # type: ignore[arg-type]
    assert (asked.missing, asked.unread) == ([], "ngày đăng ký")
    checks = {check.words: (check.kind, check.more) for check in asked.checks}
    assert checks["Ngày đăng ký: cột G"] == ("stop", "không đọc được dòng nào trong 2 dòng")
    assert checks["Người thực hiện: cột C"][0] == "ok"
