"""Rows that list several models: '1. Thắp sáng đường quê; 2. Tuyến đường hoa' in the title's cell, and whose the rest of the row is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.text import clean
from models_registry.registers.cells import text_of
from models_registry.registers.doers import names_one
from models_registry.registers.guessing import Test
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.headings import Role, column_of
from models_registry.registers.layouts import Layout
from models_registry.registers.no_rows import NUMBERED
from models_registry.registers.opening import Row
from models_registry.registers.vocabulary import FieldBook, is_mark

_MOST = 20  # models of one row
_FEWEST_CELLS = 2  # filled beside the title, of a row without a number
_FEWEST_WORDS = 2  # of a title in a list
_FEWEST_OF_LINE = 3  # of one that nothing but a line of its own tells apart
_MAY = re.compile(r"[\n\r\v;]|(?:^\W{0,3}|:\s*|^(?:mô hình|mh)\s*(?:số\s*)?)\(?1\s?[.)/:–-]", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|[\r\v]|_x000D_\n?")
_NUMBER = re.compile(  # of a list: '1.', '2)', '(1)', '1/', '1 -', 'Mô hình 1:', 'a)'
    r"(?P<before>^|\n|[;,.]|(?<=\s))\s*(?P<style>(?:(?i:mô hình|mh)(?:\s+(?i:số))?\s*)?\(?)(?P<n>\d{1,2}|[a-d])"
    r"(?P<end>\s?[.)/:]|\s?[-–](?=\s))(?=\s*\D|\s+\d)"
)
_OF_A_NAME = re.compile(  # a number behind such a word is part of a name: 'giai đoạn 2. …'
    r"\b(?:giai đoạn|đợt|số|thôn|phố|tổ|khu|ấp|lần|quý|tháng|năm|ngày|bước|phần|kỳ|khóa|cấp|mức|tiêu chí|điều|khoản|loại|hạng|chi bộ|"
    r"chi hội|km|và|đến|từ|mục|chương|thứ|mô hình)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-–—+•*▪➢✓·]\s*(?=\w|[“\"‘(])")
_LEAD = re.compile(  # 'Đăng ký 2 mô hình:', 'Gồm:'
    r"^(?:đã |cùng )?(?:đăng ký|thực hiện|xây dựng|triển khai|bao gồm|gồm|cụ thể|có|các|tên|những|\d{1,2}|hai|ba|bốn|năm)\b[^:\n]{0,60}:$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b0?(\d{1,2})\s*(?:mô hình|mh)\b", re.IGNORECASE)
_LABEL = re.compile(r"^([^:“\"]{2,40}?)\s*:\s*\S")
_QUOTED = re.compile(r"^[“\"][^“”\"]+[”\"]$")
_ENDS = " \t\n;,."
_LISTS = (Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON)  # whose values tell themselves
_WHOSE = (*_LISTS, Role.PLACE, Role.SUBJECT, Role.HAMLET)  # of which a wrong share would be a wrong fact


class OneOf(list[Any]):
    """What a row of the file says of one of the models that it lists, the `nth` of `of`. `own`: its cells that say less than the row's,
    by their columns.
    """

    def __init__(self, cells: Row, nth: int, of: int, own: dict[int, Any]) -> None:
        super().__init__(cells)
        self.nth, self.of, self.own = nth, of, own


def all_of(rows: list[Row], whole: Row, owned: list[Row] | None = None) -> list[Row]:
    """The rows of the models that a row of the file lists. `owned`: each as the file would have it, where the row was changed before."""
    if len(rows) < 2:
        return rows
    owns = [{at: cell for at, cell in enumerate(cells[: len(whole)]) if cell != whole[at]} for cells in owned or rows]
    return [OneOf(cells, nth, len(rows), own) for nth, (cells, own) in enumerate(zip(rows, owns, strict=True), 1)]


@dataclass(frozen=True)
class SeveralModels:
    """Parts the rows of one table. `at`: the columns by their roles; `tests`: whether a text is a value of a role."""

    at: Mapping[Role, int]
    tests: Mapping[Role, Test]
    fields: FieldBook
    usual: str
    layout: Layout = field(default_factory=Layout)
    """The table's columns, once they are settled."""

    def of_row(self, row: Row) -> list[Row]:
        """A row for each of the models that the row plainly lists; the row itself where it lists none, or where it is not plain
        whose something is.
        """
        at = self.at.get(Role.TITLE, -1)
        told = row[at] if 0 <= at < len(row) else ""
        if told.__class__ is not str or not _MAY.search(told) or isinstance(row, OneOf) or not self._is_data(row, at):
            return [row]
        titles = self.titles_in(told) or ([] if self.layout.doer_of is not None else self._unnumbered(row, at))
        roles = {index: role for role, index in self.at.items()} | {column.index: Role.MARK for column in self.layout.marks}
        if not titles or self._count(row) not in (0, len(titles)):
            return [row]
        shares = [titles if index == at else self._shared(cell, len(titles), roles.get(index)) for index, cell in enumerate(row)]
        told_whose = [share for share in shares if share is not None]
        if len(told_whose) < len(row):
            return [row]
        return all_of([list(cells) for cells in zip(*told_whose, strict=True)], row)

    def titles_in(self, cell: Any) -> list[str]:
        """The titles that a cell lists behind numbers or dashes; none where it does not."""
        if not isinstance(cell, str) or not _MAY.search(cell):
            return []
        dashed = _dashed(cell)
        titles = self._numbered(cell) or ([] if any(self._text(piece)[:1].islower() for piece in dashed) else dashed)
        return titles if self._are_titles(titles, _FEWEST_WORDS) else []

    def _unnumbered(self, row: Row, at: int) -> list[str]:
        """Titles that stand in a line each, or behind semicolons, where something else says that they are several."""
        for split in (_lines, _semicolons):
            titles = split(row[at])
            texts = [self._text(title) for title in titles]
            if not self._are_titles(titles, _FEWEST_OF_LINE) or any(text[0].islower() for text in texts):
                continue
            are_quoted = all(map(_QUOTED.match, texts))
            are_named = all(text.casefold().startswith("mô hình ") for text in texts)
            if are_quoted or are_named or self._count(row) == len(titles) or self._is_listed_beside(row, at, len(titles)):
                return titles
        return []

    def _is_listed_beside(self, row: Row, title: int, count: int) -> bool:
        """Whether another cell of the row says as many things of which each is somebody's."""
        beside = ((role, index) for role, index in self.at.items() if role in _WHOSE and index != title and index < len(row))
        return any(isinstance(row[index], str) and len(self._things(row[index], role)) == count for role, index in beside)

    def _shared(self, cell: Any, count: int, role: Role | None) -> list[Any] | None:
        """A cell of the row for each of its models: a part of what it lists, or all of it; None where it is not plain whose it is."""
        whole = [cell] * count
        if cell.__class__ is not str or not cell or role in (Role.NUMBER, Role.COUNT):
            return whole
        if role == Role.MARK:
            return marks if len(marks := _marks(cell)) == count else whole
        if role in _WHOSE:
            things = self._things(cell, role)
            return whole if len(things) < 2 else things if len(things) == count else None
        pieces = self._numbered(cell) or _dashed(cell) or _lines(cell)
        is_listed = len(pieces) == count and not any(self._text(piece)[:1].islower() for piece in pieces)
        return list(pieces) if is_listed else whole

    def _things(self, cell: str, role: Role) -> list[str]:
        """The values of a role that a cell lists, be they one; none where it says something else."""
        if listed := self._numbered(cell) or _dashed(cell):
            return listed
        is_one = self._test(role)
        if role in _LISTS and is_one(self._text(cell)):
            return [cell]
        for split in (_lines, _semicolons, *([_commas] if role in _LISTS else [])):
            pieces = split(cell)
            if len(pieces) > 1 and all(is_one(self._text(piece)) for piece in pieces):
                return pieces
        return []

    def _test(self, role: Role) -> Test:
        if role == Role.SUBJECT:
            return names_one
        return self.tests[role] if role in self.tests else lambda text: bool(hamlet_in(text))

    def _is_data(self, row: Row, title: int) -> bool:
        number = self.at.get(Role.NUMBER, -1)
        is_numbered = 0 <= number < len(row) and NUMBERED.match(self._text(row[number]))
        return bool(is_numbered) or sum(cell != "" for n, cell in enumerate(row) if n != title) >= _FEWEST_CELLS

    def _count(self, row: Row) -> int:
        """How many models the row itself says that it holds; 0 where it does not say."""
        at = self.at.get(Role.COUNT, -1)
        text = self._text(row[at]) if 0 <= at < len(row) else ""
        return int(text) if text.isdecimal() else 0

    def _text(self, cell: Any) -> str:
        return text_of(cell, self.usual)

    def _are_titles(self, pieces: list[str], fewest: int) -> bool:
        return 1 < len(pieces) <= _MOST and all(self._is_title(piece, fewest) for piece in pieces)

    def _is_title(self, piece: str, fewest: int) -> bool:
        text = self._text(piece)
        words = [word for word in text.split() if any(map(str.isalpha, word))]
        label = _LABEL.match(text)
        is_labelled = label is not None and column_of(0, label[1], self.fields) is not None
        has_points = any(_BULLET.match(line) for line in _lines(piece))
        return len(words) >= fewest and not is_labelled and not has_points and not text.endswith(":")

    def _numbered(self, cell: str) -> list[str]:
        text = _with_breaks(cell)
        found: list[re.Match[str]] = []
        for mark in _NUMBER.finditer(text):
            if _nth(mark) != len(found) + 1 or (found and not self._goes_on(found[0], mark, text)):
                continue
            if not found and (before := text[: mark.start()].strip()) and not _LEAD.match(self._text(before)):
                return []
            found.append(mark)
        if len(found) < 2 or not _is_counted(self._text(text[: found[0].start()]), len(found)):
            return []
        ends = [*(mark.start() for mark in found[1:]), len(text)]
        return [text[mark.end() : end].strip(_ENDS) for mark, end in zip(found, ends, strict=True)]

    def _goes_on(self, first: re.Match[str], mark: re.Match[str], text: str) -> bool:
        """Whether a number belongs to the list that `first` begins, and to no name within it."""
        if (first["style"].casefold().strip(), first["end"].strip()) != (mark["style"].casefold().strip(), mark["end"].strip()):
            return False
        if mark["before"] in ("\n", ";") or text[: mark.start()].endswith("\n"):
            return True
        before, behind = self._text(text[: mark.start()]).rstrip(" ,."), self._text(text[mark.end() :].lstrip())
        return not mark["n"].isalpha() and not _OF_A_NAME.search(before) and not behind[:1].islower()


