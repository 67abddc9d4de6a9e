"""What a registration sheet must hold before it is sent, and a season before it is opened: every flaw told at its field."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from common.dates import no_such_day, read_day, write_day
from common.numbers import read_number
from common.text import clean
from models_registry.boxes import BOXES, FIELDS, SHORTEST_TITLE, BoxField, Shape, written
from models_registry.enums import Kind, SubjectKind

EARLIEST = date(1990, 1, 1)
MOST = Decimal("999999999999")  # what a measured quantity's column holds


def read_period(name: str) -> tuple[int, int] | None:
    """(first year, last year) of a period as it is written, "2021-2025"; None for what is none."""
    match = re.fullmatch(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*", name)
    return (int(match[1]), int(match[2])) if match and int(match[1]) < int(match[2]) else None


def season_flaws(*, year: int, period: str, opens_on: date, closes_on: date, cutoff_on: date) -> dict[str, str]:
    """field -> why a season with these days cannot be: the one rule of the page, the command and the administrators' site."""
    years, flaws = read_period(period), dict[str, str]()
    if years is None:
        flaws["period"] = f"Giai đoạn “{period}” không đúng; viết năm đầu, gạch nối, năm cuối."
    elif not years[0] <= year <= years[1]:
        flaws["period"] = f"Năm {year} không thuộc giai đoạn {years[0]}-{years[1]}."
    if opens_on.year != year:
        flaws["opens_on"] = f"Ngày đầu nhận đăng ký {write_day(opens_on)} không thuộc năm {year}."
    if closes_on < opens_on:
        flaws["closes_on"] = "Ngày cuối nhận đăng ký không được trước ngày đầu."
    elif closes_on.year != year:
        flaws["closes_on"] = f"Ngày cuối phải trong năm {year}. Cần thêm thời gian thì gia hạn cho đơn vị, ở bảng năm."
    if cutoff_on.year != year:
        flaws["cutoff_on"] = f"Ngày chốt {write_day(cutoff_on)} không thuộc năm {year}."
    elif cutoff_on < opens_on:
        flaws["cutoff_on"] = f"Ngày chốt {write_day(cutoff_on)} trước ngày mở đăng ký {write_day(opens_on)}."
    return flaws


@dataclass(frozen=True)
class SheetContext:
    """What a sheet is read against: its season's days, the fields by slug, the places by key, whether it carries a model on."""

    opens_on: date
    last_day: date
    begins_until: date
    fields: dict[str, int]
    places: dict[str, tuple[int, str]]
    carries_on: bool = False


