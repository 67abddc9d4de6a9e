"""Words by which a row is known that is no registration: totals, signatures, numbers of columns and of sections."""

import re

TOTAL = re.compile(
    r"^[(*+\-–\s]*(?:tổng\s*cộng|tổng\s*số|tổng|cộng|danh sách(?: này)? có)\b"
    r"(?:\s+(?:mô hình|chung|toàn|lĩnh vực|số|mục|phần|trang|các|[ivx]+\b|\([ivxa-d]+\)).*?)?[\s:(\-–=]*"
    r"(?:\d{1,6}\s+(?!mô hình|mh)[^\W\d][^\d,;]{1,30}[,;]\s*)?(\d{1,6})?\s*(?:mô hình|mh|đăng ký)?[\s)]*\.?$",
    re.IGNORECASE,
)
COUNT = re.compile(r"^(\d{1,6})(?:\s*(?:mô hình|mh))?$", re.IGNORECASE)  # in a row of totals
SIGNATURE = re.compile(
    r"^(noi nhan|t m|k t|t l|tm|kt|tl|tuq|nguoi lap|lap bieu|thu truong|xac nhan|luu( |$)|ban thuong vu|bi thu|pho bi thu|"
    r"truong ban|pho truong ban|chu tich|pho chu tich|ki ten|da ki|nhu tren|ngay \d+ thang|.{0,30} ngay \d+ thang \d+ nam)"
)
NOTHING_SENT = re.compile(
    r"^(don vi |xa |phuong )?(chua|khong) (co |gui |nop )?(bao cao|dang ki|danh sach|mo hinh|gui|nop|so lieu)"
    r"( ve)?( (bao cao|dang ki|danh sach|mo hinh))*( (moi|nao))*$"
)
COLUMN_NUMBER = re.compile(r"^\(?\[?(\d{1,2}|[a-zA-Z])\]?\)?(\s*=.*)?$")
NUMBERED = re.compile(r"^\d{1,6}(?:\.\d{1,3}){0,2}[a-z]?\s*[.)]?$")
ROW_NUMBER = re.compile(r"^(\d{1,3})\s*[.)/]\s*(?=[^\W\d]|[“\"])")  # before a name
SECTION_NUMBER = re.compile(r"^(?:[IVX]{1,5}|[A-ZĐ])\s*[.)]?$")


def is_counted(cells: list[str]) -> bool:
    """Whether a row begins with its number, as those of data do and no heading does."""
    first = next((cell for cell in cells if cell), "")
    return bool(NUMBERED.match(first)) and not all(COLUMN_NUMBER.match(cell) for cell in cells if cell)


def is_total(cells: list[str]) -> bool:
    """Whether a row is a total and its number: 'TỔNG CỘNG', '18 mô hình'."""
    words = [cell for cell in cells if cell]
    return len(words) > 1 and bool(TOTAL.match(words[0])) and all(COUNT.match(cell) for cell in words[1:])
