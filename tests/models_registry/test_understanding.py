"""What a register's words and values mean: headings cut short, columns told by their values, the nine boxes, months."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models_registry.boxes import written
from models_registry.models import RegisterImport, Registration, RegistrationSheet
from models_registry.registers.abbreviations import initials, stands_for
from models_registry.registers.finding import find_heading
from models_registry.registers.guessing import parts, without_kind
from models_registry.registers.headings import Role
from models_registry.registers.vocabulary import FieldBook
from models_registry.services import ImportReport, undo_import
from tests import odd_formats as odd
from tests import registers as made

Take = Callable[..., ImportReport]
FIELDS = FieldBook([(1, "Kinh tế", ["KT"]), (2, "Văn hóa - xã hội", ["VHXH"]), (3, "Xây dựng hệ thống chính trị", [])])


def take_rows(take: Take, tmp_path: Path, rows: list[list[Any]], **options: Any) -> ImportReport:
    return take(made.xlsx(tmp_path / "so.xlsx", rows), **options)


def facts(*names: str) -> list[tuple[Any, ...]]:
    return list(Registration.objects.filter(season__year=2024).order_by("pk").values_list(*names))


def roles(*labels: str) -> dict[str, str]:
    """Heading -> what it was taken for."""
    found = find_heading([(1, list(labels))], FIELDS)
    return {column.label: column.box or column.role.name for column in found.columns} if found else {}


@pytest.mark.parametrize(
    "short, phrase",
    [
        ("ten mh", "ten mo hinh"),
        ("tmh", "ten mo hinh"),
        ("lv", "linh vuc"),
        ("l vuc", "linh vuc"),
        ("n dung", "noi dung"),
        ("tt cn", "tap the ca nhan"),
        ("dvth", "don vi thuc hien"),
        ("dv thuc hien", "don vi thuc hien"),
        ("ngay dk", "ngay dang ki"),
    ],
)
def test_a_heading_cut_short_stands_for_its_phrase(short: str, phrase: str) -> None:
    assert stands_for(short, phrase)


@pytest.mark.parametrize("other", ["ten", "ten mh khac", "mh ten", "ten mhx", ""])
def test_other_words_stand_for_nothing(other: str) -> None:
    assert not stands_for(other, "ten mo hinh")
    assert initials("xay dung he thong chinh tri") == "xdhtct"


@pytest.mark.parametrize(
    "labels, role",
    [
        (("Tên MH", "TMH", "Tên m.hình", "MH DVK", "Tên MH đăng ký"), "TITLE"),
        (("LV", "L.vực", "Lvực", "LV đăng ký"), "FIELD"),
        (("TT/CN", "Tập thể/CN", "TTCN"), "SUBJECT_KIND"),
        (("Mới/Cũ", "ĐK mới/cũ", "Mới/DT", "Mới - nhân rộng", "Hình thức ĐK"), "KIND"),
        (("ĐVTH", "Đ.vị thực hiện", "ĐV đăng ký", "Chủ thể"), "SUBJECT"),
        (("ĐB", "Đ.bàn", "Địa bàn TH"), "PLACE"),
        (("ND", "N.dung", "Nội dung TH"), "CONTENT"),
        (("Ngày ĐK", "Dấu thời gian", "Timestamp", "Thời gian nộp"), "REGISTERED_ON"),
        (("GC", "G.chú"), "NOTE"),
        (("Nội dung mô hình “Dân vận khéo”", "Mô hình đăng ký dân vận khéo"), "TITLE"),
        (("Ai thực hiện mô hình?", "Thực hiện"), "SUBJECT"),
        (("Xã, TT",), "PLACE"),
        (("Thôn, KP",), "HAMLET"),
    ],
)
def test_whole_families_of_headings(labels: tuple[str, ...], role: str) -> None:
    beside = ["STT", "Tên mô hình"] if role != "TITLE" else ["STT", "Lĩnh vực", "Địa bàn"]
    for label in labels:
        assert roles(*beside, label).get(label) == role, label


def test_a_heading_that_only_speaks_of_models_is_the_title_where_no_other_is() -> None:
    assert (
        roles("STT", "Mô hình, điển hình đăng ký thực hiện", "Lĩnh vực", "Địa bàn")["Mô hình, điển hình đăng ký thực hiện"]
        == "TITLE"
    )
    assert roles("1", "Mô hình trồng hoa ven đường", "Chi bộ thôn 3", "x") == {}
    assert roles("Nội dung", "Tập thể, cá nhân thực hiện", "Lĩnh vực")["Nội dung"] == "TITLE"
    assert roles("Nội dung", "Lĩnh vực") == {}


def test_fields_by_their_first_letters() -> None:
    assert (FIELDS.match("XDHTCT"), FIELDS.match("vhxh"), FIELDS.match("XY")) == (3, 2, None)


def test_fields_behind_a_number_or_their_heading() -> None:
    assert [FIELDS.match(text) for text in ("1. Kinh tế", "LV Kinh tế", "b) Văn hóa - xã hội", "1.")] == [1, 1, 2, None]


@pytest.mark.parametrize(
    "text, found",
    [
        ("Tập thể, đăng ký mới", ("Tập thể", "đăng ký mới")),
        ("Tập thể mới", ("Tập thể", "mới")),
        ("Cá nhân - duy trì", ("Cá nhân", "duy trì")),
        ("Cá nhân: bà Hoa", ("Cá nhân", "bà Hoa")),
        ("Hội Phụ nữ", ("Hội Phụ nữ",)),
        ("Tập thể - Văn hóa - xã hội", ("Tập thể - Văn hóa", "Văn hóa - xã hội", "Tập thể", "Văn hóa", "xã hội")),
        ("Văn hóa - xã hội (đăng ký mới)", ("Văn hóa - xã hội", "đăng ký mới", "Văn hóa", "xã hội")),
    ],
)
def test_a_cell_that_says_two_things_is_parted(text: str, found: tuple[str, ...]) -> None:
    assert parts(text) == found
    assert without_kind("Cá nhân: bà Hoa") == without_kind("bà Hoa (cá nhân)") == without_kind("bà Hoa - Cá nhân") == "bà Hoa"
    assert without_kind("Tập thể") == "Tập thể"


def test_short_words_mean_what_the_heading_of_their_column_says(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Người thực hiện", "Địa bàn", "LV (1- Kinh tế; 2- Văn hóa, xã hội)"]
    head += ["Hình thức (ĐK mới: M; duy trì: D)", "Loại (1: tập thể, 2: cá nhân)", "Ngày ĐK"]
    rows = [head, [1, "Một", "Chi bộ 1", "Phường Phú Hài", 1, "M", 1, "15/3/2024"]]
    rows.append([2, "Hai", "Bà Hoa", "Phường Phú Hài", 2, "D", 2, "15/3/2024"])
    assert take_rows(take, tmp_path, rows).rejected == []
    assert facts("field__slug", "kind", "subject_kind") == [
        ("kinh-te", "new", "collective"),
        ("van-hoa-xa-hoi", "maintained", "individual"),
    ]


HEAD = ["STT", "Tên MH", "Chủ thể", "ĐB", "LV", "Loại", "Nội dung", "Ngày ĐK"]


def line(number: int, title: str, both: str, **given: Any) -> list[Any]:
    values = {"subject": "Chi bộ thôn 3", "place": "Phường Phú Hài", "field": "Kinh tế", "day": "15/3/2024"} | given
    return [number, title, values["subject"], values["place"], values["field"], both, "Vận động.", values["day"]]


@pytest.mark.parametrize("separator", [", ", " - ", "/", "; ", " "])
def test_two_roles_in_one_column_are_parted(take: Take, tmp_path: Path, separator: str) -> None:
    rows = [HEAD, line(1, "Một", f"Tập thể{separator}mới"), line(2, "Hai", f"Cá nhân{separator}duy trì, nhân rộng")]
    report = take_rows(take, tmp_path, rows)
    assert report.rejected == []
    assert facts("title", "subject_kind", "kind") == [("Một", "collective", "new"), ("Hai", "individual", "maintained")]
    assert report.understood[0]["columns"]["F"] == "Loại: mới hay duy trì và tập thể hay cá nhân"


def test_who_it_is_said_before_the_name(take: Take, tmp_path: Path) -> None:
    rows = [HEAD, line(1, "Một", "Mới", subject="Tập thể: Chi bộ 1"), line(2, "Hai", "Mới", subject="Cá nhân: bà Hoa")]
    assert take_rows(take, tmp_path, rows).rejected == []
    assert facts("subject", "subject_kind") == [("Chi bộ 1", "collective"), ("bà Hoa", "individual")]


def test_a_name_under_its_kind_says_both(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Tên tập thể", "Họ tên cá nhân", "Địa bàn", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"]
    rest = ["Phường Phú Hài", "Kinh tế", "Mới", "15/3/2024"]
    report = take_rows(take, tmp_path, [head, [1, "Một", "Chi bộ 1", "", *rest], [2, "Hai", "", "bà Hoa", *rest]])
    assert report.rejected == []
    assert facts("subject", "subject_kind") == [("Chi bộ 1", "collective"), ("bà Hoa", "individual")]


def test_a_sheet_named_after_a_field_speaks_for_its_rows(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Nội dung", "Tập thể/cá nhân", "Phân loại", "Xã, TT", "Ngày"]
    rest = ["Chi bộ 1 (tập thể)", "tập thể; mới", "Xã Tiến Lợi", "15/3"]
    titles = {"1. Kinh tế": ["Đường hoa", "Nuôi bò"], "VHXH 2024": ["Hòa giải", "Tủ sách"]}
    sheets = {name: [head, *([n, f"- {title}", *rest] for n, title in enumerate(told))] for name, told in titles.items()}
    path = made.xlsx(tmp_path / "so.xlsx", sheets)
    report = take(path)
    assert report.rejected == []
    assert facts("title", "subject", "field__slug") == [
        ("Đường hoa", "Chi bộ 1", "kinh-te"),
        ("Nuôi bò", "Chi bộ 1", "kinh-te"),
        ("Hòa giải", "Chi bộ 1", "van-hoa-xa-hoi"),
        ("Tủ sách", "Chi bộ 1", "van-hoa-xa-hoi"),
    ]
    assert {f"{one:%d/%m/%Y}" for (one,) in facts("registered_on")} == {"15/03/2024"}
    assert {w["sheet"] for w in report.warnings if w["code"] == "year_missing"} == titles.keys()


def test_a_column_that_no_heading_names_is_told_by_its_values(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "", "Nhóm", "Hạng mục", "Thông tin", "Ghi nhận"]
    rows = [head, [1, "Một", "Chi bộ", "Phường Phú Hài", "Kinh tế", "Tập thể", "Mới", "15/3/2024"]]
    rows.append([2, "Hai", "Chi bộ", "Xã Tiến Lợi", "VH-XH", "Cá nhân", "Duy trì", "16/3/2024"])
    report = take_rows(take, tmp_path, rows)
    assert report.rejected == []
    assert facts("place_name", "field__slug", "subject_kind", "kind") == [
        ("Phường Phú Hài", "kinh-te", "collective", "new"),
        ("Xã Tiến Lợi", "van-hoa-xa-hoi", "individual", "maintained"),
    ]
    sheet = report.understood[0]
    assert sheet["columns"]["D"] == "(không có tiêu đề): địa bàn"
    assert {guess["column"]: guess["sure"] for guess in sheet["guesses"] if guess["sure"] < 95} == dict.fromkeys("DEFGH", 90)
    assert all(guess["why"] for guess in sheet["guesses"])


def test_days_outside_the_season_are_not_taken_for_the_registrations(take: Take, tmp_path: Path) -> None:
    rows = [
        [*HEAD[:-1], "Ngày sinh"],
        line(1, "Một", "Tập thể, mới", day="1/2/1980"),
        line(2, "Hai", "Tập thể, mới", day="3/4/1975"),
    ]
    assert {row["code"] for row in take_rows(take, tmp_path, rows).rejected} == {"date_missing"}


def test_a_guess_that_values_do_not_bear_out_is_less_sure(take: Take, tmp_path: Path) -> None:
    rows = [HEAD, line(1, "Một", "Tập thể, mới", field="Thể thao"), line(2, "Hai", "Tập thể, mới", field="Du lịch")]
    guesses = {guess["column"]: guess for guess in take_rows(take, tmp_path, rows).understood[0]["guesses"]}
    assert guesses["E"]["sure"] < 50 and "ít giá trị" in guesses["E"]["why"]
    assert guesses["B"] == {"column": "B", "role": Role.TITLE.value, "sure": 85, "why": "Tiêu đề viết tắt “Tên MH”"}


@pytest.mark.parametrize("text, day", [("3/2024", "01/03/2024"), ("tháng 3 năm 2024", "01/03/2024"), ("T4.2024", "01/04/2024")])
def test_a_month_counts_from_its_first_day_and_says_so(take: Take, tmp_path: Path, text: str, day: str) -> None:
    report = take_rows(take, tmp_path, [made.HEAD, made.row(day=text, note="Xem lại")])
    assert report.rejected == []
    assert [f"{one:%d/%m/%Y}" for (one,) in facts("registered_on")] == [day]
    assert facts("note") == [(f"Xem lại\nSổ chỉ ghi tháng đăng ký: {text}.",)]
    assert [(w["code"], w["row"]) for w in report.warnings] == [("month_only", 2)]
    assert take_rows(take, tmp_path, [made.HEAD, made.row(day=text, note="Xem lại")]).unchanged == 1


def test_a_month_outside_the_season_is_refused(take: Take, tmp_path: Path) -> None:
    assert [r["code"] for r in take_rows(take, tmp_path, [made.HEAD, made.row(day="3/2023")]).rejected] == ["date_out_of_season"]


@pytest.mark.parametrize("stamp", ["15/03/2024 9:15:33", "2024/03/15 9:15:33 SA GMT+7", "2024-03-15 21:15:33"])
def test_answers_of_an_online_form(take: Take, tmp_path: Path, stamp: str) -> None:
    head = ["Dấu thời gian", "Địa chỉ email", "Tên mô hình", "Tập thể/cá nhân", "Người thực hiện", "Địa bàn", "Thuộc lĩnh vực"]
    row = [stamp, "a@b.vn", "Mô hình trồng hoa", "Tập thể", "Chi bộ 1", "Phường Phú Hài", "Kinh tế"]
    path = made.text_file(
        tmp_path / "a.csv", [[*head, "Mô hình mới hay duy trì"], [*row, "Đăng ký mới"], [*row[:4], "Chi bộ 2", *row[5:], "Mới"]]
    )
    report = take(path)
    assert (report.created, report.rejected) == (2, [])
    assert {f"{one:%d/%m/%Y}" for (one,) in facts("registered_on")} == {"15/03/2024"}


@pytest.mark.parametrize("days", [["3/13/2024 9:15:33", "3/5/2024 21:00:01"], ["11/28/2024", "03/02/2024"]])
def test_days_of_a_form_in_english_are_written_month_first(take: Take, tmp_path: Path, days: list[str]) -> None:
    rows = [made.HEAD, *(made.row(f"Mô hình {n}", number=n, day=day) for n, day in enumerate(days, start=1))]
    assert take_rows(take, tmp_path, rows).rejected == []
    first = {f"{one.month}/{one.day}" for (one,) in facts("registered_on")}
    assert first == {"/".join(part.lstrip("0") for part in day.split("/")[:2]) for day in days}


def test_days_that_may_be_written_either_way_are_written_as_here(take: Take, tmp_path: Path) -> None:
    assert take_rows(take, tmp_path, [made.HEAD, made.row(day="3/5/2024")]).rejected == []
    assert [f"{one:%d/%m}" for (one,) in facts("registered_on")] == ["03/05"]


BOXES = {
    "Thực trạng, lý do xây dựng mô hình": "Rác ứ đọng.",
    "Mục tiêu, tiêu chí": "100% hộ tham gia.",
    "Nội dung, cách thức thực hiện": "Họp dân, ký cam kết.",
    "Địa bàn, đối tượng": "Khu phố, 120 hộ",
    "Lực lượng thực hiện": "Chủ trì: Chi bộ; phối hợp: Hội Phụ nữ",
    "Thời gian, nguồn lực thực hiện": "Từ 3/2024; dân góp 20 triệu",
    "Sản phẩm, kết quả đầu ra": "120 hộ ký cam kết",
    "Khả năng duy trì, nhân rộng": "Duy trì\nlâu dài",
}


def nine_boxes(take: Take, tmp_path: Path, **options: Any) -> ImportReport:
    head = ["STT", "Khu dân cư/đơn vị", "Tên mô hình", *BOXES, "LV", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    rest = ["Kinh tế", "TT", "Mới", "15/3/2024"]
    rows = [[n, f"Khu phố {n}, phường Phú Hài", f"Không rác số {n}", *BOXES.values(), *rest] for n in (1, 2, 3)]
    return take_rows(take, tmp_path, [["BIỂU MẪU ĐĂNG KÝ"], head, *rows], **options)


def test_columns_of_the_nine_boxes_fill_the_sheet(take: Take, tmp_path: Path) -> None:
    assert nine_boxes(take, tmp_path).rejected == []
    assert facts("place_name", "subject", "content")[0] == ("Phường Phú Hài", "Khu phố 1, phường Phú Hài", "Họp dân, ký cam kết.")
    sheet = RegistrationSheet.objects.get(registration__title="Không rác số 1")
    assert written(sheet.answers) == set(range(1, 10))
    assert sheet.answers == sheet.accepted
    assert {name: sheet.answers[name] for name in ("leads", "partners", "starts_on", "upkeep", "audience", "field", "place")} == {
        "leads": "Chi bộ",
        "partners": "Hội Phụ nữ",
        "starts_on": "01/03/2024",
        "upkeep": "Duy trì\nlâu dài",
        "audience": "Khu phố, 120 hộ",
        "field": "kinh-te",
        "place": sheet.registration.place.key,  # type: ignore[union-attr]
    }


def test_sheets_that_came_with_a_register_go_with_it(take: Take, tmp_path: Path, user: Any) -> None:
    nine_boxes(take, tmp_path)
    upload = RegisterImport.objects.get(season__year=2024)
    assert undo_import(import_id=upload.pk, actor=user("tinh.chuyenvien")) == (3, 0)
    assert not RegistrationSheet.objects.filter(registration__season__year=2024).exists()


def test_boxes_that_are_sent_again_fill_the_sheet_anew_until_somebody_writes_in_it(
    take: Take, tmp_path: Path, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nine_boxes(take, tmp_path)
    before = list(RegistrationSheet.objects.order_by("pk").values("answers", "accepted"))
    monkeypatch.setitem(BOXES, "Sản phẩm, kết quả đầu ra", "150 hộ ký cam kết")
    written_in = RegistrationSheet.objects.get(registration__title="Không rác số 3")
    RegistrationSheet.objects.filter(pk=written_in.pk).update(version=1)
    again = nine_boxes(take, tmp_path)
    assert (again.created, again.updated, again.unchanged) == (0, 2, 1)
    sheets = RegistrationSheet.objects.order_by("pk")
    assert ["150 hộ ký cam kết" in str(sheet.accepted) for sheet in sheets] == [True, True, False]
    assert nine_boxes(take, tmp_path, dry_run=True).unchanged == 3
    upload = RegisterImport.objects.filter(season__year=2024).latest("created_at")
    assert undo_import(import_id=upload.pk, actor=user("tinh.chuyenvien")) == (0, 2)
    assert list(RegistrationSheet.objects.order_by("pk").values("answers", "accepted")) == before


# Several registers in one file


def test_each_sheet_of_a_workbook_finds_its_unit(take: Take, tmp_path: Path) -> None:
    def sheet(unit: str, title: str, place: str) -> list[list[Any]]:
        return [[unit], ["DANH SÁCH ĐĂNG KÝ NĂM 2024"], made.HEAD, made.row(title, place=place)]

    path = made.xlsx(
        tmp_path / "so.xlsx",
        {
            "1": sheet("HUYỆN ỦY HÀM THUẬN BẮC", "Một", "Xã Hàm Hiệp"),
            "2": [made.HEAD, made.row("Hai", place="Xã Hàm Hiệp")],
            "3": sheet("THÀNH ỦY PHAN THIẾT", "Ba", "Phường Phú Hài"),
        },
    )
    report = take(path, accept_valid=True)
    assert facts("title") == [("Ba",)]
    assert [(row["sheet"], row["code"]) for row in report.rejected] == [("1", "other_unit"), ("2", "other_unit")]
    assert "Hàm Thuận Bắc" in report.rejected[0]["message"]
    assert report.understood[0]["units"] == {"ham-thuan-bac": "Huyện ủy Hàm Thuận Bắc"}
    again = take(path, "ham-thuan-bac", accept_valid=True)
    assert (again.created, [row["sheet"] for row in again.rejected]) == (2, ["3"])


def test_several_registers_in_one_document(take: Take, tmp_path: Path) -> None:
    def register(unit: str, title: str, place: str) -> str:
        return odd.paragraph(unit) + odd.paragraph("DANH SÁCH") + odd.table([made.HEAD, made.row(title, place=place)])

    body = register("THÀNH ỦY PHAN THIẾT", "Một", "Phường Phú Hài") + register("HUYỆN ỦY HÀM THUẬN BẮC", "Hai", "Xã Hàm Hiệp")
    body += odd.table([made.row("Ba", number=2, place="Xã Hàm Hiệp")])  # goes on over the page
    path = odd.docx(tmp_path / "so.docx", body)
    report = take(path, accept_valid=True)
    assert facts("title") == [("Một",)]
    assert [row["code"] for row in report.rejected] == ["other_unit"] * 2
    assert take(path, "ham-thuan-bac", accept_valid=True).created == 2


def test_a_head_repeated_in_part_on_the_next_page_is_no_other_head(take: Take, tmp_path: Path) -> None:
    head = [
        ["STT", "Tên mô hình", "Chủ thể", "Lĩnh vực", "", "Loại hình", "", "Đăng ký", "", "Ngày ĐK"],
        ["", "", "", "KT", "VH-XH", "TT", "CN", "Mới", "Duy trì", ""],
    ]
    rows = [[n, f"Mô hình {n}", "Hội Phụ nữ", "x", "", "x", "", "x", "", "15/3/2024"] for n in (1, 2)]
    path = odd.docx(tmp_path / "so.docx", odd.table([*head, rows[0]]) + odd.table([head[0], rows[1]]))
    report = take(path)
    assert (report.created, report.rejected) == (2, [])


def test_a_file_of_one_other_unit_is_asked_about_as_before(take: Take, tmp_path: Path) -> None:
    rows = [["HUYỆN ỦY HÀM THUẬN BẮC"], made.HEAD, made.row("Một", place="")]
    report = take_rows(take, tmp_path, rows, dry_run=True)
    assert (report.created, report.other_unit["units"], report.rejected) == (1, ["ham-thuan-bac"], [])


def test_a_doer_of_a_place_called_new_is_no_new_registration(take: Take, tmp_path: Path) -> None:
    rows = [made.row(f"Mô hình {n}", subject="Hội Nông dân xã Chợ Mới", kind="Duy trì", number=n) for n in (1, 2)]
    head = ["Người thực hiện" if name == made.HEAD[2] else name for name in made.HEAD]
    assert take_rows(take, tmp_path, [head, *rows]).saved
    assert facts("subject", "kind") == [("Hội Nông dân xã Chợ Mới", "maintained")] * 2
