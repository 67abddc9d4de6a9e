"""A table of a PDF without rules, put together from where its words stand: parted in columns, or refused where that is not clear."""

from collections.abc import Iterable
from typing import Any

import pytest

from models_registry.registers.formats.aligned import Word, rows_of
from models_registry.registers.formats.pdf import _number_apart

LETTER = 8.0  # high, and half as wide
COLUMNS = (10.0, 50.0, 200.0, 320.0)
HEAD = ("STT", "Tên mô hình", "Thực hiện", "Ngày")
ROWS = (("1", "Tuyến hoa", "Hội Phụ nữ", "15/3/2024"), ("2", "Tổ tự quản", "Công an", "16/3/2024"))
Texts = Iterable[str]


def line(top: float, texts: Texts, columns: Texts | tuple[float, ...] = COLUMNS, page: int = 1) -> list[Word]:
    """The words of texts that begin at the columns, a letter apart; an empty text is none."""
    words = []
    for left, text in zip(columns, texts, strict=False):
        at = float(left)
        for word in text.split():
            right = at + len(word) * LETTER / 2
            words.append(Word(page, at, right, top, top + LETTER, word))
            at = right + LETTER / 4
    return words


def page(*lines: Texts, step: float = 24, page: int = 1, first: float = 50) -> list[Word]:
    """Lines one below the other."""
    return [word for n, texts in enumerate(lines) for word in line(first + n * step, texts, page=page)]


def read(*words: list[Word]) -> list[list[str]] | None:
    return rows_of([word for of_page in words for word in of_page])


def test_columns_that_stand_apart_are_a_table() -> None:
    assert read(page(("DANH SÁCH ĐĂNG KÝ",), HEAD, *ROWS)) == [["DANH SÁCH ĐĂNG KÝ"], [*HEAD], *map(list, ROWS)]


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD, ROWS[0]),  # one row
        (HEAD, ("1", "Tuyến hoa"), ("2", "Tổ tự quản")),  # two columns
        (HEAD, ROWS[0], ("7", *ROWS[1][1:]), ("3", *ROWS[1][1:])),  # numbers in no order
        (("STT",), *ROWS),  # columns without headings
        ROWS,
    ],
)
def test_what_is_no_table_is_none(lines: tuple[tuple[str, ...], ...]) -> None:
    assert read(page(*lines)) is None


def test_numbers_may_begin_anew_and_be_written_in_any_way() -> None:
    rows = [("1.", *ROWS[0][1:]), ("(2)", *ROWS[1][1:]), ("1)", *ROWS[0][1:])]
    found = read(page(HEAD, *rows))
    assert found is not None and [row[0] for row in found] == ["STT", "1.", "(2)", "1)"]


def test_a_gap_that_is_no_wider_than_a_space_parts_nothing() -> None:
    close = (10.0, 50.0, 103.0, 320.0)
    words = [word for n, row in enumerate((HEAD, *ROWS)) for word in line(50 + 24 * n, row, close)]
    found = rows_of(words)
    assert found is not None and found[1] == ["1", "Tuyến hoa", "Hội Phụ nữ", "15/3/2024"]
    touching = (10.0, 50.0, 88.0, 320.0)
    words = [word for n, row in enumerate((HEAD, *ROWS)) for word in line(50 + 24 * n, row, touching)]
    assert rows_of(words) != [[*HEAD], *map(list, ROWS)]


def test_lines_of_one_row_are_one_wherever_its_number_stands() -> None:
    middle = [
        *line(50, HEAD),
        *line(100, ("", "Tuyến đường", "Hội Liên hiệp", "")),
        *line(110, ("1", "hoa của", "Phụ nữ", "15/3/2024")),
        *line(120, ("", "thôn 3", "xã", "")),
        *line(170, ROWS[1]),
        *line(180, ("", "an ninh", "", "")),
    ]
    assert rows_of(middle) == [
        [*HEAD],
        ["1", "Tuyến đường hoa của thôn 3", "Hội Liên hiệp Phụ nữ xã", "15/3/2024"],
        ["2", "Tổ tự quản an ninh", "Công an", "16/3/2024"],
    ]


def test_rows_close_to_one_another_begin_with_their_numbers() -> None:
    rows = [ROWS[0], ("", "Nở Bốn Mùa", "", ""), ROWS[1], ("", "An Ninh", "", "")]
    words = [*line(50, HEAD), *(word for n, row in enumerate(rows) for word in line(90 + 10 * n, row))]
    assert rows_of(words) == [
        [*HEAD],
        ["1", "Tuyến hoa Nở Bốn Mùa", "Hội Phụ nữ", "15/3/2024"],
        ["2", "Tổ tự quản An Ninh", "Công an", "16/3/2024"],
    ]


