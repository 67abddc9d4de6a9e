"""A season that is nowhere in the repo, invented at random: registers and outcomes go in as files, and the three papers are read
again by other libraries against a count by hand.
"""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from organisation.models import UnitVersion
from tests import registers

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 15)
FIELDS = ["Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng hệ thống chính trị"]
OUTCOMES = (
    "unit,title,subject,place,withdrawn_on,district_decision,district_on,proposed_on,province_decision,province_on,central_on"
)


def some_day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, (last - first).days))


class Invented:
    """A season's papers, and what they come to on the day."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        units = UnitVersion.objects.on(DAY).filter(parent__key="binh-thuan").order_by("unit__position").select_related("unit")
        self.units = {one.unit.key: one for one in units}
        self.count: dict[str, Counter[str]] = {key: Counter() for key in self.units}
        self.outcomes: list[dict[str, str]] = []
        self.files = {key: self._register(key, folder) for key in self.units}
        self.outcome_file = folder / "outcomes.csv"
        with self.outcome_file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, OUTCOMES.split(","), restval="")
            writer.writeheader()
            writer.writerows(self.outcomes)

    def _register(self, key: str, folder: Path) -> Path:
        rows = [registers.HEAD]
        silent = self.chance.random() < 0.3  # a unit that recognises and proposes nothing
        for number in range(1, self.chance.randint(0, 25) + 1):
            title, subject = f"Mô hình thử số {number}", f"Chi hội {self.chance.randint(1, 9)}"
            field, new = self.chance.choice(FIELDS), self.chance.random() < 0.6
            one = self.chance.random() < 0.2
            day = some_day(self.chance, date(2024, 1, 5), date(2024, 11, 20))
            rows.append(
                registers.row(
                    title, number=number, subject=subject, place="", field=field, day=f"{day:%d/%m/%Y}",
                    subject_kind="Cá nhân" if one else "Tập thể", kind="Đăng ký mới" if new else "Duy trì, nhân rộng",
                )
            )  # fmt: skip
            withdrawn = some_day(self.chance, day, date(2024, 11, 25)) if self.chance.random() < 0.15 else None
            found = self.count[key]
            if day <= DAY and not (withdrawn and withdrawn <= DAY):
                found.update(["dang-ky", "moi" if new else "duy-tri", "ca-nhan" if one else "tap-the", field])
            told = {"unit": key, "title": title, "subject": subject, "withdrawn_on": withdrawn.isoformat() if withdrawn else ""}
            if not silent and not withdrawn and self.chance.random() < 0.4:
                on = some_day(self.chance, day, date(2024, 11, 28))
                told |= {"district_decision": f"7{on:%m%d}-QĐ/HU", "district_on": on.isoformat()}
                found["cap-huyen"] += on <= DAY
                if self.chance.random() < 0.5:
                    sent = some_day(self.chance, on, date(2024, 11, 29))
                    told["proposed_on"] = sent.isoformat()
                    found["de-nghi"] += sent <= DAY
            if told["withdrawn_on"] or "district_on" in told:
                self.outcomes.append(told)
        return registers.xlsx(folder / f"{key}.xlsx", rows)

    def total(self, figure: str) -> int:
        return sum(found[figure] for found in self.count.values())


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.both), 2, 3])
def test_the_papers_of_an_invented_season(new_season: Any, tmp_path: Path, seed: int) -> None:
    made = Invented(seed, tmp_path)
    for key, file in made.files.items():
        if made.count[key] or openpyxl.load_workbook(file).active.max_row > 1:
            call_command("import_register", str(file), season=2024, unit=key)
    call_command("import_outcomes", str(made.outcome_file), season=2024)
    call_command("build_report", "tong-hop-15-10", season=2024, as_of=DAY.isoformat(), out=tmp_path / "ra")
    files = {path.suffix: path for path in (tmp_path / "ra").iterdir()}
    paper = docx.Document(str(files[".docx"]))
    words = "\n".join(one.text for one in paper.paragraphs)
    pdf = " ".join(" ".join(page.extract_text() for page in PdfReader(files[".pdf"]).pages).split())
    for text in (words, pdf):
        said = " ".join(text.split())
        assert f"toàn tỉnh có {made.total('dang-ky')} mô hình" in said
        assert (
            f"đăng ký năm 2024 là {made.total('moi')}, tiếp tục duy trì và nhân rộng từ năm 2023 là {made.total('duy-tri')}"
            in said
        )
        for figure, verb in (("cap-huyen", "công nhận"), ("de-nghi", "đề nghị")):
            have = [made.units[key].short_name for key, found in made.count.items() if found[figure]]
            lacking = [made.units[key].short_name for key, found in made.count.items() if not found[figure]]
            named = f" (trừ {', '.join(lacking)})" if 0 < len(lacking) <= 5 else ""
            named = f" ({', '.join(have)})" if not named and len(have) <= 5 else named
            assert f"{len(have)}/14 đơn vị{named} {verb} {made.total(figure)}" in said
    book = openpyxl.load_workbook(files[".xlsx"])
    heads = [cell.value for cell in book["Biểu 2"][3]]
    rows = {
        row[1].value: dict(zip(heads, (cell.value for cell in row), strict=False)) for row in book["Biểu 2"].iter_rows(min_row=5)
    }
    (table,) = [one for one in paper.tables if len(one.columns) > 10]
    word_heads = [cell.text for cell in table.rows[0].cells]
    word_rows = {
        row.cells[1].text: dict(zip(word_heads, (cell.text for cell in row.cells), strict=True)) for row in table.rows[1:]
    }
    names = {"Tổng số": "dang-ky", "Mới": "moi", "Duy trì, nhân rộng": "duy-tri", "Tập thể": "tap-the", "Cá nhân": "ca-nhan"}
    names |= {"Công nhận": "cap-huyen", "Đề nghị": "de-nghi"} | {name: name for name in FIELDS}
    for key, found in made.count.items():
        for heading, figure in names.items():
            assert rows[made.units[key].name][heading] == found[figure], (key, heading)
            assert word_rows[made.units[key].name][heading] == str(found[figure]), (key, heading)
    for heading, figure in names.items():
        assert rows["Tổng cộng"][heading] == made.total(figure) and word_rows["Tổng cộng"][heading] == str(made.total(figure))
