"""The letter to the units in which nobody has an account when a season opens, as Word."""

from collections.abc import Iterable
from datetime import date

from common.dates import write_day
from models_registry.models import Season
from organisation.models import Unit, UnitVersion
from papers.enums import Symbol
from papers.exports import write_paper
from papers.kinds import Closing, Column, NewPage, PaperForm, Para, Table, declare
from papers.models import Letterhead

INVITATION = declare(
    PaperForm(
        slug="cong-van-moi",
        name="Công văn mời đơn vị chưa có tài khoản",
        title="",
        abstract="V/v tham gia năm thi đua “Dân vận khéo” {{ nam }} trên cổng",
        symbol=Symbol.LETTER,
        blocks=(
            Para("Kính gửi: {{ kinh_gui }}", look="centred"),
            Para("{{ loi_dau }}"),
            Para(
                "Cử một đồng chí theo dõi và một đồng chí lãnh đạo dùng cổng; ghi phiếu kèm theo, gửi về {{ don_vi }} để lập tài khoản.",
                lead="1.",
            ),
            Para(
                "Đăng ký mô hình trên cổng {{ thoi_gian }}. Mô hình năm trước còn làm tiếp thì chọn “Chép từ năm trước”, không viết lại.",
                lead="2.",
            ),
            Para("Đề nghị các đồng chí quan tâm thực hiện."),
            Closing(),
            NewPage(),
            Para("DANH SÁCH ĐƠN VỊ CHƯA CÓ TÀI KHOẢN", look="centred"),
            Table((Column("STT", "{{ x.tt }}", 20, "centre"), Column("Đơn vị", "{{ x.ten }}", 140)), (("", "danh_sach"),)),
            NewPage(),
            Para("PHIẾU ĐỀ NGHỊ LẬP TÀI KHOẢN", look="centred"),
            Para(
                "Đơn vị: ........................................................................................", look="plain"
            ),
            Table(
                (
                    Column("Họ và tên", "{{ x.ten }}", 45),
                    Column("Chức vụ", "{{ x.chuc_vu }}", 35),
                    Column("Thư điện tử công vụ", "{{ x.thu }}", 45),
                    Column("Việc trên cổng", "{{ x.viec }}", 35),
                ),
                (("", "phieu"),),
            ),
            Para("THỦ TRƯỞNG ĐƠN VỊ (ký tên, đóng dấu)", look="centred"),
        ),
        fields={
            "nam": "năm thi đua",
            "don_vi": "cơ quan gửi",
            "kinh_gui": "nơi nhận",
            "loi_dau": "câu mở đầu, có văn bản căn cứ (cổng viết)",
            "thoi_gian": "thời gian nhận đăng ký, ngày chốt số liệu",
        },
        lists={
            "danh_sach": {"tt": "số thứ tự", "ten": "tên đơn vị"},
            "phieu": {"ten": "họ và tên", "chuc_vu": "chức vụ", "thu": "thư điện tử", "viec": "việc trên cổng"},
        },
        needed=frozenset({"kinh_gui", "thoi_gian", "danh_sach"}),
    )
)
NAMED = 3  # units named in the address; more stand in the list alone


def write_invitation(season: Season, units: Iterable[UnitVersion], *, head: Letterhead, unit: Unit, day: date) -> bytes:
    """The letter to these units, without number and day: nothing is sent by the portal."""
    names = [version.name for version in units]
    basis = f"Thực hiện {season.basis.strip().rstrip('.')}, " if season.basis.strip() else ""
    said = f"{head.body_name} mở năm thi đua “Dân vận khéo” {season} trên cổng. Đến nay đơn vị chưa có tài khoản. Đề nghị đơn vị:"
    values = {
        "nam": str(season),
        "don_vi": head.body_name,
        "kinh_gui": "; ".join(names) if len(names) <= NAMED else f"{len(names)} đơn vị có tên trong danh sách kèm theo",
        "loi_dau": f"{basis}{said}",
        "thoi_gian": f"từ ngày {write_day(season.opens_on)} đến hết ngày {write_day(season.closes_on)}; "
        f"số liệu chốt ngày {write_day(season.cutoff_on)}",
        "danh_sach": [{"tt": str(number), "ten": name} for number, name in enumerate(names, start=1)],
        "phieu": [
            {"ten": "", "chuc_vu": "", "thu": "", "viec": work} for work in ("viết đăng ký, nạp sổ", "lãnh đạo, nhận và duyệt")
        ],
    }
    return write_paper(INVITATION, values, letterhead=head, day=None, on=day, unit=unit)
