"""The papers of a conference: invitation and agenda as Word, its day for a calendar."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from common.dates import VIETNAM, write_day
from papers.exports import write_paper
from papers.kinds import PaperForm
from papers.selectors import head_of
from recognition.exports import decision_forms as forms
from recognition.models import Conference
from recognition.selectors.commendations import entries_of


def write_invitation(conference: Conference) -> bytes:
    return _write(conference, forms.INVITATION)


def write_agenda(conference: Conference) -> bytes:
    return _write(conference, forms.AGENDA)


def _write(conference: Conference, form: PaperForm) -> bytes:
    head, day = head_of(conference.unit, conference.held_on), conference.held_on
    entries = list(entries_of(conference))
    values = {
        "nam": str(conference.season),
        "ten_hoi_nghi": conference.name,
        "gio_hop": conference.hour or "..... giờ .....",
        "ngay_hop": write_day(day),
        "dia_diem": conference.place or "..........",
        "don_vi": head.body_name,
        "so_mo_hinh": str(len(entries)),
        "danh_sach": [
            {
                "tt": str(one.position),
                "ten": one.recognition.title,
                "nguoi": one.recognition.subject,
                "don_vi": str(one.recognition.proposer),
            }
            for one in entries
        ],
    }
    return write_paper(form, values, letterhead=head, day=None, on=day, unit=conference.unit)


def write_calendar(conference: Conference, host: str) -> str:
    """The day, or its hour where it is known, as an iCalendar file (RFC 5545)."""
    day, at = conference.held_on, conference.starts_at
    whole_day = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    begins = [f"DTSTART:{datetime.combine(day, at, VIETNAM).astimezone(UTC):%Y%m%dT%H%M%SZ}"] if at else whole_day
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dan van kheo//VI",
        "BEGIN:VEVENT",
        f"UID:hoi-nghi-{conference.pk}@{host}",
        f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        *begins,
        f"SUMMARY:{_escaped(conference.name)}",
        *([f"LOCATION:{_escaped(conference.place)}"] if conference.place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(folded for line in lines for folded in _folded(line)) + "\r\n"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text


def _folded(line: str) -> list[str]:
    """A line of at most 75 bytes, then lines that begin with a space."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > 73:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]
