"""Lists of outcomes: what their columns may be called, and the decision that stands above them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from common.dates import read_day
from common.text import compare_key
from models_registry.enums import Verdict
from models_registry.registers.lists.kinds import ListKind, ListRole
from models_registry.registers.vocabulary import is_mark, match_verdict

_DOERS = r"(tap the|ca nhan|don vi|to chuc|nguoi|co quan|chu the|tac gia)"
OUTCOMES = ListKind(
    key="outcomes",
    name="danh sách kết quả",
    needed=("title",),
    carried=("unit", "place", "field", "decision", "decided_on"),
    roles=(
        ListRole("number", "Số thứ tự", r"^(stt|tt|so tt|so thu tu|thu tu|so)$", ("so thu tu",), is_ignored=True),
        ListRole("note", "Ghi chú", r"\bghi chu\b|\bchu thich\b", ("ghi chu",), is_ignored=True),
        ListRole(
            "other", "Điều khác, không dùng", r"^(loai|hinh thuc|so luong|tong|xep loai)\b|\bdiem\b(?!.*\bdia)", is_ignored=True
        ),
        ListRole("district_grade", "Mức của đơn vị", r"^district grade$"),
        ListRole("province_grade", "Mức của cấp trên", r"^province grade$"),
        ListRole("grade", "Mức công nhận", r"^grade$|^muc\b(?!.*\b(thuong|tieu)\b)|\bmuc cong nhan\b|^danh hieu\b"),
        ListRole("verdict_on", "Đánh giá đến ngày", r"^verdict on$|\bngay danh gia\b|\bdanh gia den ngay\b"),
        ListRole(
            "verdict", "Đánh giá cuối năm", r"^verdict$|\bdanh gia\b|^(hien trang|tinh trang hoat dong|tinh hinh hoat dong)\b"
        ),
        *(
            ListRole(f"is_{verdict}", f"Đánh dấu: {verdict.label}", rf"^(mo hinh )?{compare_key(verdict.label)}$")
            for verdict in Verdict
        ),
        ListRole("reason", "Lý do của đánh giá", r"^reason$|^(li do|nguyen nhan)\b"),
        ListRole("evidence", "Minh chứng của đánh giá", r"^evidence$|\bminh chung\b"),
        ListRole("withdrawn_on", "Ngày rút đăng ký", r"^withdrawn on$|\bngay rut\b"),
        ListRole("proposed_on", "Ngày đề nghị cấp trên công nhận", r"^proposed on$|\bngay (trinh|de nghi)\b"),
        ListRole("central_on", "Ngày giới thiệu lên Trung ương", r"^central on$|\bngay gioi thieu\b"),
        ListRole("district_decision", "Quyết định của đơn vị: số", r"^district decision$"),
        ListRole("district_on", "Quyết định của đơn vị: ngày", r"^district on$"),
        ListRole("province_decision", "Quyết định của cấp trên: số", r"^province decision$"),
        ListRole("province_on", "Quyết định của cấp trên: ngày", r"^province on$"),
        ListRole(
            "decided_on",
            "Ngày quyết định",
            r"\bngay\b.*\b(quyet dinh|qd|ban hanh|ki|cong nhan)\b|\b(quyet dinh|qd)\b.*\bngay\b",
            ("ngay quyet dinh", "ngay cong nhan"),
        ),
        ListRole(
            "decision", "Số quyết định", r"\b(quyet dinh|qd)\b|^so ki hieu$", ("so quyet dinh", "quyet dinh so", "so ki hieu")
        ),
        ListRole(
            "place", "Địa bàn", r"^place$|\bdia (ban|diem|chi|phuong)\b|^noi\b|^xa\b|^khu vuc\b", ("dia ban", "noi thuc hien")
        ),
        ListRole(
            "title",
            "Tên mô hình",
            r"^title$|^ten( goi)?\b.*\b(mo hinh|dien hinh|cong trinh|dan van kheo)\b|^ten goi\b|^mo hinh\b",
            ("ten mo hinh", "ten mo hinh dan van kheo"),
        ),
        ListRole(
            "subject",
            "Tập thể, cá nhân",
            rf"^subject$|\b{_DOERS}\b.*\b(thuc hien|chu tri|xay dung|phu trach|dai dien|co mo hinh|duoc cong nhan|dat)\b"
            r"|^(ho (va )?)?ten\b.*\b(tap the|ca nhan)\b|^(ho va ten|ho ten)$|^(tap the|ca nhan|chu the|tac gia)\b|\bthuc hien$",
            ("tap the ca nhan", "don vi thuc hien", "tap the ca nhan thuc hien", "chu the"),
        ),
        ListRole("field", "Lĩnh vực", r"\blinh vuc\b", ("linh vuc",)),
        ListRole(
            "unit",
            "Đơn vị đăng ký",
            r"^unit$|^(ten )?don vi\b|^(dang uy|cap uy|dang bo)\b",
            ("don vi dang ki", "don vi", "ten don vi"),
        ),
        ListRole("title", "Tên mô hình", r"\bmo hinh\b"),
    ),
)
VERDICT_COLUMNS = ("verdict", "verdict_on", "reason", "evidence")
GRADE_COLUMNS = ("district_grade", "province_grade")


def verdict_in(texts: Mapping[str, str]) -> str:
    """The words of a row's verdict: its own, or of the one column that is marked."""
    marked = [verdict for verdict in Verdict if is_mark(texts.get(f"is_{verdict}", ""))]
    return texts.get("verdict", "") or (str(marked[0].label) if len(marked) == 1 else "")


def says_verdict(texts: Mapping[str, str]) -> bool:
    return match_verdict(verdict_in(texts)) is not None


ROW_DECISIONS = {"district_decision": "district_on", "province_decision": "province_on"}

_NUMBER = re.compile(r"(?<!\d)(\d{1,5}\s*[-–/]\s*QĐ\s*[-–/]\s*[\wĐđ][\wĐđ\-/.]*)", re.IGNORECASE)
_DAY = re.compile(r"ngày\s+(\d{1,2}\s*(?:[/.\-]|\s+tháng\s+)\s*\d{1,2}\s*(?:[/.\-]|\s+năm\s+)\s*\d{4})", re.IGNORECASE)


def decision_in(lines: Iterable[str]) -> tuple[str, date | None]:
    """(number, day) of the decision that a title block names: of the line that says both, else of those that say one first."""
    number, day = "", None
    for line in lines:
        found, on = _NUMBER.search(line), _DAY.search(line)
        said = re.sub(r"\s*[–-]\s*", "-", found[1]).rstrip(".-/") if found else ""
        read = read_day(re.sub(r"\s+", " ", on[0])) if on else None
        if said and read:
            return said, read
        number, day = number or said, day or read
    return number, day
