"""The papers of decisions, letters to the centre and conferences, as plans of blocks."""

from papers.enums import Symbol
from papers.kinds import Closing, Column, Each, NewPage, PaperForm, Para, Table, declare
from recognition.exports.forms import MODEL, ROUND

_LIST_COLUMNS = (
    Column("TT", "{{ x.tt }}", 10, "centre"),
    Column("Tên mô hình", "{{ x.ten }}", 44),
    Column("Tập thể, cá nhân", "{{ x.nguoi }}", 36),
    Column("Đơn vị", "{{ x.don_vi }}", 34),
    Column("Lĩnh vực", "{{ x.linh_vuc }}", 25),
    Column("Điểm", "{{ x.diem }}", 16, "right"),
)
_NAMED = Table(
    (
        Column("TT", "{{ x.tt }}", 11, "centre"),
        Column("Tên mô hình", "{{ x.ten }}", 68),
        Column("Tập thể, cá nhân", "{{ x.nguoi }}", 45),
        Column("Đơn vị", "{{ x.don_vi }}", 40),
    ),
    (("", "danh_sach"),),
)
_DECISION_FIELDS = ROUND | {
    "muc": "các mức được ghi, nếu có",
    "xet_de_nghi": "Xét đề nghị của …",
    "dieu_1": "Điều 1 (cổng tính số)",
    "dieu_2": "Điều 2",
    "dieu_3": "Điều 3",
    "kem_theo": "(kèm theo Quyết định số …)",
    "so_mo_hinh": "số mô hình",
    "so_tap_the": "số tập thể",
    "so_ca_nhan": "số cá nhân",
}


def _decision(slug: str, name: str, abstract: str) -> PaperForm:
    return declare(
        PaperForm(
            slug=slug,
            name=name,
            title="QUYẾT ĐỊNH",
            abstract=abstract,
            symbol=Symbol.DECISION,
            blocks=(
                Each("can_cu", "{{ x.dong }}"),
                Each("xet", "{{ x.dong }}"),
                Para("{{ co_quan }}", look="centred"),
                Para("QUYẾT ĐỊNH:", look="centred"),
                Para("{{ dieu_1 }}", lead="Điều 1."),
                Para("{{ dieu_2 }}", lead="Điều 2."),
                Para("{{ dieu_3 }}", lead="Điều 3."),
                Closing(),
                NewPage(),
                Para("DANH SÁCH", look="centred"),
                Para("{{ kem_theo }}", look="note"),
                Table(_LIST_COLUMNS, (("I. Tập thể", "tap_the"), ("II. Cá nhân", "ca_nhan"))),
            ),
            fields=_DECISION_FIELDS,
            lists={
                "can_cu": {"dong": "một căn cứ"},
                "xet": {"dong": "Xét đề nghị của …"},
                "tap_the": MODEL,
                "ca_nhan": MODEL,
            },
            needed=frozenset({"dieu_1", "tap_the", "ca_nhan"}),
        )
    )


DECISION = _decision("quyet-dinh", "Quyết định công nhận", "công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}")
WITHDRAWAL = _decision(
    "quyet-dinh-thu-hoi", "Quyết định thu hồi công nhận", "thu hồi công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}"
)
CORRECTION = _decision(
    "quyet-dinh-dinh-chinh",
    "Quyết định đính chính",
    "đính chính quyết định công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}",
)
COMMENDATION = _decision(
    "quyet-dinh-khen", "Quyết định khen thưởng", "khen thưởng tập thể, cá nhân có mô hình “Dân vận khéo” năm {{ nam }}"
)
GRADING = _decision(
    "quyet-dinh-muc", "Quyết định ghi mức", "ghi mức cho mô hình “Dân vận khéo” được công nhận {{ cap }} năm {{ nam }}: {{ muc }}"
)
UNGRADING = _decision(
    "quyet-dinh-thu-hoi-muc", "Quyết định thu hồi mức", "thu hồi mức {{ muc }} của mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}"
)


def _letter(slug: str, name: str, abstract: str) -> PaperForm:
    return declare(
        PaperForm(
            slug=slug,
            name=name,
            title="",  # a letter has no name: what it is about stands below its number
            abstract=abstract,
            symbol=Symbol.LETTER,
            blocks=(
                Para("Kính gửi: ................................................................", look="centred"),
                Para("{{ loi }}"),
                _NAMED,
                Closing(),
            ),
            fields=ROUND | {"loi": "câu nêu số mô hình, quyết định, lý do (cổng viết)"},
            lists={"danh_sach": MODEL},
            needed=frozenset({"loi", "danh_sach"}),
        )
    )


CENTRAL = _letter(
    "gioi-thieu-trung-uong", "Công văn giới thiệu Trung ương", "giới thiệu mô hình “Dân vận khéo” năm {{ nam }} với Trung ương"
)
CENTRAL_BACK = _letter(
    "rut-gioi-thieu", "Công văn rút giới thiệu", "rút giới thiệu mô hình “Dân vận khéo” năm {{ nam }} với Trung ương"
)

_CONFERENCE = {
    "nam": "năm thi đua",
    "ten_hoi_nghi": "tên hội nghị",
    "gio_hop": "giờ hội nghị: 8 giờ 00; chưa ghi là dấu chấm",
    "ngay_hop": "ngày hội nghị",
    "dia_diem": "địa điểm",
    "don_vi": "đơn vị tổ chức",
    "so_mo_hinh": "số mô hình được tuyên dương",
}
_SPEAKERS = {"tt": "thứ tự", "ten": "tên mô hình", "nguoi": "tập thể, cá nhân", "don_vi": "đơn vị"}

INVITATION = declare(
    PaperForm(
        slug="giay-moi",
        name="Giấy mời hội nghị tuyên dương",
        title="GIẤY MỜI",
        abstract="{{ ten_hoi_nghi }}",
        blocks=(
            Para("Kính mời: ................................................................", look="centred"),
            Para("{{ don_vi }} trân trọng kính mời dự {{ ten_hoi_nghi }}, tuyên dương {{ so_mo_hinh }} mô hình “Dân vận khéo”."),
            Para("Thời gian: {{ gio_hop }}, ngày {{ ngay_hop }}."),
            Para("Địa điểm: {{ dia_diem }}."),
            Para("Rất mong được đón tiếp."),
            Closing(),
        ),
        fields=_CONFERENCE,
        lists={},
        needed=frozenset({"ten_hoi_nghi", "ngay_hop"}),
    )
)

AGENDA = declare(
    PaperForm(
        slug="chuong-trinh-hoi-nghi",
        name="Chương trình hội nghị tuyên dương",
        title="CHƯƠNG TRÌNH",
        abstract="{{ ten_hoi_nghi }}",
        blocks=(
            Para("{{ gio_hop }}, ngày {{ ngay_hop }}, tại {{ dia_diem }}.", look="note"),
            Para("1. Ổn định, tuyên bố lý do, giới thiệu đại biểu."),
            Para("2. Phát biểu khai mạc."),
            Para("3. Giới thiệu {{ so_mo_hinh }} mô hình “Dân vận khéo” được tuyên dương, theo thứ tự:"),
            _NAMED,
            Para("4. Công bố quyết định, trao giấy công nhận, khen thưởng."),
            Para("5. Phát biểu bế mạc."),
            Closing(),
        ),
        fields=_CONFERENCE,
        lists={"danh_sach": _SPEAKERS},
        needed=frozenset({"ten_hoi_nghi", "danh_sach"}),
    )
)