def test_close_rows_whose_numbers_may_stand_below_their_first_line_are_refused() -> None:
    rows = [
        ("", "Tuyến", "", ""),
        ("1", "hoa nở", "Hội Phụ nữ", "15/3/2024"),
        ("", "Tổ", "", ""),
        ("2", "tự quản", "Công an", "16/3/2024"),
    ]
    words = [*line(50, HEAD), *(word for n, row in enumerate(rows) for word in line(90 + 10 * n, row))]
    assert rows_of(words) is None


def test_sections_signatures_and_the_pages_number_are_no_rows() -> None:
    found = read(
        page(HEAD, ROWS[0], ("", "II. Lĩnh vực văn hóa"), ROWS[1], ("", "", "", "TM. BAN THƯỜNG VỤ")),
        page(HEAD, ("3", *ROWS[0][1:]), ("", "17"), page=2),
    )
    assert found is not None
    assert [row for row in found if len(row) > 1] == [[*HEAD], *map(list, ROWS), ["3", *ROWS[0][1:]]]
    assert [row for row in found if len(row) == 1] == [["II. Lĩnh vực văn hóa"], ["TM. BAN THƯỜNG VỤ"]]


def test_a_row_goes_on_where_a_page_ends_and_nowhere_else() -> None:
    first = [*line(50, HEAD), *line(90, ROWS[0]), *line(100, ROWS[1]), *line(110, ("3", "Đội bóng", "Đoàn xã", "17/3/2024"))]
    second = [*line(50, ("", "Thiếu Niên", "Thôn 3", ""), page=2), *line(60, ("4", "Nuôi bò", "Hộ ông An", "18/3/2024"), page=2)]
    found = rows_of([*first, *second])
    assert found is not None and found[3:] == [
        ["3", "Đội bóng Thiếu Niên", "Đoàn xã Thôn 3", "17/3/2024"],
        ["4", "Nuôi bò", "Hộ ông An", "18/3/2024"],
    ]
    apart = [*first, *line(200, ("", "Người lập biểu", "", ""))]
    found = rows_of(apart)
    assert found is not None and found[-1] == ["Người lập biểu"]


def test_a_head_of_several_lines_is_one_row() -> None:
    words = [
        *line(40, ("", "Tên", "Tập thể,", "Ngày")),
        *line(50, ("STT", "mô hình", "cá nhân", "đăng ký")),
        *(word for n, row in enumerate(ROWS) for word in line(90 + 24 * n, row)),
    ]
    found = rows_of(words)
    assert found is not None and found[0] == ["STT", "Tên mô hình", "Tập thể, cá nhân", "Ngày đăng ký"]


def test_a_head_of_two_levels_is_two_rows() -> None:
    columns = (10.0, 50.0, 200.0, 260.0, 320.0)
    words = [
        *line(40, ("STT", "Tên mô hình"), columns),
        *line(40, ("Loại hình",), (215.0,)),
        *line(40, ("Ngày",), (320.0,)),
        *line(70, ("Mới", "Duy trì"), columns[2:4]),
        *(word for n in (1, 2) for word in line(90 + 24 * n, (str(n), f"Tuyến hoa {n}", "x", "x", "15/3/2024"), columns)),
    ]
    found = rows_of(words)
    assert found is not None and found[:2] == [["STT", "Tên mô hình", "Loại hình", "", "Ngày"], ["", "", "Mới", "Duy trì", ""]]


def test_a_last_column_may_have_a_heading_and_nothing_below_it() -> None:
    wide = (*COLUMNS, 420.0)
    words = [*line(50, (*HEAD, "Ghi chú"), wide), *(word for n, row in enumerate(ROWS) for word in line(90 + 24 * n, row))]
    assert rows_of(words) == [[*HEAD, "Ghi chú"], *([*row, ""] for row in ROWS)]


def test_numbers_at_the_right_of_their_column_stand_close_to_the_names() -> None:
    rows = [(str(n), *ROWS[n % 2][1:]) for n in (8, 9, 10)]
    at = [[50 - len(row[0]) * LETTER / 2 - 1, *COLUMNS[1:]] for row in rows]
    close = [word for n, row in enumerate(rows) for word in line(74 + 24 * n, row, tuple(at[n]))]
    assert read(page(HEAD), close) == [[*HEAD], *map(list, rows)]


def test_a_number_is_told_from_the_word_that_it_nearly_touches() -> None:
    def letters(text: str, gap: float) -> list[dict[str, Any]]:
        return [
            {"text": one, "x0": n * 4 + gap * (n > 1), "x1": n * 4 + 4 + gap * (n > 1), "top": 0, "bottom": 8}
            for n, one in enumerate(text)
        ]

    assert [text for text, _ in _number_apart("12Tổ", letters("12Tổ", 1))] == ["12", "Tổ"]
    assert [text for text, _ in _number_apart("12Tổ", letters("12Tổ", 0.2))] == ["12Tổ"]
