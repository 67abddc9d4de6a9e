"""Reads of certificates: those of a decision, layouts of a body, what a code proves, whether a file is the one that was issued."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.core.files.base import File
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from common.dates import today
from organisation.models import Reader, Unit
from organisation.permissions import units_where
from organisation.roles import May
from papers.signatures import Signature
from papers.signing import signatures_in
from recognition.enums import Purpose
from recognition.models import Certificate, CertificateBatch, CertificateLayout, Decision, Recognition


def layouts_visible_to(user: Reader) -> QuerySet[CertificateLayout]:
    return CertificateLayout.objects.filter(unit__in=units_where(user, May.KEEP_PAPERS))


def stocks_of(unit: Unit) -> list[str]:
    """The names of a unit's kinds of sheet."""
    return list(CertificateLayout.objects.filter(unit=unit).order_by("name").values_list("name", flat=True).distinct())


def layout_for(unit: Unit, stock: str, subject_kind: str) -> CertificateLayout | None:
    """The layout of a stock for a kind of subject: its own, else the one for both."""
    found = CertificateLayout.objects.filter(unit=unit, name=stock, subject_kind__in=[subject_kind, ""])
    return found.order_by("-subject_kind").first()


def certificates_of(decision: Decision) -> QuerySet[Certificate]:
    there = Certificate.objects.filter(recognition__decision=decision)
    return there.select_related("recognition__registration", "paper").order_by("paper__number")


def last_batch(decision: Decision) -> CertificateBatch | None:
    return CertificateBatch.objects.filter(decision=decision).select_related("job").first()


@dataclass(frozen=True)
class Proof:
    """What anyone who holds a certificate may know: what was recognised, by whom, when, and whether it stands."""

    title: str
    subject: str
    honour: str
    year: int
    issuer: str
    decision: str
    decided_on: date
    number: int
    revoked_on: date | None
    revoked_by: str
    ungraded_on: date | None
    """Since when the grade that it names is no longer given; the recognition stands."""
    ungraded_by: str
    is_corrected: bool
    """Replaced by a correction: the model is still recognised, under another name on another certificate."""
    is_illustrative: bool
    signer: str
    """Of the digital signature in the file; this and the next ones are empty for one that was not signed."""
    signed_at: datetime | None
    digest: str
    signed_with: str
    earlier: list[str]
    is_kept_whole: bool
    """Whether the portal still has the file as it was signed."""

    @property
    def stands(self) -> bool:
        return self.revoked_on is None or self.revoked_on > today()

    @property
    def was_signed(self) -> bool:
        """Whether a signed file was ever issued: one that somebody holds can be compared."""
        return bool(self.digest or self.earlier)


def verified(code: str) -> Proof | None:
    """What a certificate's code proves; None for a code that was never given."""
    found = (
        Certificate.objects.filter(code=code)
        .select_related(
            "paper",
            "recognition__decision__level",
            "recognition__registration__season",
            "recognition__revoked_by",
            "recognition__ungraded_by",
        )
        .first()
    )
    if found is None:
        return None
    one = found.recognition
    return Proof(
        title=one.title,
        subject=one.subject,
        honour=one.decision.level_names.honour_name,
        year=one.registration.season.year,
        issuer=one.decision.issuer_name,
        decision=one.decision.number,
        decided_on=one.decision.decided_on,
        number=found.paper.number,
        revoked_on=one.revoked_on,
        revoked_by=str(one.revoked_by or ""),
        ungraded_on=one.ungraded_on,
        ungraded_by=str(one.ungraded_by or ""),
        is_corrected=one.revoked_by is not None
        and one.revoked_by.purpose == Purpose.CORRECT
        and Recognition.objects.filter(registration=one.registration, level=one.level, revoked_on__isnull=True).exists(),
        is_illustrative=one.registration.season.is_illustrative,
        signer=found.signer,
        signed_at=found.signed_at,
        digest=found.digest,
        signed_with=found.signed_with,
        earlier=found.earlier,
        is_kept_whole=not found.digest or _digest_of(found.file) == found.digest,
    )


def _digest_of(stored: FieldFile) -> str:
    """SHA-256 of a stored file, in hex; empty where it is gone."""
    try:
        with stored.open("rb") as file:
            return _digest(file)
    except OSError:
        return ""


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


class Match(StrEnum):
    ISSUED = "issued"
    EARLIER = "earlier"
    """The file of an earlier print of the same certificate."""
    OTHER = "other"


@dataclass(frozen=True)
class Held:
    """What a file is that somebody holds against the code of a certificate."""

    match: Match
    digest: str
    signatures: list[Signature]


def held_against(proof: Proof, file: "File[bytes]") -> Held:
    """Compare a PDF that somebody holds with what was issued, and read its signatures. Nothing of it is kept."""
    digest = _digest(file)
    match = Match.ISSUED if digest == proof.digest else Match.EARLIER if digest in proof.earlier else Match.OTHER
    return Held(match, digest, signatures_in(file))
