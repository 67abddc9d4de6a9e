"""What the papers of a report print: text, tables and notes, made once out of the report for Word, Excel and PDF alike."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from common.addresses import absolute
from common.bars import Bar, bars
from common.dates import VIETNAM, read_day, write_day
from common.numbers import write_number
from models_registry.exports import DEMO_NOTE
from papers.selectors import form_on
from reports.figures import FIGURES
from reports.kinds import Facts, Named
from reports.kinds.words import ANNEX, annexes, of_some, values_of
from reports.models import QuotedFigure, Report
from reports.selectors.reading import Written, facts_in, kind_for, quoted_beside, written

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LINE_FIGURES = (  # Biểu 2: heading, figure
    ("Tổng số", "dang-ky"),
    ("Mới", "moi"),
    ("Duy trì, nhân rộng", "duy-tri"),
    ("Tập thể", "tap-the"),
    ("Cá nhân", "ca-nhan"),
    ("Công nhận", "cap-huyen"),
    ("Đề nghị", "de-nghi"),
    ("Cấp tỉnh công nhận", "cap-tinh"),
    ("Giới thiệu", "trung-uong"),
)
RARE_FIGURES = (  # after them, where there is any
    ("Hiệu quả", "hieu-qua"),
    ("Cần củng cố", "can-cung-co"),
    ("Tạm dừng", "tam-dung"),
    ("Kết thúc", "ket-thuc"),
    ("Có ghi mức", "ghi-muc"),
    ("Đề nghị khen", "de-nghi-khen"),
)
WHOLE_NEW_KEPT = 3  # of them, before the fields
BARS = 40
COMPARED = ("dang-ky", "moi", "duy-tri", "cap-huyen", "de-nghi", "cap-tinh", "trung-uong")


@dataclass(frozen=True)
class UnitColumn:
    """A column of figures of Biểu 2: of all, or of one field of work."""

    heading: str
    number: str
    """Under the heading: '1 = 2 + 3', '4'."""
    figure: str
    about: str = ""

    def of(self, line: "Line") -> int:
        return line.fields.get(self.about, 0) if self.about else line.numbers[self.figure]


def unit_columns(fields: Iterable[str], rare: Collection[str] = ()) -> list[UnitColumn]:
    """The columns in order: registered in all, new, maintained, by field, what became of them; of RARE_FIGURES those named."""
    listed = [(heading, slug, "") for heading, slug in LINE_FIGURES]
    listed += [(heading, slug, "") for heading, slug in RARE_FIGURES if slug in rare]
    listed[WHOLE_NEW_KEPT:WHOLE_NEW_KEPT] = [(name, "dang-ky", name) for name in fields]
    numbers = ["1 = 2 + 3", *(str(n) for n in range(2, len(listed) + 1))]
    return [UnitColumn(heading, number, *what) for (heading, *what), number in zip(listed, numbers, strict=True)]


@dataclass(frozen=True)
class Line:
    """A unit's line of Biểu 2; the last is the sum."""

    key: str
    name: str
    numbers: dict[str, int]
    fields: dict[str, int]
    note: str = ""


def rare_in(total: Line, lines: Iterable[Line]) -> list[str]:
    """Of RARE_FIGURES those of which there is any, and which the report counted by unit when it was made."""
    listed = list(lines)
    return [slug for _, slug in RARE_FIGURES if total.numbers.get(slug) and all(slug in one.numbers for one in listed)]


@dataclass(frozen=True)
class Compared:
    """A figure beside the same day of the year before, each with the address of the rows that it counts."""

    words: str
    now: int
    then: int
    rate: str
    now_path: str
    then_path: str

    @property
    def more(self) -> int:
        return self.now - self.then


@dataclass(frozen=True)
class NamedList:
    """A list of models by name, of collectives and of individuals, numbered each."""

    key: str
    """'below', 'proposed', 'province': its annex in the Word form."""
    title: str
    rows: list[Named]

    def of(self, *, individual: bool) -> list[Named]:
        return [one for one in self.rows if one.individual == individual]


