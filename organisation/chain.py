"""The chain of the audit trail, walked link by link in constant memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone

from common.dates import VIETNAM
from organisation.digests import FIELDS, GENESIS, digest_of, hash_of
from organisation.models import AuditEvent, AuditLink

BATCH = 2000
Entry = Mapping[str, Any]


class Fault(StrEnum):
    """How a chain can be broken, in the words of `verify_audit`."""

    NO_LINK = "Thiếu mắt xích số {number}."
    NO_ENTRY = "Mục số {number} đã bị xóa khỏi nhật ký."
    CHANGED = "Mục số {number} đã bị sửa: {entry}."
    BROKEN = "Mắt xích số {number} không nối tiếp mắt xích trước, do đổi thứ tự, thay mục hoặc sửa mã: {entry}."
    OUTSIDE = "Có mục nằm ngoài chuỗi: {entry}."


@dataclass(frozen=True)
class Verdict:
    """How far the chain holds: the number and hash of the last good link, what is wrong after it, where the wanted hash stands."""

    number: int
    hash: str
    fault: Fault | None = None
    entry: Entry | None = None
    found_at: int | None = None

    @property
    def broken(self) -> str:
        """What is wrong, as a sentence; empty when all holds."""
        return self.fault.format(number=self.number + 1, entry=_told(self.entry)) if self.fault else ""


def newest() -> tuple[int, str]:
    """The number and hash of the newest link; (0, GENESIS) before the first."""
    link = AuditLink.objects.last()
    return (link.number, link.hash) if link else (0, GENESIS)


def verify(*, since: int = 1, wanted: str = "") -> Verdict:
    """Verify the chain from a link on, trusting the hash before it, up to the first fault."""
    number, known, found_at = since - 1, GENESIS, None
    if number:
        before = AuditLink.objects.filter(number=number).first()
        if before is None:
            return Verdict(number - 1, "", Fault.NO_LINK)
        known = before.hash
    for link, entry in _links(since):
        fault = _fault_of(link, entry, number + 1, known)
        if fault:
            return Verdict(number, known, fault, entry, found_at)
        number, known = link.number, link.hash
        found_at = number if known == wanted else found_at
    outside = AuditEvent.objects.filter(link=None).order_by("at", "pk").values(*FIELDS).first()
    return Verdict(number, known, Fault.OUTSIDE if outside else None, outside, found_at)


def _links(since: int) -> Iterator[tuple[AuditLink, Entry | None]]:
    """Each link from `since` on with its entry, None for one that is gone."""
    rest = AuditLink.objects.order_by("number")
    batch = list(rest.filter(number__gte=since)[:BATCH])
    while batch:
        entries = AuditEvent.objects.filter(pk__in=[link.event_id for link in batch])
        known = {entry["pk"]: entry for entry in entries.order_by().values("pk", "digest", *FIELDS)}
        yield from ((link, known.get(link.event_id)) for link in batch)
        batch = list(rest.filter(number__gt=batch[-1].number)[:BATCH])


def _fault_of(link: AuditLink, entry: Entry | None, number: int, previous: str) -> Fault | None:
    if link.number != number:
        return Fault.NO_LINK
    if entry is None:
        return Fault.NO_ENTRY
    if digest_of(entry) != entry["digest"]:
        return Fault.CHANGED
    return Fault.BROKEN if hash_of(previous, entry["digest"]) != link.hash else None


def _told(entry: Entry | None) -> str:
    if entry is None:
        return ""
    at = timezone.localtime(entry["at"], VIETNAM)
    return f"{at:%d/%m/%Y %H:%M:%S}, {entry['actor_name']}, {entry['action']}, {entry['target_name']}"
