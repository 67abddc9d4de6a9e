"""An issuer's key, opened to sign PDFs: PAdES-B-B, or B-T where a timestamp authority is asked. Loads pyHanko: see `signing`."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from common.dates import VIETNAM, write_day
from common.exceptions import DomainError
from papers.keys import FileKey, Key, TokenKey
from papers.signatures import name_in

FIELD = "ChuKySo"
SOON = timedelta(days=30)
PATIENCE = 120  # seconds for another batch that holds a token
_TOKENS = Lock()  # to log in is a matter of the whole process, and one session that ends logs the others out


class SigningFailed(DomainError):
    """Nothing was signed; the message says what to look at."""


@dataclass(frozen=True)
class SignedFile:
    """A PDF that was signed, and what is remembered of it."""

    data: bytes
    signer: str
    at: datetime
    digest: str
    """SHA-256 of the data, in hex."""
    certificate: str
    """SHA-256 of the signer's certificate, in hex."""


class _Signer(PdfSigner):
    """Signs at a moment that is told, so that what is kept of it is what the file says."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


class Pen:
    """A key that is open: signs one file after the other."""

    def __init__(self, signer: Signer, timestamp: str = "") -> None:
        certificate = signer.signing_cert
        assert certificate is not None
        self._signer, self._certificate = signer, certificate
        self._stamper = HTTPTimeStamper(timestamp, timeout=20) if timestamp else None
        self.name = name_in(certificate.subject, "common_name") or certificate.subject.human_friendly
        self._from: datetime = certificate.not_valid_before
        self._until: datetime = certificate.not_valid_after

    def check(self, at: datetime) -> None:
        """Raises SigningFailed on a day on which the certificate does not hold."""
        if not self._from <= at <= self._until:
            raise SigningFailed(self.warning(at))

    def warning(self, at: datetime) -> str:
        """Why the certificate is not valid, or that it expires soon; empty if neither."""
        begins, ends = (write_day(moment.astimezone(VIETNAM).date()) for moment in (self._from, self._until))
        if at < self._from:
            return f"Chứng thư số của {self.name} chỉ có hiệu lực từ ngày {begins}."
        if at > self._until:
            return f"Chứng thư số của {self.name} đã hết hạn ngày {ends}; xin quản trị thay khóa ký."
        return f"Chứng thư số của {self.name} hết hạn ngày {ends}; xin gia hạn." if self._until - at < SOON else ""

    def sign(self, pdf: bytes, *, reason: str, place: str, at: datetime) -> SignedFile:
        """The PDF with an invisible signature appended. Raises SigningFailed."""
        self.check(at)
        told = PdfSignatureMetadata(FIELD, "sha256", place, reason, subfilter=SigSeedSubFilter.PADES)
        signer = _Signer(told, self._signer, timestamper=self._stamper, new_field_spec=SigFieldSpec(FIELD))
        signer.at = at.astimezone(VIETNAM).replace(microsecond=0)
        try:
            data = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()
        except TimestampRequestError as error:
            raise SigningFailed(
                "Máy chủ cấp dấu thời gian không trả lời, nên chưa ký được; xin thử lại sau hoặc báo quản trị."
            ) from error
        return SignedFile(data, self.name, signer.at, hashlib.sha256(data).hexdigest(), self._certificate.sha256.hex())


@contextmanager
def opened(key: Key, timestamp: str = "") -> Iterator[Pen]:
    """Open a key. Raises SigningFailed."""
    if isinstance(key, FileKey):
        yield Pen(_from_file(key), timestamp)
    elif _TOKENS.acquire(timeout=PATIENCE):
        try:
            with _from_token(key) as signer:
                yield Pen(signer, timestamp)
        finally:
            _TOKENS.release()
    else:
        raise SigningFailed(f"Thẻ ký “{key.token}” đang được lần in khác dùng; xin in lại sau ít phút.")


def _from_file(key: FileKey) -> SimpleSigner:
    try:
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(key.pkcs12.read_bytes(), (), _secret(key.passphrase).encode())
    except (OSError, ValueError, AttributeError) as error:  # the last where the file holds no key or no certificate
        raise SigningFailed(
            f"Không mở được khóa ký {key.pkcs12.name}: tệp hỏng, thiếu khóa hoặc chứng thư, hoặc mật khẩu trong tệp "
            f"{key.passphrase.name} không đúng."
        ) from error
    return signer


@contextmanager
def _from_token(key: TokenKey) -> Iterator[Signer]:
    """The key of a token, while a session with it is open."""
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    criteria, pin = TokenCriteria(label=key.token), _secret(key.pin)
    try:
        with open_pkcs11_session(str(key.pkcs11), token_criteria=criteria, user_pin=pin) as session:
            yield PKCS11Signer(session, key.certificate, key_label=key.key, other_certs_to_pull=None)
    except PKCS11Error as error:  # also of what is signed meanwhile: a token that was pulled out
        raise SigningFailed(_of_token(key, error)) from error


def _of_token(key: TokenKey, error: Exception) -> str:
    name = type(error).__name__
    if name in ("PinIncorrect", "PinInvalid", "PinLenRange"):
        return (
            f"Mã PIN của thẻ ký “{key.token}” không đúng; xin quản trị sửa tệp {key.pin.name} trước khi thử lại: "
            "sai vài lần là thẻ khóa."
        )
    if name in ("PinLocked", "PinExpired"):
        return f"Thẻ ký “{key.token}” đã khóa mã PIN; xin quản trị mở khóa thẻ."
    if "token matching" in str(error) or name in ("NoSuchToken", "TokenNotPresent", "DeviceRemoved"):
        return f"Máy xử lý không thấy thẻ ký “{key.token}”; xin cắm thẻ rồi in lại."
    if "Could not find" in str(error):
        return f"Thẻ ký “{key.token}” không có chứng thư “{key.certificate}” hoặc khóa “{key.key}”."
    return f"Thẻ ký “{key.token}” không ký được ({name}); xin báo quản trị."


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        raise SigningFailed(f"Không đọc được tệp {path.name} của khóa ký.") from error