def _nth(mark: re.Match[str]) -> int:
    return int(mark["n"]) if mark["n"].isdecimal() else ord(mark["n"]) - ord("a") + 1


def _is_counted(lead: str, count: int) -> bool:
    """Whether the words before a list tell no other number of models."""
    said = _COUNTED.search(lead)
    return said is None or int(said[1]) == count


def _dashed(cell: str) -> list[str]:
    """What stands behind the dashes of a cell whose lines begin with one; a line without goes on with the one before."""
    lines = _lines(cell)
    lead = lines[0] if lines and not _BULLET.match(lines[0]) else ""
    if lead and not _LEAD.match(clean(lead)):
        return []
    lines = lines[bool(lead) :]
    if len({line[0] for line in lines if _BULLET.match(line)}) != 1 or not _BULLET.match(lines[0]):
        return []
    pieces: list[str] = []
    for line in lines:
        if _BULLET.match(line):
            pieces.append(_BULLET.sub("", line))
        else:
            pieces[-1] += f" {line}"
    return [piece.strip(_ENDS) for piece in pieces] if len(pieces) > 1 and _is_counted(clean(lead), len(pieces)) else []


def _with_breaks(cell: str) -> str:
    return _BREAK.sub("\n", cell).strip()


def _lines(cell: str) -> list[str]:
    return [text for line in _with_breaks(cell).split("\n") if (text := line.strip(_ENDS))]


def _semicolons(cell: str) -> list[str]:
    return [text for piece in cell.split(";") if (text := piece.strip(_ENDS))]


def _commas(cell: str) -> list[str]:
    return [text for piece in re.split(r"[,;\n]", cell) if (text := piece.strip(_ENDS))]


def _marks(cell: str) -> list[str]:
    """A mark or nothing of each line; none where a line says something else."""
    lines = [line.strip() for line in _BREAK.sub("\n", cell).split("\n")]
    return lines if all(not line or is_mark(line) for line in lines) else []
