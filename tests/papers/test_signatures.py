"""What the signatures of a PDF say: whose, when, whether they hold; a file made to deceive or to hold the reader gets nowhere."""

import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from papers import pens, signatures
from papers.keys import Keyring
from papers.signatures import Signature, Verdict
from papers.signing import signatures_in
from tests.signing import (
    ENDS,
    ORGANISATION,
    SIGNED,
    SIGNER,
    clock,
    file_key,
    gap_of,
    issued,
    keyring,
    plain_pdf,
    root,
    signed,
    signed_pdf,
)

pytestmark = pytest.mark.usefixtures("own_loop")

NOW = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures.resource, "setrlimit", lambda *_: None)


def read(pdf: bytes, *roots: str) -> list[Signature]:
    """Read in this process, for what does not hold or kill its reader."""
    return [Signature(**plain) for plain in signatures.read(BytesIO(pdf), list(roots), NOW)]


def verdicts(pdf: bytes) -> list[str]:
    return [found.verdict for found in read(pdf)]


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """With a change appended, as editors do."""
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def test_a_signature_says_who_when_and_that_it_holds() -> None:
    (found,) = read(signed_pdf(), root().pem)
    assert (found.verdict, found.signer, found.organisation, found.at) == (Verdict.HOLDS, SIGNER, ORGANISATION, SIGNED)
    assert (found.is_trusted, found.was_valid, found.is_stamped, found.is_doubtful) == (True, True, False, False)


def test_a_scan_without_a_signature_has_none() -> None:
    assert read(plain_pdf()) == []


@pytest.mark.parametrize(("roots", "trusted"), [([], None), ([root], True), ([lambda: issued("CA khác")], False)])
def test_who_is_trusted_is_for_the_roots_to_say(roots: list[Any], trusted: bool | None) -> None:
    (found,) = read(signed_pdf(), *(make().pem for make in roots))
    assert (found.is_trusted, found.is_doubtful, found.is_intact) == (trusted, trusted is False, True)


def test_a_certificate_that_had_ended_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pens.Pen, "check", lambda *_: None)
    (found,) = read(signed(tmp_path, at=ENDS + timedelta(days=1)).data, root().pem)
    assert (found.is_intact, found.was_valid, found.is_trusted, found.is_doubtful) == (True, False, False, True)


def test_a_timestamp_counts_where_the_roots_vouch_for_it(tmp_path: Path) -> None:
    key = PrivateKeyInfo.load(clock().key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    certificate = Certificate.load(clock().certificate.public_bytes(Encoding.DER))
    stamped = SIGNED + timedelta(hours=1)
    with pens.opened(file_key(tmp_path)) as pen:
        pen._stamper = DummyTimeStamper(certificate, key, fixed_dt=stamped)
        pdf = pen.sign(plain_pdf(), reason="Thử", place="Đây", at=SIGNED).data
    assert [(found.at, found.is_stamped) for found in read(pdf, root().pem)] == [(stamped, True)]
    assert [(found.at, found.is_stamped) for found in read(pdf)] == [(SIGNED, False)]


# A changed byte shows


PLACES: dict[str, Callable[[bytes], int]] = {
    "the first page": lambda pdf: pdf.index(b"/MediaBox") + 12,
    "the title": lambda pdf: pdf.index(b"/Title") + 8,
    "the first byte after the gap": lambda pdf: gap_of(pdf)[1],
    "which bytes are signed": lambda pdf: pdf.index(b"/ByteRange") + 14,
    "the reason": lambda pdf: pdf.rindex(b"/Reason") + 10,
    "the time": lambda pdf: pdf.rindex(b"/M (") + 12,
    "the table of objects": lambda pdf: pdf.rindex(b"00000 n") + 2,
    "the last byte": lambda pdf: len(pdf) - 2,
    "the signature": lambda pdf: gap_of(pdf)[0] + 40,
    "its padding": lambda pdf: gap_of(pdf)[1] - 3,
    "its bracket": lambda pdf: gap_of(pdf)[0],
}


@pytest.mark.parametrize("where", PLACES)
def test_a_changed_byte_shows(where: str) -> None:
    pdf = bytearray(signed_pdf())
    pdf[PLACES[where](signed_pdf())] ^= 0x04
    assert verdicts(bytes(pdf)) in ([Verdict.CHANGED], [Verdict.UNREAD])


def test_of_a_changed_file_nothing_is_said_of_who_vouches_for_the_signer() -> None:
    """The library follows the certificate's chain for signatures that hold; not followed is not untrusted."""
    pdf = bytearray(signed_pdf())
    pdf[PLACES["the first page"](signed_pdf())] ^= 0x04
    (found,) = read(bytes(pdf), root().pem)
    assert (found.verdict, found.is_trusted, found.is_doubtful) == (Verdict.CHANGED, None, False)


def test_a_changed_byte_of_the_signature_itself_shows() -> None:
    """All along it: the signer's certificate, what is signed, the signed value. The root that lies beside it proves nothing."""
    pdf, beside = signed_pdf(), root().certificate.public_bytes(Encoding.DER)
    first, start = gap_of(pdf)
    content = bytes.fromhex(pdf[first + 1 : start - 1].decode()).rstrip(b"\0")
    spared, held = range(content.index(beside), content.index(beside) + len(beside)), []
    for at in range(10, len(content), 61):
        changed = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        (found,) = read(pdf[: first + 1] + changed.hex().encode() + pdf[first + 1 + 2 * len(content) :])
        held += [at] if found.is_intact and at not in spared else []
    assert held == []


def test_bytes_appended_are_told(tmp_path: Path) -> None:
    assert verdicts(signed_pdf() + b"\n") == [Verdict.CONTINUED]


def test_a_page_changed_by_an_update_shows() -> None:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 200 re f"))
        writer.update_container(page)

    assert verdicts(updated(signed_pdf(), change)) == [Verdict.CHANGED]


def test_a_note_stuck_on_the_page_shows() -> None:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        box = generic.ArrayObject([generic.NumberObject(value) for value in (0, 0, 300, 200)])
        names = {"/Type": generic.pdf_name("/Annot"), "/Subtype": generic.pdf_name("/Square"), "/Rect": box}
        note = generic.DictionaryObject({generic.pdf_name(name): value for name, value in names.items()})
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page["/Annots"])

    assert verdicts(updated(signed_pdf(), change)) == [Verdict.CHANGED]


