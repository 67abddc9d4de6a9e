"""Lines of a PDF that are printed over one another: put together where it is plain whose they are, never taken in silence. No database."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models_registry.registers.formats.aligned import Word
from models_registry.registers.formats.spilled import are_overprinted, gathered
from models_registry.registers.opening import Sheet
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow
from tests.models_registry import test_several_models as several

HIGH, WIDE, ROW = 9.0, 5.0, 11.0
TEXTS: list[list[str | None]] = [["một hai"], ["ba bốn"], ["năm sáu"]]


def letters(text: str, top: float, left: float = 10.0) -> list[dict[str, Any]]:
    return [
        {"text": one, "x0": left + n * WIDE, "x1": left + (n + 1) * WIDE, "top": top, "bottom": top + HIGH}
        | {"upright": True, "size": HIGH, "fontname": "a", "doctop": top, "width": WIDE, "height": HIGH}
        for n, one in enumerate(text)
    ]


def table(rows: int, merged: int | None = None) -> Any:
    """Rows of one cell; `merged`: one that is merged with cells beside it."""
    boxes = [(0.0, n * ROW, 200.0 if n == merged else 100.0, (n + 1) * ROW) for n in range(rows)]
    return SimpleNamespace(rows=[SimpleNamespace(bbox=box, cells=[box]) for box in boxes], bbox=(0, 0, 200, rows * ROW))


def test_a_second_line_over_the_rows_beside_is_put_to_its_row_and_told() -> None:
    printed = [*letters("một hai", 1), *letters("ba bốn", 11.5), *letters("năm sáu", 17.4), *letters("bảy tám", 27.4)]
    texts, doubtful = gathered(table(3), printed, [["một hai"], ["ba bốn năm sáu"], ["bảy tám"]])
    assert (texts, doubtful) == ([["một hai"], ["ba bốn"], ["năm sáu\nbảy tám"]], {1: True, 2: True})


def test_a_line_merged_across_the_columns_does_not_stand_in_the_way() -> None:
    printed = [*letters("MỤC MỘT", 1), *letters("ba bốn", 11.5), *letters("năm sáu", 17.4), *letters("bảy tám", 27.4)]
    texts, doubtful = gathered(table(3, merged=0), printed, [["MỤC MỘT"], ["ba bốn năm sáu"], ["bảy tám"]])
    assert (texts[1:], doubtful) == ([["ba bốn"], ["năm sáu\nbảy tám"]], {1: True, 2: True})


@pytest.mark.parametrize(
    "lines, doubtful",
    [
        ([("một hai", 1.0), ("ba bốn", 5.0)], {0: False}),  # in one cell
        ([("một hai", 1.0), ("ba bốn", 1.0)], {0: False}),  # on one line
        ([("một hai", 1.0), ("một hai", 1.0)], {}),  # bold letters
        ([("một hai", 1.0), ("(1)", 5.0)], {}),  # a footnote's mark
        ([("một hai", 1.0), ("ba bốn", 12.0)], {}),
    ],
)
def test_lines_upon_lines_are_noticed(lines: list[tuple[str, float]], doubtful: dict[int, bool]) -> None:
    printed = [
        letter for n, (text, top) in enumerate(lines) for letter in letters(text, top, 10 + 2.0 * n * (text != lines[0][0]))
    ]
    assert gathered(table(3), printed, TEXTS)[1] == doubtful


@pytest.mark.parametrize("top, page, expected", [(4.0, 1, True), (12.0, 1, False), (4.0, 2, False)])
def test_words_upon_words_without_rules(top: float, page: int, expected: bool) -> None:
    assert are_overprinted([Word(1, 10, 50, 0, HIGH, "Tuyến"), Word(page, 20, 60, top, top + HIGH, "đường")]) is expected


@pytest.mark.parametrize("takes", [frozenset(), frozenset({"row_overprinted"})])
def test_rows_printed_over_one_another_are_looked_at_or_asked_about(
    monkeypatch: pytest.MonkeyPatch, takes: frozenset[str]
) -> None:
    lines = [several.HEAD, several.line(several.ROAD), several.line(several.FLOWERS), several.line(several.LAMPS)]
    sheet = Sheet("so", False, iter([*enumerate(lines, 1)]), overprinted={2: True, 3: False})
    monkeypatch.setattr("models_registry.registers.reader.open_register", lambda *_, **__: iter([sheet]))
    context = several.replace(several.CONTEXT, takes=takes)
    reader = RegisterReader(Path("so.pdf"), context, None, "so")
    first, second, third = reader.rows()
    assert isinstance(first, ReadRow) and first.doubt and isinstance(third, ReadRow) and not third.doubt
    if takes:
        assert isinstance(second, ReadRow) and second.doubt
    else:
        assert isinstance(second, RefusedRow) and [flaw.code for flaw in second.flaws] == ["row_overprinted"]
    said = next(told["message"] for told in reader.warnings if told["code"] == "overprinted")
    assert said.startswith(f"{1 + len(takes)} dòng in chồng chữ lên nhau")
