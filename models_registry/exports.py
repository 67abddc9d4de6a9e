"""The columns in which registrations are handed out, once for every list."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, Any

from django.utils import timezone

from common.dates import VIETNAM, today
from common.documents import DocumentHead, WordColumn, write_docx_table
from common.exports import Column
from common.numbers import write_number
from models_registry.enums import Kind, State, SubjectKind
from models_registry.models import Field, Registration, Season, YearVerdict
from models_registry.selectors.verdicts import proposed, standing
from papers.exports import list_lines
from papers.models import Letterhead

DEMO_NOTE = "Dữ liệu minh họa: tổng số chung là số đã công bố, phần chia chi tiết là giả định."

REGISTRATION_COLUMNS = [
    Column("Tên mô hình", 60, lambda r: r.title),
    Column("Tập thể, cá nhân thực hiện", 40, lambda r: r.subject),
    Column("Đơn vị", 32, lambda r: r.unit_name),
    Column("Địa bàn", 22, lambda r: r.place_name),
    Column("Lĩnh vực", 26, lambda r: r.field.name if r.field else ""),
    Column("Loại hình", 12, lambda r: r.get_subject_kind_display()),
    Column("Đăng ký", 20, lambda r: r.get_kind_display()),
    Column("Ngày đăng ký", 14, lambda r: r.registered_on),
    Column("Ngày rút", 14, lambda r: r.withdrawn_on),
    Column("Năm", 8, lambda r: str(r.season)),
]


def _of_verdict(value: Callable[[YearVerdict], Any]) -> Callable[[Registration], Any]:
    return lambda row: value(one) if (one := standing(row)) else None


_VERDICT = [
    Column("Đánh giá", 16, _of_verdict(lambda one: one.get_verdict_display())),
    Column("Đánh giá đến ngày", 14, _of_verdict(lambda one: one.as_of)),
    Column("Lý do đánh giá", 40, _of_verdict(lambda one: one.reason)),
    Column("Minh chứng", 40, _of_verdict(lambda one: one.evidence)),
]
BOARD_COLUMNS = [
    *REGISTRATION_COLUMNS[:8],
    Column("Trạng thái", 14, lambda r: r.get_state_display()),
    Column("Trạng thái từ ngày", 18, lambda r: timezone.localtime(r.state_since, VIETNAM).date()),
    Column("Nội dung", 60, lambda r: r.content),
    Column("Ghi chú", 24, lambda r: r.note),
    Column("Năm", 8, lambda r: str(r.season)),
    *_VERDICT,
]
_CHOSEN = {  # by the names of the columns that a board's page shows
    "noi": REGISTRATION_COLUMNS[2:4],
    "linh-vuc": REGISTRATION_COLUMNS[4:5],
    "loai": REGISTRATION_COLUMNS[6:7],
    "doi-tuong": REGISTRATION_COLUMNS[5:6],
    "ngay-dang-ky": REGISTRATION_COLUMNS[7:8],
    "trang-thai": BOARD_COLUMNS[8:9],
    "tu-ngay": BOARD_COLUMNS[9:10],
    "danh-gia": _VERDICT,
}


def board_columns(chosen: Iterable[str]) -> list[Column]:
    """The columns chosen on the page; all there are where none was."""
    picked = [column for name in chosen for column in _CHOSEN[name]]
    return [*REGISTRATION_COLUMNS[:2], *picked] if picked else BOARD_COLUMNS


VERDICT_COLUMNS = [
    *REGISTRATION_COLUMNS[:8],
    *_VERDICT,
    Column("Đơn vị tự đánh giá, chờ xác nhận", 20, lambda r: one.get_verdict_display() if (one := proposed(r)) else None),
]
WORD_ROWS = 3000  # past this a Word table is of no use to anyone, and slow to open


def register_document(
    *, title: str, season: Season, rows: Iterable[Registration], letterhead: Letterhead | None = None
) -> IO[bytes]:
    """Biểu 1 as Word: the list of registrations, a cross under field, kind and whether it is new (papers.md), under the head of who
    hands it out, with the place of the signature below.

    Past WORD_ROWS it ends with a line that says so.
    """
    fields = list(Field.objects.all())
    left, right, signed = list_lines(letterhead, today()) if letterhead else ((), (), ())
    head = DocumentHead(
        title=title,
        note=DEMO_NOTE if season.is_illustrative else "",
        left=left,
        right=right,
        signed=signed,
        columns=[
            WordColumn("TT", 8),
            WordColumn("Tên mô hình", 44),
            WordColumn("Tập thể, cá nhân thực hiện", 32),
            WordColumn("Địa bàn", 24),
            *(
                WordColumn(field.short_name, 19 if max(map(len, field.short_name.split() or [""])) > 5 else 14, group="Lĩnh vực")
                for field in fields
            ),
            WordColumn("Tập thể", 11, group="Loại"),
            WordColumn("Cá nhân", 12, group="Loại"),
            WordColumn("Mới", 10, group="Đăng ký"),
            WordColumn("Duy trì", 10, group="Đăng ký"),
            WordColumn("Nội dung tóm tắt", 47),
            WordColumn("Ghi chú", 16),
        ],
    )
    return write_docx_table(head, _word_rows(rows, fields))


def _word_rows(rows: Iterable[Registration], fields: list[Field]) -> Iterator[list[str]]:
    number = 0
    for number, row in enumerate(islice(rows, WORD_ROWS + 1), start=1):
        if number <= WORD_ROWS:
            yield _word_row(number, row, fields)
    if number > WORD_ROWS:
        said = f"Danh sách còn dài hơn {write_number(WORD_ROWS)} dòng. Phần sau xin xem tệp Excel."
        yield ["", said, *[""] * (len(fields) + 8)]


def _word_row(number: int, row: Registration, fields: list[Field]) -> list[str]:
    return [
        str(number),
        row.title,
        row.subject,
        row.place_name or row.unit_name,
        *("x" if row.field_id == field.pk else "" for field in fields),
        "x" if row.subject_kind == SubjectKind.COLLECTIVE else "",
        "x" if row.subject_kind == SubjectKind.INDIVIDUAL else "",
        "x" if row.kind == Kind.NEW else "",
        "x" if row.kind == Kind.MAINTAINED else "",
        row.content[:400] + ("…" if len(row.content) > 400 else ""),
        _remark(row),
    ]


def _remark(row: Registration) -> str:
    """The note; and where the row does not stand in the register as it is, its state."""
    state = "" if row.state == State.ACCEPTED else str(row.get_state_display())
    return ". ".join(part for part in (state, row.note) if part)
