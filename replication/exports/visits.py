"""Study visits as calendar events (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from common.addresses import absolute, link_to
from common.dates import VIETNAM
from replication.enums import VisitState
from replication.models import StudyVisit

LENGTH = timedelta(hours=2)
_STATUS = {
    VisitState.ASKED: "TENTATIVE",
    VisitState.AGREED: "CONFIRMED",
    VisitState.DONE: "CONFIRMED",
    VisitState.DECLINED: "CANCELLED",
    VisitState.CANCELLED: "CANCELLED",
}


def write_calendar(visits: Iterable[StudyVisit]) -> bytes:
    """The visits as one calendar. An event keeps its name and counts its changes, so that a calendar replaces what it has."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dan van kheo//Tham quan//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Tham quan mô hình Dân vận khéo")
    for visit in visits:
        calendar.add_component(_event(visit))
    return bytes(calendar.to_ical())


def _event(visit: StudyVisit) -> Event:
    address = absolute(link_to("replication:visit", visit.pk))
    day = visit.visited_on or visit.planned_on or visit.wanted_on
    event = Event()
    event.add("uid", f"{visit.uid}@danvan")
    event.add("dtstamp", visit.changed_at.astimezone(UTC))
    event.add("sequence", visit.revision)
    event.add("status", _STATUS[VisitState(visit.state)])
    event.add("summary", f"Tham quan: {visit.model.title[:120]}")
    event.add("description", f"{visit.visitor_name} đến {visit.host_name}. {VisitState(visit.state).label}.\n{address}")
    event.add("url", address)
    if visit.meeting_place or visit.host_name:
        event.add("location", visit.meeting_place or visit.host_name)
    if visit.planned_at and day == visit.planned_on:
        starts = datetime.combine(day, visit.planned_at, VIETNAM).astimezone(UTC)
        event.add("dtstart", starts)
        event.add("dtend", starts + LENGTH)
    else:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    return event
