"""The nine boxes of a sheet out of a register's columns: an imported registration is as full as one that was typed."""

import re
from typing import Any

from common.dates import first_day_in, write_day
from common.text import clean, clean_lines
from models_registry.registers.headings import Column

_SAID = re.compile(r"(chủ trì|phối hợp|tham gia)(?:\s+thực hiện)?\s*:\s*([^;\n]*[^;\s])", re.IGNORECASE)
_FORCES = {"chủ trì": "leads", "phối hợp": "partners", "tham gia": "participants"}


def answers_of(boxes: list[Column], raw: list[Any], cells: list[str], content: str) -> dict[str, str]:
    """{field of a box: text} of one row; nothing where all its boxes are empty."""
    found: dict[str, list[str]] = {}
    for column in boxes:
        if text := _lines(raw[column.index] if column.index < len(raw) else "", cells[column.index]):
            found.setdefault(column.box, []).append(text)
    answers = {name: "\n".join(texts) for name, texts in found.items()}
    if not answers:
        return {}
    if said := {_FORCES[who.lower()]: text for who, text in _SAID.findall(answers.get("leads", ""))}:
        answers |= {"leads": ""} | said
    day = next((day for name in ("schedule", "resources") if (day := first_day_in(answers.get(name, "")))), None)
    return answers | ({"starts_on": write_day(day)} if day else {}) | ({"method": content} if content else {})


def _lines(raw: Any, text: str) -> str:
    """A cell's text with its lines, where its font needed no mending."""
    return clean_lines(raw) if isinstance(raw, str) and "\n" in raw and clean(raw) == text else text
