"""The numbers that an officer may put into a report's text: what each is called, what it is now."""

from dataclasses import dataclass

from reports.figures import FIGURES
from reports.kinds import Facts
from reports.kinds.words import LINKS, values_of

CALLED = {
    "ngay": "ngày tính số liệu",
    "nam": "năm",
    "nam_truoc": "năm trước",
    "ky": "kỳ báo cáo",
    "noi": "nơi báo cáo",
    "tinh": "đơn vị nhận đề nghị",
    "cap": "cấp công nhận",
    "so_don_vi": "số đơn vị",
    "don_vi_dang_ky": "đơn vị có đăng ký",
    "don_vi_cong_nhan": "đơn vị có công nhận",
    "don_vi_de_nghi": "đơn vị có đề nghị",
    "chua_dang_ky": "đơn vị chưa đăng ký",
    "chua_cong_nhan": "đơn vị chưa công nhận",
    "chua_de_nghi": "đơn vị chưa đề nghị",
    "da_cong_nhan": "tên đơn vị đã công nhận",
    "da_de_nghi": "tên đơn vị đã đề nghị",
    "het_cong_nhan": "đơn vị đã kết thúc, có công nhận",
    "het_de_nghi": "đơn vị đã kết thúc, có đề nghị",
    "don_vi_so_sanh": "số đơn vị so với năm trước",
    "noi_so_sanh": "nơi so với năm trước",
    "linh_vuc": "số theo lĩnh vực",
    "chien_dich": "chiến dịch nhân rộng",
    "noi_lam": "nơi làm theo",
    "noi_lam_moi": "nơi làm theo thêm trong kỳ",
}
PARTS = {"moi": "trong kỳ", "nay": "của nơi so với năm trước", "truoc": "năm trước", "lech": "chênh lệch với năm trước"}


@dataclass(frozen=True)
class Chip:
    """A number: its brace, its name, what stands for it."""

    name: str
    label: str
    value: str

    @property
    def brace(self) -> str:
        return f"{{{self.name}}}"


def chips_of(facts: Facts) -> list[Chip]:
    """Those that have something to say, the figures first."""
    said = {brace: FIGURES[slug].said(facts.own_level, facts.head) for brace, slug in LINKS.items()}
    labels = (
        said | {f"{part}_{brace}": f"{words}, {more}" for part, more in PARTS.items() for brace, words in said.items()} | CALLED
    )
    return [Chip(name, labels[name], value) for name, value in values_of(facts).items() if value]
