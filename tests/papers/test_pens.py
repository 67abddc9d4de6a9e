"""An issuer's key signs PDFs: from a file or a token, with or without a timestamp authority; what fails is told and signs nothing."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto import tsp
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import exceptions
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from papers import pens
from papers.keys import TokenKey
from papers.pdf import Press
from papers.pens import SigningFailed, opened
from tests.signing import BEGINS, ENDS, SIGNED, SIGNER, Party, clock, file_key, plain_pdf, root, signed, signer

pytestmark = pytest.mark.usefixtures("own_loop")

CERTIFICATE = Path(__file__).parents[2] / "recognition" / "exports" / "certificate.typ"


def asn1(party: Party) -> Certificate:
    return Certificate.load(party.certificate.public_bytes(Encoding.DER))


def validated(pdf: bytes) -> Any:
    """What the library says of the only signature, by our root."""
    (found,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(found, ValidationContext(trust_roots=[asn1(root())], moment=SIGNED))


def test_a_signature_covers_the_whole_file_and_names_who_when_why_and_where(tmp_path: Path) -> None:
    made = signed(tmp_path)
    status = validated(made.data)
    assert (status.bottom_line, status.coverage.name, status.signer_reported_dt) == (True, "ENTIRE_FILE", SIGNED)
    assert (made.signer, made.at, made.digest) == (SIGNER, SIGNED, sha256(made.data).hexdigest())
    assert made.certificate == signer().certificate.fingerprint(hashes.SHA256()).hex()
    value = PdfReader(BytesIO(made.data)).get_fields()["ChuKySo"]["/V"]
    assert {name: value[name] for name in ("/SubFilter", "/Reason", "/Location", "/M")} == {
        "/SubFilter": "/ETSI.CAdES.detached",
        "/Reason": "Thử",
        "/Location": "Hàm Thuận Bắc",
        "/M": "D:20231011100000+07'00'",
    }


def test_what_was_there_stands_unchanged_before_the_signature(tmp_path: Path) -> None:
    pdf = plain_pdf()
    assert signed(tmp_path, pdf=pdf).data.startswith(pdf)


def test_a_signed_certificate_still_says_that_it_is_pdf_a_and_keeps_its_rules(tmp_path: Path) -> None:
    """ISO 19005-2: 6.1 (no encryption, an identifier), 6.3.2 and 6.3.3 (annotations), 6.4.1 (forms), 6.4.3 (signatures), 6.6."""
    page = {"width": 297, "height": 210, "frame": True, "heading": "G", "nation": "N", "blocks": [], "qr": None, "guides": False}
    pdf = Press(CERTIFICATE).print({"title": "Giấy", "author": "Ban", "pages": [page]})
    reader = PdfReader(BytesIO(signed(tmp_path, pdf=pdf).data))
    metadata = reader.xmp_metadata
    assert metadata and b'pdfaid:part="2"' in metadata.stream.get_data() and b'conformance="B"' in metadata.stream.get_data()
    assert len(reader.trailer["/ID"]) == 2 and "/Encrypt" not in reader.trailer and "/OutputIntents" in reader.root_object
    form = reader.root_object["/AcroForm"]
    assert form["/SigFlags"] == 3 and not {"/NeedAppearances", "/XFA"} & form.keys()  # type: ignore[index]
    (widget,) = [found.get_object() for found in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    hidden = 1 | 2 | 32 | 256  # invisible, hidden, no view, toggled
    assert widget["/F"] & 4 and not widget["/F"] & hidden and not {"/A", "/AA"} & widget.keys()
    assert widget["/Rect"][0] == widget["/Rect"][2] and widget["/Rect"][1] == widget["/Rect"][3]  # no size needs no appearance


@pytest.mark.parametrize(
    ("at", "said"), [(BEGINS - timedelta(days=1), "chỉ có hiệu lực từ ngày 01/01/2023"), (ENDS + timedelta(days=1), "đã hết hạn")]
)
def test_nothing_is_signed_on_a_day_on_which_the_certificate_does_not_hold(tmp_path: Path, at: datetime, said: str) -> None:
    with pytest.raises(SigningFailed, match=said):
        signed(tmp_path, at=at)


@pytest.mark.parametrize("broken", ["passphrase", "file", "no key", "gone"])
def test_a_file_that_is_no_key_is_told(tmp_path: Path, broken: str) -> None:
    key = file_key(tmp_path, passphrase=b"khac" if broken == "passphrase" else b"mat-khau")
    if broken == "file":
        key.pkcs12.write_bytes(b"khong phai")
    elif broken == "no key":
        from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

        key.pkcs12.write_bytes(serialize_key_and_certificates(None, None, None, [root().certificate], NoEncryption()))
        key.passphrase.write_bytes(b"")
    elif broken == "gone":
        key.passphrase.unlink()
    with pytest.raises(SigningFailed, match=r"Không (mở được khóa ký ky\.p12|đọc được tệp mat-khau)"), opened(key):
        pass


# Timestamps


class Authority(BaseHTTPRequestHandler):
    """A timestamp authority on this machine; at /hong it is out of order."""

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        key = PrivateKeyInfo.load(clock().key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        stamper = DummyTimeStamper(asn1(clock()), key, fixed_dt=SIGNED + timedelta(minutes=1), certs_to_embed=None)
        answer = asyncio.run(stamper.async_request_tsa_response(request)).dump()
        self.send_response(503 if self.path == "/hong" else 200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def authority() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_timestamp_authority_tells_the_time(tmp_path: Path, authority: str) -> None:
    stamp = validated(signed(tmp_path, timestamp=authority).data).timestamp_validity
    assert stamp.valid and stamp.trusted and stamp.timestamp == SIGNED + timedelta(minutes=1)


@pytest.mark.parametrize("address", ["{}/hong", "http://127.0.0.1:1"])
def test_an_authority_that_does_not_answer_is_told(tmp_path: Path, authority: str, address: str) -> None:
    with pytest.raises(SigningFailed, match="Máy chủ cấp dấu thời gian không trả lời"):
        signed(tmp_path, timestamp=address.format(authority))


# Tokens, as python-pkcs11 shows them; by hand with SoftHSM: docs/decisions/0035-signatures.md


class Stored(dict[Any, Any]):
    """An object of a token; the private key signs."""

    def sign(self, data: bytes, mechanism: pkcs11.Mechanism) -> bytes:
        assert mechanism == pkcs11.Mechanism.SHA256_RSA_PKCS
        if self.get("pulled out"):
            raise exceptions.DeviceRemoved
        return signer().key.sign(data, PKCS1v15(), hashes.SHA256())


class Token:
    """A token with one key and one certificate, labelled “ky”: module, slot, token and session in one."""

    label, serial = "Ban Dân vận", b"1"

    def __init__(self) -> None:
        value = signer().certificate.public_bytes(Encoding.DER)
        kind, label = pkcs11.Attribute.CLASS, pkcs11.Attribute.LABEL
        self.certificate = Stored({kind: pkcs11.ObjectClass.CERTIFICATE, label: "ky", pkcs11.Attribute.VALUE: value})
        self.key = Stored({kind: pkcs11.ObjectClass.PRIVATE_KEY, label: "ky", pkcs11.Attribute.SIGN: True})
        self.sessions = 0
        self.locked = False

    def get_slots(self) -> list["Token"]:
        return [self]

    def get_token(self) -> "Token":
        return self

    def open(self, user_pin: str) -> "Token":
        if self.locked:
            raise exceptions.PinLocked
        if user_pin != "1234":
            raise exceptions.PinIncorrect
        return self

    def __enter__(self) -> "Token":
        self.sessions += 1
        assert self.sessions == 1  # who logs out logs all out
        return self

    def __exit__(self, *_: Any) -> None:
        self.sessions -= 1

    def get_objects(self, wanted: dict[Any, Any]) -> list[Stored]:
        return [found for found in (self.certificate, self.key) if wanted.items() <= found.items()]


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Token:
    made = Token()
    monkeypatch.setattr("pyhanko.sign.pkcs11.p11_lib", lambda module: made)
    return made


def token_key(folder: Path, pin: str = "1234", **other: str) -> TokenKey:
    (folder / "pin").write_text(f"{pin}\n")
    given = {"token": "Ban Dân vận", "certificate": "ky", "key": "ky"} | other
    return TokenKey(unit="x", since=date.min, pkcs11=folder / "module.so", pin=folder / "pin", **given)


def test_a_token_signs_and_is_left_logged_out(tmp_path: Path, token: Token) -> None:
    with opened(token_key(tmp_path)) as pen:
        assert pen.name == SIGNER and token.sessions == 1
        files = [pen.sign(plain_pdf(), reason="Thử", place="Đây", at=SIGNED).data for _ in range(2)]
    assert token.sessions == 0 and all(validated(file).bottom_line for file in files)


def test_two_batches_do_not_share_a_session(tmp_path: Path, token: Token) -> None:
    key, made = token_key(tmp_path), []

    def batch() -> None:
        with opened(key) as pen:
            made.append(pen.sign(plain_pdf(), reason="Thử", place="Đây", at=SIGNED))

    threads = [threading.Thread(target=batch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3


def test_a_token_that_another_batch_holds_for_long_is_told(tmp_path: Path, token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pens, "PATIENCE", 0.01)
    key = token_key(tmp_path)
    with opened(key), pytest.raises(SigningFailed, match="đang được lần in khác dùng"), opened(key):
        pass
    with opened(key):
        pass


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"pin": "0000"}, "Mã PIN của thẻ ký “Ban Dân vận” không đúng; xin quản trị sửa tệp pin trước khi thử lại"),
        ({"token": "khác"}, "Máy xử lý không thấy thẻ ký “khác”"),
        ({"certificate": "khác"}, "Thẻ ký “Ban Dân vận” không có chứng thư “khác” hoặc khóa “ky”"),
        ({"key": "khác"}, "Thẻ ký “Ban Dân vận” không có chứng thư “ky” hoặc khóa “khác”"),
    ],
)
def test_a_token_that_does_not_open_is_told(tmp_path: Path, token: Token, other: dict[str, str], said: str) -> None:
    with pytest.raises(SigningFailed, match=said), opened(token_key(tmp_path, **other)) as pen:
        pen.sign(plain_pdf(), reason="Thử", place="Đây", at=datetime(2024, 1, 1, tzinfo=UTC))
    assert token.sessions == 0


def test_a_token_that_locked_itself_is_told(tmp_path: Path, token: Token) -> None:
    token.locked = True
    with pytest.raises(SigningFailed, match="đã khóa mã PIN"), opened(token_key(tmp_path)):
        pass


def test_a_token_that_is_pulled_out_is_told(tmp_path: Path, token: Token) -> None:
    token.key["pulled out"] = True
    with pytest.raises(SigningFailed, match="không thấy thẻ ký"), opened(token_key(tmp_path)) as pen:
        pen.sign(plain_pdf(), reason="Thử", place="Đây", at=SIGNED)


def test_a_module_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "module.so").write_bytes(b"khong phai")
    with pytest.raises(SigningFailed, match=r"không ký được \(PKCS11Error\)"), opened(token_key(tmp_path)):
        pass
