"""Keys, certificates and signed PDFs for tests."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import pdf_cms
from pypdf import PdfWriter

from papers import signatures, signing
from papers.keys import FileKey, Keyring, read_keyring
from papers.pens import SignedFile, opened

# The library opens its key for each file anew, and looks at its primes each time: 30 ms that say nothing here.
pdf_cms.serialization = SimpleNamespace(load_der_private_key=lru_cache(pdf_cms.serialization.load_der_private_key))  # type: ignore[attr-defined]

UNIT, SIGNER, ORGANISATION, PASSPHRASE = "ham-thuan-bac", "Huyện ủy Hàm Thuận Bắc", "Tỉnh ủy Bình Thuận", b"mat-khau"
BEGINS, ENDS = datetime(2023, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SIGNED = datetime(2023, 10, 11, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Party:
    """A certificate, its key, and who issued it (itself, for a root)."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: "Party | None" = None

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def pkcs12(self) -> bytes:
        chain = [self.issuer.certificate] if self.issuer else None
        return serialize_key_and_certificates(b"ky", self.key, self.certificate, chain, BestAvailableEncryption(PASSPHRASE))


def issued(name: str, issuer: Party | None = None, *, begins: datetime = BEGINS, ends: datetime = ENDS, **more: Any) -> Party:
    """A new certificate; without an issuer, a root. `usage`: its extended usage."""
    key = rsa.generate_private_key(65537, 2048)
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, name)]
    subject = x509.Name([x509.NameAttribute(part, value) for part, value in parts])
    signs, is_root = issuer is not None, issuer is None
    flags = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    usage = x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_cert_sign=is_root,
        crl_sign=is_root,
        **dict.fromkeys(flags, False),
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if "usage" in more:
        builder = builder.add_extension(x509.ExtendedKeyUsage([more["usage"]]), critical=True)
    return Party(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key, issuer)


@lru_cache
def root() -> Party:
    return issued("CA thử nghiệm")


@lru_cache
def signer() -> Party:
    return issued(SIGNER, root())


@lru_cache
def clock() -> Party:
    """A timestamp authority."""
    return issued("Dấu thời gian thử nghiệm", root(), usage=ExtendedKeyUsageOID.TIME_STAMPING)


def file_key(folder: Path, party: Party | None = None, passphrase: bytes = PASSPHRASE, since: date = date.min) -> FileKey:
    (folder / "ky.p12").write_bytes((party or signer()).pkcs12())
    (folder / "mat-khau").write_bytes(passphrase + b"\r\n")
    return FileKey(UNIT, since, folder / "ky.p12", folder / "mat-khau")


def keyring(folder: Path, party: Party | None = None, **more: Any) -> Keyring:
    """The settings of an installation with a key of UNIT and our root; `more`: further lines of the file."""
    key = file_key(folder, party)
    (folder / "goc.pem").write_text(root().pem)
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in ({"roots": ["goc.pem"]} | more).items())
    (folder / "khoa.toml").write_text(
        f'{lines}\n[[keys]]\nunit = "{UNIT}"\npkcs12 = "{key.pkcs12.name}"\npassphrase = "{key.passphrase.name}"\n'
    )
    return read_keyring(folder / "khoa.toml")


def plain_pdf(words: str = "Trang thử") -> bytes:
    out = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(300, 200)
    writer.add_metadata({"/Title": words})
    writer.write(out)
    return out.getvalue()


def signed(
    folder: Path, party: Party | None = None, *, pdf: bytes = b"", at: datetime = SIGNED, timestamp: str = ""
) -> SignedFile:
    with opened(file_key(folder, party), timestamp) as pen:
        return pen.sign(pdf or plain_pdf(), reason="Thử", place="Hàm Thuận Bắc", at=at)


@lru_cache
def signed_pdf() -> bytes:
    """Signed by `signer`: the same bytes for all tests of a process."""
    with TemporaryDirectory() as folder:
        return signed(Path(folder)).data


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures are read in this process: a tenth of the time, for tests of what is said and not of how it is read."""

    def read(reader: str, file: Any, *given: Any, refused: Any) -> Iterator[dict[str, Any]]:
        assert reader == "papers.signatures:read"
        file.seek(0)
        return signatures.read(file, *given)

    monkeypatch.setattr(signatures.resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(signing, "read_apart", read)


def gap_of(pdf: bytes, nth: int = -1) -> tuple[int, int]:
    """Where the unsigned gap of a signature begins and ends: the hex of the signature with its brackets."""
    first, start = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", pdf)[nth]
    return int(first), int(start)
