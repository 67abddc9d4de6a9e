"""What single columns and cells of registers say, in habits of offices that once were read wrongly without a question."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.dates import read_day
from models_registry.enums import Kind, SubjectKind
from models_registry.registers import opening
from models_registry.registers.mapping import Mapping
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RegisterContext
from models_registry.registers.signs import Signs, signs_in
from models_registry.registers.vocabulary import PlaceBook, is_marked
from tests import registers as made
from tests.models_registry.test_shapes import FIELDS, PLACES
from tests.models_registry.test_spoiled import read_here
from tests.registers import told

ROAD, FLOWERS, LAMPS, BOOKS = "Hiến đất mở đường", "Tuyến đường hoa", "Thắp sáng đường quê", "Tủ sách thôn"
BODY, UNION, PERSON = "Chi bộ thôn 3", "Hội Nông dân xã Đồi Cao", "Ông Lê Văn Ba, người có uy tín ở thôn 2"


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def reader(lines: list[list[Any]], mapping: Mapping | None = None) -> RegisterReader:
        path = made.text_file(tmp_path / "so.csv", lines)
        return RegisterReader(
            path, RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES, mapping=mapping), None, "so"
        )

    return reader


HEAD = ["TT", "Tên mô hình", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"]


def line(number: int, title: str, *more: Any, kind: str = "mới", day: str = "12/3/2024") -> list[Any]:
    return [number, title, "KT", kind, day, *more]


def test_who_does_it_stands_in_one_of_several_columns(read: Any) -> None:
    rows = [
        [*HEAD, "Chi bộ", "Mặt trận, đoàn thể"],
        line(1, ROAD, BODY, ""),
        line(2, FLOWERS, "", UNION),
        line(3, LAMPS, "", "Hội Phụ nữ xã Đồi Cao"),
        line(4, BOOKS, "Chi bộ thôn 4", ""),
    ]
    reader = read(rows)
    found = told(reader.rows(), "subject", "subject_kind")
    assert found[ROAD] == (BODY, "collective") and found[FLOWERS] == (UNION, "collective")
    assert found == told(read(rows, reader.mapping).rows(), "subject", "subject_kind")


def test_two_questions_of_a_form_for_who_does_it(read: Any) -> None:
    head = [*HEAD, "Mô hình của tập thể hay cá nhân?", "Nếu là tập thể: ghi tên tập thể", "Nếu là cá nhân: ghi họ tên, chức vụ"]
    rows = [
        head,
        line(1, ROAD, "Tập thể", BODY, ""),
        line(2, FLOWERS, "Cá nhân", "", PERSON),
        line(3, LAMPS, "Tập thể", UNION, ""),
    ]
    found = told(read(rows).rows(), "subject", "subject_kind")
    assert found == {ROAD: (BODY, "collective"), FLOWERS: (PERSON, "individual"), LAMPS: (UNION, "collective")}


@pytest.mark.parametrize("group", ["Đơn vị đăng ký", ""])
def test_the_heading_of_a_cross_is_who_does_it(read: Any, group: str) -> None:
    doers = ["Hội LHPN", "Hội Nông dân", "Hội CCB"]
    crossed = [
        line(1, ROAD, "x", "", ""),
        line(2, FLOWERS, "", "X", ""),
        line(3, LAMPS, "x", "✓", ""),
    ]
    head = [[*HEAD, group, "", ""], ["", "", "", "", "", *doers]] if group else [[*HEAD, *doers]]
    rows = [*head, *crossed, ["", "Cộng", "", "", "", 2, 2, 0]]
    reader = read(rows)
    found = told(reader.rows(), "subject")
    assert found == {ROAD: ("Hội LHPN",), FLOWERS: ("Hội Nông dân",), LAMPS: ("Hội LHPN, Hội Nông dân",)}
    assert "total_mismatch" not in [warning["code"] for warning in reader.warnings]
    assert found == told(read(rows, reader.mapping).rows(), "subject")


def test_a_cross_is_no_name_of_a_model_or_of_who_does_it(read: Any) -> None:
    rows = [[*HEAD, "Đơn vị"], line(1, ROAD, BODY), line(2, FLOWERS, "x"), line(3, "x", UNION)]
    found = told(read(rows).rows(), "subject")
    assert found == {ROAD: (BODY,), FLOWERS: ("subject_unclear", "subject_kind_missing"), "x": ("title_missing",)}


@pytest.mark.parametrize("label", ["Hoàn thành", "Thời hạn", "Thời gian thực hiện", "Dự kiến", "Ngày kết thúc", "Hạn hoàn thành"])
def test_the_day_when_something_is_done_is_not_that_of_its_registration(read: Any, label: str) -> None:
    title = [["HUYỆN ỦY SÔNG TRÊN", "", "", "", "Sông Trên, ngày 10 tháng 3 năm 2024"]]
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Mới/duy trì", label, "Đơn vị"]
    rows = [head, *(line(n, f"{ROAD} số {n}", BODY, day=f"{n + 10}/11/2024") for n in range(1, 5))]
    assert {day for (day,) in told(read(title + rows).rows(), "registered_on").values()} == {date(2024, 3, 10)}


@pytest.mark.parametrize("label", ["Mốc cần đạt", "Thời gian", "Ngày đăng ký"])
def test_a_day_after_the_paper_was_written_is_none_of_registering(read: Any, label: str) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Mới/duy trì", label, "Đơn vị"]
    rows = [head, *(line(n, f"{ROAD} số {n}", BODY, day=f"{n + 10}/11/2024") for n in range(1, 5))]
    signed = [["", "", "", "", "Sông Trên, ngày 10 tháng 3 năm 2024"], ["", "", "", "", "BÍ THƯ"]]
    days = {day for (day,) in told(read(rows + signed).rows(), "registered_on").values()}
    assert (days == {date(2024, 3, 10)}) is (label != "Ngày đăng ký")


@pytest.mark.parametrize(("began", "ended"), [("", ""), (" 07:35:11", " 07:49:52")])
def test_begin_and_end_on_one_day_are_the_stamps_of_a_form(read: Any, began: str, ended: str) -> None:
    head = ["Thời gian bắt đầu", "Thời gian hoàn thành", "Tên mô hình", "Lĩnh vực", "Mới/duy trì", "Đơn vị"]
    rows = [head, *([f"{n}/3/2024{began}", f"{n}/3/2024{ended}", f"{ROAD} {n}", "KT", "mới", BODY] for n in (12, 15, 17))]
    assert [day.day for (day,) in told(read(rows).rows(), "registered_on").values()] == [12, 15, 17]


def test_only_the_group_of_the_season_counts(read: Any) -> None:
    head = [*HEAD[:3], "Đơn vị", "Ngày đăng ký", "Năm 2023", "", "Năm 2024", ""]
    below = ["", "", "", "", "", "Đăng ký", "Được công nhận", "Đăng ký mới", "Tiếp tục duy trì"]
    rows = [
        head,
        below,
        [1, ROAD, "KT", BODY, "12/3/2024", "", "", "x", ""],
        [2, FLOWERS, "KT", UNION, "12/3/2024", "x", "x", "", "x"],
        [3, LAMPS, "KT", UNION, "12/3/2024", "x", "", "", ""],
        ["", "Cộng năm 2024", "", "", "", "", "", 1, 1],
    ]
    reader = read(rows)
    assert told(reader.rows(), "kind") == {ROAD: ("new",), FLOWERS: ("maintained",), LAMPS: ("kind_missing",)}
    assert [warning["row"] for warning in reader.warnings if warning["code"] == "total_mismatch"] == []


@pytest.mark.parametrize(
    "heads", [[["Năm 2023", "Năm 2024"]], [["Năm 2023", "", "Năm 2024"], ["Đăng ký", "Được công nhận", "Đăng ký"]]]
)
def test_crosses_under_each_year_in_which_a_model_was_registered(read: Any, heads: list[list[str]]) -> None:
    title = [*HEAD[:3], "Đơn vị", "Ngày đăng ký"]
    width = len(heads[-1])
    first, last = ["x", *[""] * (width - 2), ""], ["", *[""] * (width - 2), "x"]
    rows = [
        [*title, *heads[0]],
        *([[""] * 5 + heads[1]] if len(heads) > 1 else []),
        *([n, f"{ROAD} {n}", "KT", BODY, "12/3/2024", *first[:-1], "x"] for n in (1, 2, 3)),
        [4, FLOWERS, "KT", BODY, "12/3/2024", *last],
        [5, LAMPS, "KT", BODY, "12/3/2024", *first],
    ]
    reader = read(rows)
    found = told(reader.rows(), "kind")
    if len(heads) == 1:
        assert found == told(read(rows, reader.mapping).rows(), "kind")
    assert {found.pop(f"{ROAD} {n}") for n in (1, 2, 3)} == {("maintained",)}
    assert found == {FLOWERS: ("new",), LAMPS: ("kind_missing",)}


@pytest.mark.parametrize("label", ["Thời gian thực hiện", "Năm bắt đầu"])
def test_since_when_a_model_is_carried_on(read: Any, label: str) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", label, "Ngày đăng ký", "Đơn vị"]
    times = "Năm 2024", "Từ năm 2021", "từ năm 2022 đến nay"
    rows = [head, *(line(n, f"{ROAD} {n}", BODY, kind=time) for n, time in enumerate(times))]
    assert [kind for (kind,) in told(read(rows).rows(), "kind").values()] == ["new", "maintained", "maintained"]


def test_rows_that_name_nobody_are_told(read: Any) -> None:
    rows = [[*HEAD, "Đơn vị", "TT/CN"], line(1, ROAD, BODY, "TT"), line(2, FLOWERS, "", "TT")]
    reader = read(rows)
    assert told(reader.rows(), "subject") == {ROAD: (BODY,), FLOWERS: ("",)}
    assert [warning["code"] for warning in reader.warnings] == ["doer_missing"]


def test_crosses_below_a_heading_of_words_are_not_carried_down(read: Any) -> None:
    rows = [
        [*HEAD[:3], "Đăng ký", "Duy trì", "Ngày đăng ký", "Đơn vị"],
        *([n, f"{ROAD} {n}", "KT", "x" if n < 3 else "", "" if n < 3 else "x", "12/3/2024", BODY] for n in range(1, 7)),
    ]
    kinds = [kind for (kind,) in told(read(rows).rows(), "kind").values()]
    assert kinds == ["new", "new", "maintained", "maintained", "maintained", "maintained"]


def test_a_column_of_times_says_what_is_carried_on(read: Any) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Thời gian thực hiện", "Ngày đăng ký", "Đơn vị"]
    rows = [
        head,
        line(1, ROAD, BODY, kind="Năm 2024 (mới)"),
        line(2, FLOWERS, UNION, kind="Từ năm 2021 (duy trì)"),
        line(3, LAMPS, UNION, kind="Từ năm 2022 (tiếp tục)"),
    ]
    reader = read(rows)
    rows_read = {row.title: row for row in reader.rows()}
    assert {title: row.kind for title, row in rows_read.items()} == {ROAD: "new", FLOWERS: "maintained", LAMPS: "maintained"}
    assert rows_read[FLOWERS].answers["schedule"] == "Từ năm 2021 (duy trì)"


def test_what_a_box_says_of_all_models_is_no_kind(read: Any) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Khả năng duy trì, nhân rộng", "Ngày đăng ký", "Đơn vị"]
    rows = [head, *(line(n, f"{ROAD} {n}", BODY, kind="Nhân rộng được") for n in range(1, 4))]
    assert set(told(read(rows).rows(), "kind").values()) == {("kind_missing",)}


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú: Mô hình có dấu (*) là mô hình duy trì từ năm trước; các mô hình còn lại đăng ký mới.",
        "(*) Mô hình duy trì",
        "* : tiếp tục duy trì",
    ],
)
def test_a_note_says_what_a_sign_behind_a_title_means(read: Any, note: str) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Đơn vị", "Ngày đăng ký"]
    rows = [
        head,
        [1, ROAD, "KT", BODY, "12/3/2024"],
        [2, f"{FLOWERS} (*)", "KT", UNION, "12/3/2024"],
        [3, f"{LAMPS}*", "KT", UNION, "12/3/2024"],
        [note],
    ]
    found = told(read(rows).rows(), "kind")
    assert found == {ROAD: ("new",), FLOWERS: ("maintained",), LAMPS: ("maintained",)}


def test_a_heading_or_a_note_with_two_signs_says_what_they_mean(read: Any) -> None:
    head = ["TT", "Tên mô hình (dấu * là mô hình duy trì)", "Lĩnh vực", "Đơn vị", "Ngày đăng ký"]
    rows = [[1, ROAD, "KT", BODY, "12/3/2024"], [2, f"{FLOWERS} *", "KT", UNION, "12/3/2024"]]
    assert told(read([head, *rows]).rows(), "kind") == {ROAD: ("new",), FLOWERS: ("maintained",)}
    rows[0][1], rows[1][1], head[1] = f"{ROAD} (**)", f"{FLOWERS} (*)", "Tên mô hình"
    note = ["Ghi chú: (*) mô hình mới; (**) mô hình duy trì."]
    found = told(read([head, *rows, [3, LAMPS, "KT", UNION, "12/3/2024"], note]).rows(), "kind")
    assert found == {ROAD: ("maintained",), FLOWERS: ("new",), LAMPS: ("kind_missing",)}


def test_bodies_of_several_branches_beside_persons(read: Any) -> None:
    rows = [
        [*HEAD, "Chi bộ", "MTTQ", "Đoàn thể", "Cá nhân"],
        line(1, ROAD, BODY, "", "", ""),
        line(2, FLOWERS, "", "UBMTTQ xã Đồi Cao", "", ""),
        line(3, LAMPS, "", "", UNION, ""),
        line(4, BOOKS, "", "", "", PERSON),
    ]
    found = told(read(rows).rows(), "subject", "subject_kind")
    assert [found[title] for title in (ROAD, LAMPS, BOOKS)] == [
        (BODY, "collective"),
        (UNION, "collective"),
        (PERSON, "individual"),
    ]


def test_short_names_over_crosses_are_what_the_names_beside_them_are(read: Any) -> None:
    rows = [
        [*HEAD, "HPN", "Đoàn TN", "Hội ND"],
        line(1, ROAD, "x", "", ""),
        line(2, FLOWERS, "", "x", ""),
        line(3, LAMPS, "", "", "x"),
    ]
    found = told(read(rows).rows(), "subject", "subject_kind")
    assert found == {ROAD: ("HPN", "collective"), FLOWERS: ("Đoàn TN", "collective"), LAMPS: ("Hội ND", "collective")}


def test_a_sign_that_no_note_explains_stays_in_the_title(read: Any) -> None:
    rows = [
        [*HEAD[:3], "Đơn vị", "Ngày đăng ký"],
        [1, ROAD, "KT", BODY, "1/3/2024"],
        [2, f"{FLOWERS} (*)", "KT", UNION, "1/3/2024"],
    ]
    assert told(read(rows).rows(), "kind") == {ROAD: ("kind_missing",), f"{FLOWERS} (*)": ("kind_missing",)}


def test_signs() -> None:
    assert signs_in([ROAD, f"{FLOWERS} (**)", f"{LAMPS} *."]) == {"**", "*"}
    assert signs_in([f"{ROAD}*", f"{FLOWERS}*"]) == set()
    signs = Signs({"*": "Duy trì"}, "Mới")
    assert [signs.part(title) for title in (f"{ROAD}(*)", f"{ROAD} (**)")] == [(ROAD, "Duy trì"), (f"{ROAD} (**)", "")]


def test_counts_and_other_words_are_no_crosses(read: Any) -> None:
    assert [is_marked(text) for text in ("x", "1", "có", "12", "3,0", "2021", "0", "-")] == [True] * 3 + [False] * 2 + [True] + [
        False
    ] * 2
    head = ["TT", "Tên mô hình", "Kinh tế", "VH-XH", "Mới", "Duy trì", "Ngày đăng ký", "Đơn vị"]
    rows = [
        head,
        [1, ROAD, "x", "4", "X", "khi có kinh phí", "12/3/2024", BODY],
        [2, FLOWERS, "xem ghi chú", "✓", "7", "từ 2021", "12/3/2024", UNION],
        [3, LAMPS, "5", "", "", "v", "12/3/2024", UNION],
    ]
    found = told(read(rows).rows(), "field_id", "kind")
    assert found == {ROAD: (1, "new"), FLOWERS: (2, "maintained"), LAMPS: ("field_unknown",)}


@pytest.mark.parametrize(
    "text",
    [
        "12:28 30/03/2026",
        "12h28 ngày 30/3/2026",
        "lúc 12 giờ 28 phút, ngày 30/3/2026",
        "30/3/2026, 12:28:01",
        "30/3/2026 lúc 12h28",
        "30/03/2026 - 12:28",
        "08:12 SA 30/03/2026",
        "Thứ Hai, 30/3/2026",
        "Thứ 2 ngày 30/3/2026 12:28",
        "12:28, ngày 30 tháng 3 năm 2026",
    ],
)
def test_a_day_with_the_time_or_the_day_of_the_week_in_any_order(text: str) -> None:
    assert read_day(text) == date(2026, 3, 30)


@pytest.mark.parametrize("text", ["5 - 30/3/2026", "12/3/2024 5", "12:28", "30/3/2026 - 31/3/2026"])
def test_what_is_no_time_of_the_day_beside_a_day(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    "label", ["Nội dung đăng ký (tên mô hình)", "Tên mô hình (lĩnh vực, mới hay duy trì)", "Tên mô hình đăng ký (ghi rõ ở đâu)"]
)
def test_brackets_say_less_of_a_column_than_the_words_before_them(read: Any, label: str) -> None:
    found = read([["TT", "Đơn vị đăng ký", label, *HEAD[2:]], [1, BODY, *line(1, ROAD)[1:]], ["", "Cộng", "1 mô hình"]])
    assert told(found.rows(), "subject") == {ROAD: (BODY,)}
    assert [warning["code"] for warning in found.warnings] == ["kind_by_doer"]


@pytest.mark.parametrize(
    "words", ["A. MÔ HÌNH DUY TRÌ TỪ NHỮNG NĂM TRƯỚC", "Duy trì từ các năm trước", "II. Duy trì từ năm trước"]
)
def test_a_section_of_what_goes_on_from_years_before(read: Any, words: str) -> None:
    head = [HEAD[0], "Đơn vị", *HEAD[1:3], HEAD[4]]
    row = [1, BODY, ROAD, "KT", "12/3/2024"]
    assert [row.kind for row in read([head, [words], row]).rows()] == [Kind.MAINTAINED]


def test_lists_of_bodies_and_of_persons_on_one_sheet(read: Any) -> None:
    lines = [["I. DANH SÁCH TẬP THỂ"], ["STT", "Tên tập thể", *HEAD[1:]], [1, BODY, *line(1, ROAD)[1:]], []]
    lines += [["II. DANH SÁCH CÁ NHÂN"], ["STT", "Họ và tên", "Chức vụ", *HEAD[1:]]]
    lines += [[1, "Lê Văn Ba", "Trưởng thôn 2", *line(1, FLOWERS)[1:]], [2, "Bà Lê Thị Hoa", "", *line(2, LAMPS)[1:]]]
    lines += [[3, "Ông Trần Văn Tư", "Bí thư Chi bộ thôn 3", *line(3, BOOKS)[1:]]]
    found = read(lines)
    assert told(found.rows(), "subject", "subject_kind") == {
        ROAD: (BODY, SubjectKind.COLLECTIVE),
        FLOWERS: ("Lê Văn Ba, Trưởng thôn 2", SubjectKind.INDIVIDUAL),
        LAMPS: ("Bà Lê Thị Hoa", SubjectKind.INDIVIDUAL),
        BOOKS: ("Ông Trần Văn Tư, Bí thư Chi bộ thôn 3", SubjectKind.INDIVIDUAL),
    }


def test_a_committee_of_no_place_is_at_work_in_those_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    rows = [[*HEAD, "Địa bàn đóng quân", "Đơn vị"], line(1, ROAD, "Phường Trên, TP. Ngoài", BODY)]
    path = made.text_file(tmp_path / "so.csv", rows)
    for is_of_place in (True, False):
        places = PlaceBook("Bộ đội", ["Bộ đội"], [], is_of_place=is_of_place)
        (row,) = RegisterReader(path, RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, places), None, "so").rows()
        if isinstance(row, ReadRow):
            assert not is_of_place
            assert (row.place.unit_id, row.place.hamlet) == (None, "Phường Trên, TP. Ngoài")
        else:
            assert is_of_place
            assert [flaw.code for flaw in row.flaws] == ["place_unknown"]


def test_a_name_alone_is_who_does_it_where_nobody_else_is(read: Any) -> None:
    people = ["Bà Lê Thị Hoa", "Nguyễn Văn Ba", "Trần Thị Tư"]
    rows = [
        line(n, title, "Cá nhân", person) for n, (title, person) in enumerate(zip((ROAD, FLOWERS, LAMPS), people, strict=True), 1)
    ]
    head = [*HEAD, "Tập thể hay cá nhân", "Họ và tên"]
    assert [row.subject for row in read([head, *rows]).rows()] == people
    bodies = [[*row, BODY] for row in rows]
    assert [row.subject for row in read([[*head, "Đơn vị thực hiện"], *bodies]).rows()] == [BODY] * 3
