"""What a file is, by its content; what is no register at all is refused with how to send it instead."""

import io
import re
import zipfile

from models_registry.registers.refusing import READS, RegisterUnreadable, encrypted, not_a_spreadsheet

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(r"<(?:!--|!doctype html|html|head|body|meta|table|div|style|center|font|script|\?xml|p|tr)\b", re.IGNORECASE)

PICTURE = "Tệp là ảnh, cổng không đọc chữ trong ảnh. Xin gửi tệp Word hoặc Excel mà tờ này in ra; nếu chỉ còn giấy, gõ vào mẫu sổ của cổng."
OLD_WORD = "Tệp Word đời cũ. Xin mở bằng Word, chọn Lưu thành (Save As), kiểu “Word Document (.docx)”, rồi gửi tệp mới."
OPEN_TEXT = "Tệp văn bản của LibreOffice. Xin mở ra, chọn Lưu thành, kiểu “Word (.docx)”, rồi gửi tệp mới."
PACKED = "Tệp nén. Xin mở ra rồi gửi từng sổ một."
_BEGINNINGS = (
    (b"\xff\xd8\xff", PICTURE),
    (b"\x89PNG", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
    (b"{\\rtf", OLD_WORD),
    (b"Rar!", PACKED),
    (b"7z\xbc\xaf", PACKED),
    (b"\x1f\x8b", PACKED),
)


def module_for(raw: bytes) -> str:
    """The name of the module of `formats` that reads it. Raises RegisterUnreadable."""
    if raw.startswith(_ZIP):
        return _packed(raw)
    if raw.startswith(_OLE):
        return _old_office(raw)
    head = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-") or b"%PDF-" in raw[:1024]:
        return "pdf"
    for beginning, why in _BEGINNINGS:
        if head.startswith(beginning):
            raise RegisterUnreadable(why)
    if raw[4:8] == b"ftyp" or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        raise RegisterUnreadable(PICTURE)
    begins = raw[:4096].decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")
    if "urn:schemas-microsoft-com:office:spreadsheet" in begins and "<?xml" in begins:
        return "spreadsheet_xml"
    if begins.startswith("MIME-Version:") or _MARKUP.match(begins.lstrip("\ufeffï»¿ \t\r\n")):
        return "web"
    return "text"


def _packed(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            said = archive.read("mimetype")[:100] if "mimetype" in names and archive.getinfo("mimetype").file_size < 100 else b""
    except Exception as error:
        raise not_a_spreadsheet() from error
    if "word/document.xml" in names:
        return "word"
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return "workbook"
    if "content.xml" in names:
        if said.startswith(b"application/vnd.oasis.opendocument.text"):
            raise RegisterUnreadable(OPEN_TEXT)
        return "workbook"
    if any(name.lower().endswith((".xlsx", ".xls", ".docx", ".doc", ".csv", ".ods", ".pdf")) for name in names):
        raise RegisterUnreadable(PACKED)
    raise not_a_spreadsheet()


def _old_office(raw: bytes) -> str:
    from olefile import OleFileIO

    if _ENCRYPTED in raw:
        raise encrypted()
    try:
        with OleFileIO(io.BytesIO(raw)) as parts:
            names = {name[0].lower() for name in parts.listdir() if name}
    except Exception as error:
        raise not_a_spreadsheet() from error
    if "worddocument" in names:
        raise RegisterUnreadable(OLD_WORD)
    if names & {"workbook", "book"}:
        return "workbook"
    raise RegisterUnreadable(f"Tệp Office đời cũ, không phải Excel. Cổng đọc được {READS}.")