@dataclass
class Printed:
    """A report as its papers print it."""

    report: Report
    facts: Facts
    title: str
    sections: list[Written]
    """Those that say something."""
    lines: list[Line]
    total: Line
    fields: list[str]
    compared: list[Compared] = field(default_factory=list)
    warning: str = ""
    form: str = ""
    """Which prescribed form it follows, where an officer entered one."""
    bars: list[Bar] = field(default_factory=list)
    """Registered by unit, new and maintained; of a great many units the first ones."""
    annexes: list[tuple[str, list[str]]] = field(default_factory=list)
    """(title, the units' names) of the lists that the text refers to."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    quoted: list[tuple[QuotedFigure, str, int]] = field(default_factory=list)
    """Figures that papers print, beside ours."""

    named: list[NamedList] = field(default_factory=list)
    """Those that have somebody to name."""

    @property
    def as_of(self) -> date:
        return self.report.as_of

    @property
    def front(self) -> list[str]:
        """The lines over the text: the prescribed form, and that the data are made up."""
        return [*([self.form] if self.form else []), *([DEMO_NOTE] if self.report.season.is_illustrative else [])]

    @property
    def bars_title(self) -> str:
        return f"{len(self.bars)} ĐƠN VỊ ĐĂNG KÝ NHIỀU NHẤT" if len(self.bars) < len(self.lines) else "ĐĂNG KÝ THEO ĐƠN VỊ"

    @property
    def columns(self) -> list["UnitColumn"]:
        return unit_columns(self.fields, self.rare)

    @property
    def rare(self) -> list[str]:
        return rare_in(self.total, self.lines)


def printed(report: Report, made_at: Any = None) -> Printed:
    facts = facts_in(report)
    kind, values = kind_for(report), values_of(facts)
    fields = list(facts.fields)
    lines = [
        Line(one.key, one.name, one.numbers, one.by_field, "" if one.reports else "Không còn báo cáo vào ngày này")
        for one in facts.units
    ]
    total = Line("", "Tổng cộng", facts.numbers, facts.fields)
    found = Printed(
        report=report,
        facts=facts,
        title=kind.title.format(**values),
        sections=[one for one in written(report, facts) if one.lines],
        lines=lines if "units" in kind.tables else [],
        total=total,
        fields=fields,
    )
    if any(ANNEX in text for section in found.sections for text in section.texts):
        found.annexes = [(title, [one.name for one in units]) for title, units in annexes(facts)]
    if found.lines:
        rows = [
            (one.short, rows_path(report, "dang-ky", one.key), one.numbers["moi"], one.numbers["duy-tri"]) for one in facts.units
        ]
        found.bars = bars(rows)[:BARS]
    if "before" in kind.tables and facts.before:
        before_path = before_paths(report, facts)
        for slug in COMPARED:
            now, then = facts.compared[slug], facts.before.numbers[slug]
            paths = (rows_path(report, slug, is_compared=bool(facts.before.units)), before_path(slug))
            found.compared.append(
                Compared(first_up(FIGURES[slug].said(facts.own_level, facts.head)), now, then, percent(now, then), *paths)
            )
        found.warning = " ".join(filter(None, (of_some(facts).format(**values), _other_cutoff(report, facts))))
    if form := form_on(report.unit, f"bao-cao-{report.kind}", report.as_of):
        found.form = f"({form.number}, {form.document})"
    found.named = [one for one in named_lists(facts) if one.rows]
    found.notes = _notes(report, facts, made_at)
    found.quoted = quoted_beside(report, facts)
    return found


def _other_cutoff(report: Report, facts: Facts) -> str:
    other = read_day(facts.before.other_cutoff) if facts.before and facts.before.other_cutoff else None
    if not facts.before or not other:
        return ""
    return (
        f"Ngày chốt hai năm khác nhau: năm {facts.before.season} chốt {write_day(other)}, "
        f"năm {facts.season} chốt {write_day(read_day(facts.cutoff) or report.season.cutoff_on)}."
    )


def named_lists(facts: Facts) -> list[NamedList]:
    who = (facts.own_level if facts.whole else facts.short).upper()
    return [
        NamedList("below", f"DANH SÁCH MÔ HÌNH ĐƯỢC {who} CÔNG NHẬN", facts.recognised_below),
        NamedList("proposed", f"DANH SÁCH MÔ HÌNH ĐƯỢC ĐỀ NGHỊ LÊN {facts.head.upper()}", facts.proposed),
        NamedList("province", "DANH SÁCH MÔ HÌNH ĐƯỢC CÔNG NHẬN CẤP TỈNH", facts.recognised),
    ]


def first_up(words: str) -> str:
    """With a capital at its beginning; names within keep theirs."""
    return words[:1].upper() + words[1:]


def signed(number: int) -> str:
    """'+12', '−3', '0'."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{write_number(abs(number)) or '0'}"


