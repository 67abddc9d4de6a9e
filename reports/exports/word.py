"""A report as a Word paper in the Party's layout; each kind has a form of its own, whose file an office may change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from common.bars import Bar
from common.dates import today, write_day
from common.numbers import write_number
from papers.enums import Symbol
from papers.exports import write_paper
from papers.kinds import Closing, Column, Each, NewPage, PaperForm, Para, Table, declare
from papers.selectors import head_of
from reports.exports.values import LINE_FIGURES, RARE_FIGURES, ROMAN, Line, NamedList, Printed, named_lists, signed, unit_columns
from reports.kinds import ReportKind, kinds

FIELDS = ("Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng hệ thống chính trị")  # of a first template alone
GROUPS = ("I- Tập thể", "II- Cá nhân")
BLOCKS = 24  # letters of the longest bar: on one line also where a font has them as wide as high
NUMBER, FIELD, NOTE, ORDER, UNITS, ACROSS = 13, 15, 16, 9, 34, 252  # millimetres of Biểu 2


NAMED_LISTS = {  # annex: the field of its title, its two lists
    "below": ("ten_danh_sach_duoi", "duoi_tap_the", "duoi_ca_nhan"),
    "proposed": ("ten_danh_sach_de_nghi", "de_nghi_tap_the", "de_nghi_ca_nhan"),
    "province": ("ten_danh_sach_tinh", "tap_the", "ca_nhan"),
}
ANNEXES = frozenset({"missing", *NAMED_LISTS, "compared", "spread", "bars", "units"})


def form_of(
    kind: ReportKind, fields: Iterable[str], *, annexes: frozenset[str] = ANNEXES, rare: Collection[str] = ()
) -> PaperForm:
    """The form of a kind, with a column for each field of work and each of `rare`, and of its annexes those that have something to
    say.
    """
    parts = [_text(kind)]
    across = annexes & {"units"} if "units" in kind.tables else frozenset[str]()
    if (annexes - across) & _annexes_of(kind):
        parts.append(Part([NewPage()]))
    parts.append(_missing("missing" in annexes))
    if "recognised" in kind.tables:
        parts.append(_recognised(annexes))
    if "before" in kind.tables and "compared" in annexes:
        parts.append(_compared())
    if "spread" in kind.tables and "spread" in annexes:
        parts.append(_spread())
    if "units" in kind.tables and "bars" in annexes:
        parts.append(_bars())
    if across:
        parts.append(_units(list(fields), rare))
    return PaperForm(
        slug=f"bao-cao-{kind.slug}",
        name=kind.name,
        title="BÁO CÁO",
        abstract="{{ trich_yeu }}",
        blocks=tuple(block for part in parts for block in part.blocks),
        fields={
            "trich_yeu": "trích yếu (cổng ghi)",
            "den_ngay": "ngày tính số liệu",
            "ten_danh_sach_duoi": "tên danh sách các đơn vị công nhận",
            "ten_danh_sach_de_nghi": "tên danh sách được đề nghị",
            "ten_danh_sach_tinh": "tên danh sách được công nhận cấp tỉnh",
            "ten_bieu_do": "tên biểu đồ đăng ký theo đơn vị",
        },
        lists={name: said for part in parts for name, said in part.lists.items()},
        needed=frozenset({f"muc_{one.key.replace('-', '_')}" for one in kind.sections if one.needed}),
        symbol=Symbol.REPORT,
    )


@dataclass(frozen=True)
class Part:
    """A part of a report's form: its blocks, and what may stand in the rows of each of its lists."""

    blocks: list[Any]
    lists: dict[str, dict[str, str]] = field(default_factory=dict)