def test_a_second_signature_leaves_the_first_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pens, "FIELD", "VanThu")
    pdf = signed(tmp_path, issued("Văn thư", root()), pdf=signed_pdf()).data
    found = read(pdf, root().pem)
    assert [(one.signer, one.verdict) for one in found] == [(SIGNER, "continued"), ("Văn thư", "holds")]


def wrapped(pdf: bytes) -> bytes:
    """Another page in the gap that a signature leaves unsigned, made larger for it; the signed parts are as they were.

    The signature is written as a plain string, half as long as its hex: the lengths add up for who looks at nothing else. The
    signed end of the file points to where the table of objects was, which lies in the gap now.
    """
    first, start = gap_of(pdf)
    objects = {int(found[1]): found.start() for found in re.finditer(rb"(?m)^(\d+) 0 obj", pdf)}
    signature, page = max(objects), int(re.findall(rb"/Kids *\[ *(\d+) 0 R", pdf)[0])
    table, catalogue = int(re.findall(rb"startxref\n(\d+)", pdf)[-1]), re.findall(rb"/Root (\d+ 0 R)", pdf)[-1]
    content = bytes.fromhex(pdf[first + 1 : start - 1].decode()).rstrip(b"\0")
    inside = b"<00>>>endobj\n"
    objects[page] = first + len(inside)
    inside += b"%d 0 obj\n<</Type/Page/Parent %s/MediaBox[0 0 9 9]>>endobj\n" % (page, re.findall(rb"/Parent (\d+ 0 R)", pdf)[0])
    inside = inside.ljust(table - first)
    objects[signature] = table + 2000
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in sorted(objects.items()))
    inside += b"xref\n%strailer\n<</Size 99/Root %s>>\nstartxref\n%d\n%%%%EOF\n" % (rows, catalogue, table)
    inside = inside.ljust(table - first + 2000)
    for length in range(len(content), 60_000, 50):
        string = re.sub(rb"([\\()])", rb"\\\1", content.ljust(length, b"\0")).replace(b"\r", b"\\r")
        signed = b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" % signature
        signed += b"/ByteRange[0 %d %d %d]" % (first, first + 2 * length + 2, len(pdf) - start)
        filled = inside + signed + b"/Contents(" + string + b")>>endobj\n"
        if len(filled) <= 2 * length + 2:
            return pdf[:first] + filled.ljust(2 * length + 2) + pdf[start:]
    raise AssertionError