def percent(now: int, then: int) -> str:
    """'+12,5%'; 'mới có' where there was nothing."""
    if not then:
        return "mới có" if now else "–"
    part = round((now - then) * 100 / then, 1)
    return f"{'+' if part > 0 else '−' if part < 0 else ''}{write_number(abs(part)) or '0'}%"


def _notes(report: Report, facts: Facts, made_at: Any) -> list[tuple[str, str]]:
    day = read_day(facts.as_of)
    notes = [
        ("Báo cáo", report.title),
        ("Đơn vị", facts.unit),
        ("Năm thi đua", str(facts.season)),
        ("Số liệu tính đến hết ngày", write_day(day) if day else ""),
        ("Lần lập", f"{report.build}"),
    ]
    when = made_at or report.built_at
    if when:
        notes.append(("Đếm lúc", when.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")))
    if report.checksum:
        notes.append(("Chốt lúc", report.frozen_at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")))  # type: ignore[union-attr]
        notes.append(("Mã kiểm tra SHA-256", report.checksum))
    else:
        notes.append(("Trạng thái", "Bản nháp, chưa chốt"))
    if report.correction_why:
        notes.append(("Đính chính vì", report.correction_why))
    if report.season.is_illustrative:
        notes.append(("Dữ liệu", DEMO_NOTE))
    return notes


def opener(report: Report, facts: Facts) -> Callable[[str], str]:
    """Where what a number of the text opens is (`words.links_of`)."""
    before_path = before_paths(report, facts) if facts.before else None
    rows = reverse("reports:rows", args=[report.pk])

    def href(opens: str) -> str:
        what, _, name = opens.partition("/")
        if not name:
            return opens if not opens or opens[0] == "#" else rows_path(report, opens)
        if what == "nam-truoc":
            return before_path(name) if before_path else ""
        if what == "linh-vuc":
            return rows_path(report, "dang-ky", about=name)
        if what == "so-sanh":
            return rows_path(report, name, is_compared=True)
        return f"{rows}?{urlencode({'so': name, 'ky': '1'} if what == 'trong-ky' else {what: name})}"

    return href


def before_paths(report: Report, facts: Facts) -> Callable[[str], str]:
    """The registrations behind a figure of the year before: of that year's own report of the day where there is one, else as
    the register has them.
    """
    assert facts.before, "there is no year before"
    then = facts.before
    there = Report.objects.filter(kind=report.kind, unit=report.unit, season__year=then.season, as_of=then.as_of)
    earlier = there.filter(facts__isnull=False).order_by("-state", "-correction").first()
    asked = {"nam": then.season, "ngay": then.as_of} | ({} if facts.whole else {"don-vi": report.unit.key})

    def href(figure: str) -> str:
        if earlier:
            return rows_path(earlier, figure)
        return f"{reverse('portal:figure-list')}?{urlencode(asked | {'so': figure})}"

    return href


def rows_address(report: Report, figure: str, unit: str = "", about: str = "", theme: str = "") -> str:
    """The address of exactly the registrations that a figure counted."""
    return absolute(rows_path(report, figure, unit, about, theme))


def rows_path(report: Report, figure: str, unit: str = "", about: str = "", theme: str = "", *, is_compared: bool = False) -> str:
    """`is_compared`: of the units alone that are compared with the year before."""
    given = {"so": figure, "don-vi": unit, "linh-vuc": about, "chu-de": theme, "so-sanh": "1" if is_compared else ""}
    asked = {name: value for name, value in given.items() if value}
    return f"{reverse('reports:rows', args=[report.pk])}?{urlencode(asked)}"