def _text(kind: ReportKind) -> Part:
    blocks: list[Any] = [Each("mau_so", "{{ x.chu }}", look="note")]
    for section in kind.sections:
        name = section.key.replace("-", "_")
        blocks += [Each(f"dau_{name}", "{{ x.chu }}", look="heading"), Each(f"muc_{name}", "{{ x.chu }}")]
    blocks += [Each("quan_he", "{{ x.chu }}"), Closing()]
    lists = {
        f"{part}_{section.key.replace('-', '_')}": {"chu": section.heading}
        for section in kind.sections
        for part in ("dau", "muc")
    }
    lists["mau_so"] = {"chu": "ký hiệu mẫu và văn bản quy định, nếu đã ghi trong danh mục mẫu biểu; dấu “dữ liệu minh họa”"}
    lists["quan_he"] = {"chu": "câu đính chính, cảnh báo ngày chốt khác nhau"}
    return Part(blocks, lists)


def _missing(is_shown: bool) -> Part:
    """What is missing still, of which units, side by side. Its names are known to a form that does not show it, too."""
    pair = (("tt", "TT", 12), ("ten", "Đơn vị", 70))
    columns = tuple(
        Column(heading, f"{{{{ x.{name}{side} }}}}", width, "centre" if name == "tt" else "left")
        for side in ("", "_2")
        for name, heading, width in pair
    )
    lists = {
        "phu_luc": {"ten": "còn thiếu việc gì, bao nhiêu đơn vị", "dong": "các đơn vị ấy, hai cột"},
        "phu_luc.dong": {"tt": "số thứ tự", "ten": "đơn vị", "tt_2": "số thứ tự, cột sau", "ten_2": "đơn vị, cột sau"},
    }
    blocks = [Para("PHỤ LỤC", look="centred"), Table(columns, (("{{ g.ten }}", "phu_luc/dong"),))]
    return Part(blocks if is_shown else [], lists)


def _recognised(annexes: frozenset[str]) -> Part:
    named = {"tt": "số thứ tự", "ten": "tên mô hình", "ai": "tập thể, cá nhân", "don_vi": "đơn vị"}
    columns = (
        Column("TT", "{{ x.tt }}", 12, "centre"),
        Column("Tên mô hình", "{{ x.ten }}", 62),
        Column("Tập thể, cá nhân", "{{ x.ai }}", 46),
        Column("Đơn vị", "{{ x.don_vi }}", 45),
    )
    blocks: list[Any] = []
    lists: dict[str, dict[str, str]] = {}
    for annex, (title, many, one) in NAMED_LISTS.items():
        groups = tuple(zip(GROUPS, (many, one), strict=True))
        if annex in annexes:
            blocks += [Para(f"{{{{ {title} }}}}", look="centred"), Table(columns, groups)]
        lists |= {many: named, one: named}
    lists["danh_sach_con"] = {"chu": "câu về phần danh sách không in hết"}
    return Part([*blocks, Each("danh_sach_con", "{{ x.chu }}", look="note")], lists)


def _compared() -> Part:
    columns = (
        Column("Số liệu", "{{ x.ten }}", 75),
        Column("Năm nay", "{{ x.nay }}", 22, "right"),
        Column("Năm trước", "{{ x.truoc }}", 24, "right"),
        Column("Tăng, giảm", "{{ x.lech }}", 22, "right"),
        Column("Tỷ lệ", "{{ x.ty_le }}", 22, "right"),
    )
    return Part(
        [Para("SO VỚI CÙNG KỲ NĂM TRƯỚC", look="centred"), Table(columns, (("", "so_sanh"),))],
        {"so_sanh": {"ten": "số liệu", "nay": "năm nay", "truoc": "năm trước", "lech": "tăng, giảm", "ty_le": "tỷ lệ"}},
    )


def _spread() -> Part:
    columns = (Column("Chiến dịch", "{{ x.ten }}", 110), Column("Kết quả đo được", "{{ x.ket_qua }}", 55))
    return Part(
        [Para("KẾT QUẢ NHÂN RỘNG", look="centred"), Table(columns, (("", "nhan_rong"),))],
        {"nhan_rong": {"ten": "chiến dịch", "ket_qua": "kết quả đo được"}},
    )


