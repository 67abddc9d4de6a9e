"""What the digital signatures in a PDF say. `read` runs apart (`common.apart`): needs no Django, and no network is asked."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import IO, Any

MOST = 20  # signatures of one file that are looked at
SECONDS = 10  # of the processor
NAME_LIMIT = 200


class Verdict(StrEnum):
    HOLDS = "holds"
    """Not a byte of the file has changed since."""
    CONTINUED = "continued"
    """What was signed is unchanged; other signatures, stamps of time or filled-in boxes came after it."""
    CHANGED = "changed"
    UNREAD = "unread"
    """There is a signature, or a file, that cannot be read."""


@dataclass(frozen=True)
class Signature:
    """One signature of a PDF."""

    verdict: Verdict
    signer: str = ""
    organisation: str = ""
    at: datetime | None = None
    is_stamped: bool = False
    """Whether `at` was told by a timestamp authority that the roots vouch for; else by the signer's own clock."""
    is_trusted: bool | None = None
    """Whether the roots of the settings vouch for the signer. None where there are none, and of a changed file, whose chain the
    library does not follow. Revocation is not asked about.
    """
    was_valid: bool | None = None
    """Whether `at` lies within the certificate's days."""
    certificate: str = ""
    """SHA-256 of the signer's certificate, in hex."""

    @classmethod
    def kept(cls, plain: dict[str, Any]) -> "Signature":
        """One that was stored as JSON."""
        at = plain.get("at")
        return cls(**plain | {"verdict": Verdict(plain["verdict"]), "at": datetime.fromisoformat(at) if at else None})

    @property
    def is_intact(self) -> bool:
        return self.verdict in (Verdict.HOLDS, Verdict.CONTINUED)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may hold and still not be worth trusting: who signed, or when, is not vouched for."""
        return self.is_trusted is False or self.was_valid is False


def name_in(subject: Any, part: str) -> str:
    """A part of a certificate's name, such as `common_name`; the last one where there are several."""
    found = subject.native.get(part) or ""
    return " ".join(str(found[-1] if isinstance(found, list) else found).split())[:NAME_LIMIT]


def read(file: IO[bytes], roots: list[str], now: datetime) -> Iterator[dict[str, Any]]:
    """The signatures of a PDF, the first signed first, as plain values of `Signature`. `roots`: certificates as PEM."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = file.read()
    if b"/ByteRange" not in data:  # most scans; what is packed away cannot name the bytes that it signs
        return
    is_read = False
    try:
        for signature in _signatures(data):
            yield _looked_at(signature, data, roots, now)
            is_read = True
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a file that is broken on purpose makes the library raise anything
        is_read = False
    if not is_read:
        yield {"verdict": Verdict.UNREAD}


def _signatures(data: bytes) -> Iterator[Any]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(data), strict=False)  # scanners write sloppily, and what they wrote is signed
    return islice(reader.embedded_regular_signatures, MOST)


def _looked_at(signature: Any, data: bytes, roots: list[str], now: datetime) -> dict[str, Any]:
    from asn1crypto import pem, x509
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    certificate, at = signature.signer_cert, signature.self_reported_timestamp
    at = at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for root in roots for _, _, der in pem.unarmor(root.encode(), multiple=True)],
        moment=at or now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    at = stamp.timestamp if stamp and is_stamped else at
    return {
        "verdict": _verdict(signature, status, data),
        "signer": name_in(certificate.subject, "common_name"),
        "organisation": name_in(certificate.subject, "organization_name"),
        "at": at,
        "is_stamped": is_stamped,
        "is_trusted": bool(status.trusted) if roots and status.intact and status.valid else None,
        "was_valid": certificate.not_valid_before <= at <= certificate.not_valid_after if at else None,
        "certificate": certificate.sha256.hex(),
    }


def _verdict(signature: Any, status: Any, data: bytes) -> Verdict:
    from pyhanko.sign.diff_analysis import ModificationLevel

    if not (status.intact and status.valid and _stands_alone(signature, data)):
        return Verdict.CHANGED
    _, _, start, length = signature.byte_range
    if start + length == len(data):
        return Verdict.HOLDS
    if signature.reader.xrefs.hybrid_xrefs_present:  # such a file is one to old programs, another to new ones
        return Verdict.CHANGED
    return Verdict.CONTINUED if status.modification_level <= ModificationLevel.FORM_FILLING else Verdict.CHANGED


def _stands_alone(signature: Any, data: bytes) -> bool:
    """Whether nothing but the signature stands in the gap that it leaves unsigned; the library looks at lengths alone."""
    from asn1crypto.parser import peek

    start, first, second, _ = signature.byte_range
    gap, content = data[first:second], signature.pkcs7_content
    if start or gap[:1] != b"<" or gap[-1:] != b">" or content[peek(content) :].strip(b"\0"):
        return False
    return bool(bytes.fromhex(gap[1:-1].decode("ascii")) == content)