@dataclass
class SheetReading:
    """`values`: what was understood ({field name: text, id, day or number}); `errors`: {field name: sentence}."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_sheet(answers: dict[str, str], context: SheetContext) -> SheetReading:
    """Read all nine boxes. A field with an error has no value."""
    found = SheetReading()
    for box in BOXES:
        for one in box.fields:
            text = answers.get(one.name, "").strip()
            error, value = _read(one, text, context)
            if error:
                found.errors[one.name] = error
            else:
                found.values[one.name] = value
    _check_together(found, context)
    return found


def _read(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    if not text:
        return (
            f"{one.label}: chưa viết." if one.shape != Shape.CHOICE else f"{one.label}: chọn một."
        ) if one.required else "", None
    if len(text) > one.limit:
        return f"{one.label}: dài {_count(len(text))} ký tự, quá {_count(one.limit)}. Bài viết vẫn còn đủ, xin rút gọn.", None
    return _READERS.get(one.name, _SHAPES.get(one.shape, _text))(one, text, context)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _text(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    return "", text


def _line(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    return "", clean(text)


def _title(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    letters = sum(1 for c in text if c.isalpha())
    if letters < SHORTEST_TITLE:
        return f"{one.label}: viết ít nhất {SHORTEST_TITLE} chữ cái, nói rõ việc làm.", None
    return "", clean(text)


def _field(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    return ("", context.fields[text]) if text in context.fields else (f"{one.label}: chọn một lĩnh vực trong danh sách.", None)


def _kind(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    if text not in Kind.values:
        return f"{one.label}: chọn một.", None
    if context.carries_on and text == Kind.NEW:
        return f"{one.label}: mô hình này đã đăng ký năm trước, nên là duy trì, nhân rộng.", None
    return "", Kind(text)


def _subject_kind(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    return ("", SubjectKind(text)) if text in SubjectKind.values else (f"{one.label}: chọn một.", None)


def _place(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    if text in context.places:
        return "", text
    return f"{one.label}: nơi đã chọn không thuộc đơn vị, hoặc không còn vào thời điểm này. Xin chọn lại.", None


def _day(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    day = read_day(text)
    if day is None:
        return no_such_day(text, f"15/3/{context.opens_on.year}", label=one.label), None
    if day < EARLIEST:
        return f"{one.label}: {write_day(day)} quá xa. Xin xem lại năm.", None
    return "", day


def _starts_on(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    error, day = _day(one, text, context)
    if not error and day > context.begins_until:
        return f"{one.label}: {write_day(day)} sau hạn đăng ký ({write_day(context.begins_until)}).", None
    return error, day


def _target_on(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    error, day = _day(one, text, context)
    if not error and day < context.opens_on:
        return f"{one.label}: {write_day(day)} trước khi năm thi đua bắt đầu ({write_day(context.opens_on)}).", None
    if not error and day.year > context.last_day.year + 5:
        return f"{one.label}: {write_day(day)} quá xa. Xin xem lại năm.", None
    return error, day


def _number(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    number = read_number(text)
    if number is None:
        return f"{one.label}: “{text}” không đọc được. Viết 1.500 cho một nghìn năm trăm, 2,5 cho hai rưỡi; không âm.", None
    if number == 0:
        return f"{one.label}: phải lớn hơn 0.", None
    if number > MOST:
        return f"{one.label}: số lớn quá, xin xem lại.", None
    return "", number


def _assessed_on(one: BoxField, text: str, context: SheetContext) -> tuple[str, Any]:
    error, day = _day(one, text, context)
    if not error and day.year > context.last_day.year + 1:
        return f"{one.label}: {write_day(day)} quá xa. Xin xem lại năm.", None
    return error, day


_CAN_BE_READ: dict[Shape, Callable[[str], Any]] = {Shape.DAY: read_day, Shape.NUMBER: read_number}


def readable_boxes(answers: dict[str, str]) -> set[int]:
    """The boxes in which what must be there is, without a day or a number that is none; of what else is wrong only `read_sheet` tells."""
    return {number for number in written(answers) if all(_can_be_read(one, answers) for one in BOXES[number - 1].fields)}


def _can_be_read(one: BoxField, answers: dict[str, str]) -> bool:
    text, read = answers.get(one.name, "").strip(), _CAN_BE_READ.get(one.shape)
    return not text or read is None or read(text) is not None


Reader = Callable[[BoxField, str, SheetContext], tuple[str, Any]]
_SHAPES: dict[Shape, Reader] = {Shape.LINE: _line, Shape.DAY: _day, Shape.NUMBER: _number, Shape.PLACE: _place}
_READERS: dict[str, Reader] = {
    "title": _title,
    "field": _field,
    "kind": _kind,
    "subject_kind": _subject_kind,
    "starts_on": _starts_on,
    "target_on": _target_on,
    "assessed_on": _assessed_on,
}


def _check_together(found: SheetReading, context: SheetContext) -> None:
    values = found.values
    starts_on, assessed_on = values.get("starts_on"), values.get("assessed_on")
    if starts_on and assessed_on and assessed_on < starts_on:
        found.errors["assessed_on"] = f"{FIELDS['assessed_on'].label}: trước ngày bắt đầu ({write_day(starts_on)})."
    if context.carries_on and "changed" not in found.errors and not values.get("changed"):
        found.errors["changed"] = f"{FIELDS['changed'].label}: chưa viết. Nếu làm như cũ, xin ghi “Giữ như năm trước”."
    target = {name: values.get(name) for name in ("target_quantity", "target_what", "target_on")}
    if any(value is not None for value in target.values()):
        for name, value in target.items():
            if value is None and name not in found.errors:
                found.errors[name] = f"{FIELDS[name].label}: số đo chính cần đủ số lượng, đếm cái gì, đến ngày nào."