def test_a_file_rewritten_in_the_gap_of_its_signature_shows() -> None:
    pdf = wrapped(signed_pdf())
    (found,) = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[]))
    assert status.intact and status.coverage.name == "ENTIRE_FILE"  # for the library alone, all is well
    assert verdicts(pdf) == [Verdict.CHANGED]


def test_a_signature_of_a_kind_that_is_not_known_is_told() -> None:
    pdf = signed_pdf().replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")
    assert verdicts(pdf) == [Verdict.UNREAD]


# Files made to hold or to kill the reader, read apart


def written(*objects: bytes, prev: str = "") -> bytes:
    """A PDF of these objects, the first its catalogue; `prev`: where its table says that there is an older one."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    older = f"/Prev {prev.format(here=len(out))}".encode() if prev else b""
    table = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + table % (len(objects) + 1, rows, len(objects) + 1, older, len(out))


def packed(inside: bytes, names: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (names, len(inside), inside)


def packed_twice(size: int) -> bytes:
    return zlib.compress(zlib.compress(bytes(size), 9), 9)


def table_that_unpacks_to(size: int) -> bytes:
    rows = zlib.compress(bytes(size), 9)
    start = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/ByteRange[]>>\nendobj\n"
    names = b"/Type/XRef/Size 100000/W[1 2 1]/Root 1 0 R/Filter/FlateDecode"
    return start + b"2 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (packed(rows, names), len(start))


FORM = b"<</Type/Catalog/AcroForm 2 0 R/ByteRange[]>>"
HOSTILE = {
    "arrays in arrays": lambda: written(FORM, b"<</Fields " + b"[" * 200_000 + b"]" * 200_000 + b">>"),
    "a table that is its own older one": lambda: written(FORM, b"<<>>", prev="{here}"),
    "two objects that are each other": lambda: written(b"2 0 R", b"1 0 R", b"<</ByteRange[]>>"),
    "a field that is its own parent": lambda: written(FORM, b"<</Fields[3 0 R]>>", b"<</T(a)/Kids[3 0 R]>>"),
    "objects packed twice": lambda: written(
        FORM, packed(packed_twice(200_000_000), b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]")
    ),
    "a table that unpacks to a thousand times its size": lambda: table_that_unpacks_to(400_000),
    "a long table": lambda: (
        b"%PDF-1.7\n/ByteRange\nxref\n0 100000\n" + b"0000000010 00000 n \n" * 100_000 + b"trailer\n<<>>\nstartxref\n20\n%%EOF\n"
    ),
    "no more than its head": lambda: b"%PDF-1.7\n/ByteRange",
}


@pytest.mark.usefixtures("started_anew")
@pytest.mark.parametrize("which", HOSTILE)
def test_a_file_made_to_hold_the_reader_is_unread(which: str) -> None:
    assert signatures_in(BytesIO(HOSTILE[which]())) == [Signature(Verdict.UNREAD)]


@pytest.mark.long
def test_a_form_without_end_costs_the_reader_its_time_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty fields that each have twenty, ten deep."""
    fan = [b"<</T(a)/Kids[" + b"%d 0 R " % (number + 1) * 20 + b"]>>" for number in range(3, 13)]
    file = written(FORM, b"<</Fields[3 0 R]>>", *fan, b"<</T(z)/FT/Sig>>")
    monkeypatch.setattr("common.apart.parent.SILENCE", 2)
    assert signatures_in(BytesIO(file)) == [Signature(Verdict.UNREAD)]


@pytest.mark.usefixtures("started_anew")
def test_it_is_read_apart_by_the_roots_of_the_settings(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = keyring(tmp_path)
    (found,) = signatures_in(BytesIO(signed_pdf()))
    assert (found.verdict, found.signer, found.at, found.is_trusted) == (Verdict.HOLDS, SIGNER, SIGNED, True)
    settings.SIGNING_KEYS = Keyring()
    assert [one.is_trusted for one in signatures_in(BytesIO(signed_pdf()))] == [None]


def test_what_was_kept_of_a_signature_is_read_back(tmp_path: Path) -> None:
    (plain,) = signatures.read(BytesIO(signed_pdf()), [], NOW)
    kept = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in plain.items()}
    assert Signature.kept(kept) == Signature(**plain)
    assert Signature.kept({"verdict": "unread"}) == Signature(Verdict.UNREAD)