def _bars() -> Part:
    columns = (
        Column("Đơn vị", "{{ x.don_vi }}", 60),
        Column("Đăng ký", "{{ x.cot }}", 90),
        Column("Số", "{{ x.so }}", 15, "right"),
    )
    return Part(
        [
            Para("{{ ten_bieu_do }}", look="centred"),
            Para("█ mới, ░ duy trì, nhân rộng", look="note"),
            Table(columns, (("", "bieu_do"),), size=10),
        ],
        {"bieu_do": {"don_vi": "đơn vị", "cot": "cột của biểu đồ", "so": "số đăng ký"}},
    )


def _units(fields: list[str], rare: Collection[str]) -> Part:
    known = {"tt": "số thứ tự", "don_vi": "đơn vị", "ghi_chu": "ghi chú"}
    known |= {slug.replace("-", "_"): heading for heading, slug in LINE_FIGURES + RARE_FIGURES}
    known |= {f"lv{n}": f"lĩnh vực thứ {n}" for n in range(1, 13)}
    return Part(_units_table(fields, rare), {"bieu_2": known, "bieu_2_cong": known})


def _annexes_of(kind: ReportKind) -> frozenset[str]:
    """The annexes that a kind can have before the table of units."""
    known = {"units": {"missing", "bars"}, "recognised": set(NAMED_LISTS), "before": {"compared"}, "spread": {"spread"}}
    return frozenset(annex for table, names in known.items() if table in kind.tables for annex in names)


