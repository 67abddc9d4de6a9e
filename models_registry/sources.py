"""By what a row of a register is known within its file."""

import re

_SOURCE = re.compile(r"^(.*)!(\d+)(?:\.(\d+))?$", re.DOTALL)


def source_of(sheet: str, row: int, nth: int = 0) -> str:
    """By what a row is known within its file: 'Sheet1!7'; 'Sheet1!7.2' for the second of the models that a row lists."""
    return f"{sheet}!{row}.{nth}" if nth else f"{sheet}!{row}"


def where(source: str) -> tuple[str, int, int]:
    """(sheet, row, which of its models) of a row's source."""
    sheet, _, number = source.rpartition("!")
    row, _, nth = number.partition(".")
    return sheet, int(row), int(nth or 0)


def row_in_words(row: int, nth: int = 0, of: int = 0) -> str:
    """'7'; '7, mô hình 2 trong 3'."""
    return f"{row}, mô hình {nth}{f' trong {of}' if of else ''}" if nth else str(row)


def source_in_words(source: str) -> str:
    """'Sheet1, dòng 7, mô hình 2'; of a source that was cut where it is kept, what is left of it."""
    match = _SOURCE.match(source)
    return f"{match[1]}, dòng {row_in_words(int(match[2]), int(match[3] or 0))}" if match else source
