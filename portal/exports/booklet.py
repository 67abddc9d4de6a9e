"""The yearly booklet of recognised models as PDF/A, by Typst."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from common.addresses import absolute, link_to
from common.dates import today, write_day
from common.numbers import write_number
from common.text import paragraphs, steps
from models_registry.models import Season
from organisation.naming import province_on
from papers.pdf import Press, qr_svg
from portal.exports.photos import photo_bytes
from portal.selectors.booklets import Chapter, Entry
from portal.selectors.vocabulary import unit_teller

LONGEST = 1800  # letters of a part; what is longer goes on at the model's page


@lru_cache(maxsize=1)
def _press() -> Press:
    return Press(Path(__file__).with_name("booklet.typ"))


def print_booklet(season: Season, chapters: list[Chapter]) -> bytes:
    """The booklet, A5 pages."""
    told = unit_teller()
    data = {
        "title": f"Sổ tay mô hình “Dân vận khéo” năm {season}",
        "board": province_on(season.last_day).board,
        "year": str(season),
        "printed": write_day(today()),
        "illustrative": season.is_illustrative,
        "total": write_number(sum(len(chapter.entries) for chapter in chapters)),
        "counts": [{"name": one.names.honour_name, "number": write_number(len(one.entries))} for one in chapters],
        "chapters": [
            {
                "name": f"Mô hình được công nhận {chapter.names.honour}",
                "full": chapter.is_full,
                "entries": [
                    _entry(entry, told(entry.recognition.registration), is_full=chapter.is_full) for entry in chapter.entries
                ],
            }
            for chapter in chapters
        ],
    }
    return _press().print(data)


def _entry(entry: Entry, unit: str, *, is_full: bool) -> dict[str, Any]:
    row, given, model, measure = entry.recognition.registration, entry.recognition.decision, entry.model, entry.measure
    told: dict[str, Any] = {
        "name": row.title,
        "who": row.subject,
        "unit": unit,
        "place": row.place_name,
        "field": row.field.name if row.field else "",
        "decision": f"Quyết định số {given.number} ngày {write_day(given.decided_on)} của {given.issuer_name}",
    }
    if not is_full:
        return told
    address = absolute(link_to("portal:model", model.slug))
    result = ""
    if measure:
        result = " ".join(part for part in (measure.qualifier, write_number(measure.quantity), measure.counting_unit) if part)
        result = f"{measure.what}: {result}, đến {measure.as_of:%m/%Y}"
    return told | {
        "result": result,
        "photo": photo_bytes(entry.photo) if entry.photo else [],
        "caption": entry.photo.caption if entry.photo else "",
        "alt": entry.photo.alt if entry.photo else "",
        "parts": [
            {"label": "Vì sao phải làm", "lines": _lines(model.why), "numbered": False},
            {"label": "Làm thế nào", "lines": _lines(model.how or row.content), "numbered": bool(model.how)},
            {"label": "Kết quả", "lines": _lines(model.outcome), "numbered": False},
        ],
        "address": address,
        "qr": qr_svg(address),
    }


def _lines(text: str) -> list[dict[str, str]]:
    kept = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} … (xem tiếp trên cổng)"
    return [{"head": head, "rest": rest} for head, rest in steps("\n".join(paragraphs(kept)))]
