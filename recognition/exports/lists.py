"""The columns in which lists of rounds and decisions are handed out as Excel."""

from collections.abc import Iterable
from datetime import date

from common.exports import Column
from recognition.exports.scores import result_words
from recognition.models import Recognition


def _introduced(row: Recognition) -> date | None:
    given = getattr(row.registration, "central_introduction", None)
    return given.introduced_on if given and not given.withdrawn_on else None


_OF_ROWS = {  # the columns of a round's list, by their names in its address
    "so": [Column("Số", 8, lambda r: r.dossier.number, adds_up=False)],
    "ten": [
        Column("Tên mô hình", 60, lambda r: r.dossier.registration.title),
        Column("Tập thể, cá nhân thực hiện", 36, lambda r: r.dossier.registration.subject),
    ],
    "don-vi": [Column("Đơn vị đề nghị", 30, lambda r: r.proposer.name)],
    "dia-ban": [Column("Địa bàn", 22, lambda r: r.proposer.place)],
    "linh-vuc": [Column("Lĩnh vực", 20, lambda r: r.field_name)],
    "giay-to": [
        Column("Giấy tờ đã có", 10, lambda r: r.papers),
        Column("Giấy tờ phải có", 10, lambda r: r.needed),
        Column("Còn thiếu", 30, lambda r: ", ".join(kind.label for kind in r.missing)),
    ],
    "phieu": [Column("Phiếu đã nộp", 10, lambda r: r.sent), Column("Phiếu giao", 10, lambda r: r.given)],
    "trang-thai": [Column("Trạng thái", 18, lambda r: r.state_name)],
}


def list_columns(names: Iterable[str]) -> list[Column]:
    """The columns of a round's list as it is shown."""
    return [column for name in names for column in _OF_ROWS[name]]


STANDING_COLUMNS = [
    Column("Hạng", 8, lambda r: r.rank, adds_up=False),
    Column("Hồ sơ", 8, lambda r: r.dossier.number, adds_up=False),
    Column("Tên mô hình", 60, lambda r: r.dossier.registration.title),
    Column("Tập thể, cá nhân thực hiện", 36, lambda r: r.dossier.registration.subject),
    Column("Đơn vị đề nghị", 30, lambda r: r.dossier.proposer.name),
    Column("Địa bàn", 22, lambda r: r.dossier.proposer.place),
    Column("Lĩnh vực", 24, lambda r: r.dossier.registration.field.name if r.dossier.registration.field else ""),
    Column("Loại", 11, lambda r: r.dossier.registration.get_subject_kind_display()),
    Column("Điểm", 10, lambda r: r.score),
    Column("Điểm trung bình", 12, lambda r: r.mean),
    Column("Điểm chính thức", 12, lambda r: r.official),
    Column("Cao nhất", 10, lambda r: r.highest),
    Column("Thấp nhất", 10, lambda r: r.lowest),
    Column("Chênh", 10, lambda r: r.spread),
    Column("Đơn vị tự chấm", 12, lambda r: r.own, adds_up=False),
    Column("Phiếu đã nộp", 10, lambda r: len(r.sheets), adds_up=False),
    Column("Phiếu giao", 10, lambda r: r.given, adds_up=False),
    Column("Tán thành", 10, lambda r: r.ballot.in_favour if r.ballot else None, adds_up=False),
    Column("Được biểu quyết", 12, lambda r: r.ballot.voters if r.ballot else None, adds_up=False),
    Column("Kết quả", 36, result_words),
]

DECISION_COLUMNS = [
    Column("Số, ký hiệu", 18, lambda r: r.number),
    Column("Ngày", 13, lambda r: r.decided_on),
    Column("Cơ quan ban hành", 34, lambda r: r.issuer_name),
    Column("Người ký", 24, lambda r: r.signer),
    Column("Nội dung", 22, lambda r: r.get_purpose_display()),
    Column("Cấp", 16, lambda r: r.level_names.honour_name),
    Column("Mô hình công nhận", 12, lambda r: r.named),
    Column("Còn hiệu lực", 12, lambda r: r.standing),
    Column("Về quyết định", 18, lambda r: r.amends.number if r.amends else ""),
]

RECOGNITION_COLUMNS = [
    Column("Tên mô hình", 60, lambda r: r.title),
    Column("Tập thể, cá nhân", 36, lambda r: r.subject),
    Column("Loại", 11, lambda r: r.registration.get_subject_kind_display()),
    Column("Đơn vị", 30, lambda r: r.registration.unit_name),
    Column("Địa bàn", 22, lambda r: r.registration.place_name),
    Column("Lĩnh vực", 24, lambda r: r.registration.field.name if r.registration.field else ""),
    Column("Mức", 16, lambda r: r.standing_grade.name if r.standing_grade else ""),
    Column("Thôi hiệu lực", 14, lambda r: r.revoked_on),
    Column("Theo quyết định", 18, lambda r: r.revoked_by.number if r.revoked_by else ""),
    Column("Giới thiệu Trung ương", 14, _introduced),
]

COMMENDATION_COLUMNS = [
    Column("Tập thể, cá nhân", 40, lambda r: r.recipient),
    Column("Loại", 11, lambda r: r.get_recipient_kind_display()),
    Column("Hình thức", 14, lambda r: r.get_award_display()),
    Column("Thành tích", 60, lambda r: r.reason),
    Column("Mô hình", 60, lambda r: r.recognition.title),
    Column("Năm", 8, lambda r: str(r.recognition.registration.season)),
    Column("Quyết định", 18, lambda r: r.decision.number if r.decision else ""),
    Column("Ngày", 13, lambda r: r.decision.decided_on if r.decision else None),
]