def _units_table(fields: list[str], rare: Collection[str]) -> list[Any]:
    """Biểu 2, across the page: 252 mm."""
    width = min(FIELD, 4 * FIELD // max(len(fields), 1))
    figures = unit_columns(fields, rare)
    counted = len(figures) - len(fields)
    number = min(NUMBER, (ACROSS - ORDER - NOTE - UNITS - len(fields) * width) // counted)
    units = ACROSS - ORDER - NOTE - len(fields) * width - counted * number
    columns = [Column("TT", "{{ x.tt }}", ORDER, "centre"), Column("Đơn vị", "{{ x.don_vi }}", units)]
    for one in figures:
        name = f"lv{fields.index(one.about) + 1}" if one.about else one.figure.replace("-", "_")
        columns.append(Column(one.heading, f"{{{{ x.{name} }}}}", width if one.about else number, "right"))
    columns.append(Column("Ghi chú", "{{ x.ghi_chu }}", NOTE))
    under = ("A", "B", *(one.number for one in figures), "")
    return [
        NewPage(landscape=True),
        Para("BIỂU 2", look="centred"),
        Para("Kết quả đăng ký, công nhận, đề nghị theo đơn vị, tính đến ngày {{ den_ngay }}", look="note"),
        Table(tuple(columns), (("", "bieu_2"),), under=under, sums="bieu_2_cong", size=9),
    ]


for _kind in kinds():
    declare(form_of(_kind, FIELDS))


def write_word(found: Printed) -> bytes:
    """The report as Word: by the office's own file where it has one, else in the layout of its day."""
    report, facts = found.report, found.facts
    day = report.frozen_on
    kind = next(one for one in kinds() if one.slug == report.kind)
    values: dict[str, Any] = {"trich_yeu": found.title, "den_ngay": write_day(report.as_of)}
    values["mau_so"] = [{"chu": words} for words in found.front]
    said = {one.section.key: one for one in found.sections}
    number = 0
    for section in kind.sections:
        name, part = section.key.replace("-", "_"), said.get(section.key)
        number += part is not None
        values[f"dau_{name}"] = [{"chu": f"{ROMAN[number - 1]}- {section.heading.upper()}"}] if part else []
        values[f"muc_{name}"] = [{"chu": text} for text in part.texts] if part else []
    values["quan_he"] = [{"chu": text} for text in relations(found)]
    values["danh_sach_con"] = [{"chu": text} for text in left_out(found)]
    for one in named_lists(facts):
        title, *lists = NAMED_LISTS[one.key]
        values[title] = one.title
        for name, individual in zip(lists, (False, True), strict=True):
            values[name] = named_rows(one, individual=individual)
    values["ten_bieu_do"] = found.bars_title
    values["bieu_do"] = [{"don_vi": bar.label, "cot": _blocks(bar), "so": write_number(bar.total)} for bar in found.bars]
    values["phu_luc"] = [{"ten": title, "dong": in_pairs(names)} for title, names in found.annexes]
    values["so_sanh"] = [
        {
            "ten": one.words,
            "nay": write_number(one.now),
            "truoc": write_number(one.then),
            "lech": signed(one.more),
            "ty_le": one.rate,
        }
        for one in found.compared
    ]
    values["nhan_rong"] = [{"ten": title, "ket_qua": came} for title, came in facts.spread.outputs]
    lines = [(str(n), one) for n, one in enumerate(found.lines, start=1)]
    values["bieu_2"] = [_row(number, one, found.fields) for number, one in lines]
    values["bieu_2_cong"] = [_row("", found.total, found.fields)] if found.lines else []
    there = {
        "missing": found.annexes,
        **{one.key: one.rows for one in named_lists(facts)},
        "bars": found.bars,
        "compared": found.compared,
        "spread": facts.spread.outputs,
        "units": found.lines,
    }
    form = form_of(kind, found.fields, annexes=frozenset(name for name, rows in there.items() if rows), rare=found.rare)
    head = head_of(report.unit, day or today(), report.suffix)
    paper_number = report.number.number if report.number else None
    return write_paper(form, values, letterhead=head, day=day, number=paper_number, on=day or today(), unit=report.unit)


def named_rows(listed: NamedList, *, individual: bool) -> list[dict[str, str]]:
    rows = enumerate(listed.of(individual=individual), start=1)
    return [{"tt": str(n), "ten": one.title, "ai": one.subject, "don_vi": one.unit} for n, one in rows]


def _blocks(bar: Bar) -> str:
    """A bar as letters, which every Word draws alike."""
    new = round(bar.first * BLOCKS / 100)
    return "█" * new + "░" * (round((bar.first + bar.second) * BLOCKS / 100) - new)


def left_out(found: Printed) -> list[str]:
    """What a list of very many names says at its end."""
    said = []
    for figure, listed, which in (
        ("cap-huyen", found.facts.recognised_below, "đơn vị công nhận"),
        ("de-nghi", found.facts.proposed, "được đề nghị"),
        ("cap-tinh", found.facts.recognised, "cấp tỉnh công nhận"),
    ):
        more = found.facts.numbers[figure] - len(listed)
        if more > 0 and listed:
            said.append(f"Còn {write_number(more)} mô hình {which} không in ở đây; danh sách đủ mở từ con số trên cổng.")
    return said


def relations(found: Printed) -> list[str]:
    """What it corrects, and what to mind when years are compared."""
    report, said = found.report, []
    if report.corrects:
        said.append(
            f"Báo cáo này đính chính báo cáo đến ngày {write_day(report.corrects.as_of)} đã chốt "
            f"{write_day(report.corrects.frozen_on) if report.corrects.frozen_on else ''}: {report.correction_why}"
        )
    return [*said, found.warning] if found.warning else said


def in_pairs(names: list[str]) -> list[dict[str, str]]:
    """Rows of two columns, numbered down the first and then the second."""
    half = -(-len(names) // 2)
    numbered = [*((str(n), name) for n, name in enumerate(names, start=1)), ("", "")]
    return [
        {"tt": number, "ten": name, "tt_2": after[0], "ten_2": after[1]}
        for (number, name), after in zip(numbered[:half], numbered[half:], strict=False)
    ]


def _row(number: str, one: Line, fields: list[str]) -> dict[str, str]:
    row = {"tt": number, "don_vi": one.name, "ghi_chu": one.note}
    row |= {slug.replace("-", "_"): write_number(one.numbers.get(slug, 0)) for _, slug in LINE_FIGURES + RARE_FIGURES}
    return row | {f"lv{n}": write_number(one.fields.get(name, 0)) for n, name in enumerate(fields, start=1)}
