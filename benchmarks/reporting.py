"""What a report costs over SIZE registrations: its figures, what it counted, each of its papers; and a long list as Excel."""

import gc
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.filling import ROWS, SIZE, fill
from benchmarks.parts import Result, beside, by_hand_queries, ms, result, vendor

COLUMNS = 20


def _status(name: str) -> float:
    """A figure of /proc/self/status, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """(what it gave, seconds, MB that it added at its peak)"""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    base, start = _status("VmRSS"), time.perf_counter()
    given = work()
    return given, time.perf_counter() - start, max(_status("VmHWM") - base, 0)


def report() -> list[Result]:
    """The tally of 15/10 of a season of SIZE registrations, from the count to its three papers."""
    from organisation.models import Unit
    from reports.exports.excel import write_excel
    from reports.exports.pdf import write_pdf
    from reports.exports.values import printed
    from reports.exports.word import write_word
    from reports.kinds import kind_of
    from reports.models import Report
    from reports.selectors.gathering import counted_of, facts_of
    from reports.selectors.reconciling import findings

    season, day, kind = fill(SIZE), date(2024, 10, 15), kind_of("tong-hop-15-10")
    province = Unit.objects.get(key="binh-thuan")
    assert kind
    a, b = beside(lambda: facts_of(kind, season, province, day), lambda: by_hand_queries(season, day), 3)
    what, on = f"report of 15/10 over {SIZE:,}", vendor()
    rows = [result(f"{what}: all that it says / the tally by bare SQL, {on}", a, b, "")]
    facts = facts_of(kind, season, province, day)
    counted, taken, added = measured(lambda: counted_of(season, province, day))
    assert counted.number("dang-ky") == facts.numbers["dang-ky"] and counted.number("cap-huyen") == facts.numbers["cap-huyen"]
    rows.append(_row(f"{what}: every row that it counted", taken, added))
    kept, taken, added = measured(counted.packed)
    rows.append(_row(f"{what}: those rows packed, {len(kept) / 1024**2:.1f} MB", taken, added))
    made = Report(
        kind=kind.slug, season=season, unit=province, unit_name=facts.unit, as_of=day, facts=facts.as_json(), pk=1, build=1
    )
    found, taken, added = measured(lambda: findings(made, facts, counted))
    made.problems = [one.as_json() for one in found]
    rows.append(_row(f"{what}: reconciled", taken, added))
    for name, write in (("docx", write_word), ("xlsx", lambda one: write_excel(one).read()), ("pdf", write_pdf)):
        data, taken, added = measured(lambda write=write: write(printed(made)))  # type: ignore[misc]
        rows.append(_row(f"{what}: {name}, {len(data) / 1024:.0f} KB", taken, added))
    return rows


def _row(what: str, taken: float, added: float, aim: str = "") -> Result:
    return {"what": what, "measured": ms(taken), "beside": f"+{added:.0f} MB", "aim": aim}


def excel_list() -> list[Result]:
    """A list of ROWS lines and COLUMNS columns as Excel, beside xlsxwriter alone writing the same texts."""
    import tempfile

    import xlsxwriter

    from common.exports import write_xlsx
    from models_registry.exports import REGISTRATION_COLUMNS
    from models_registry.models import Registration

    season = fill(max(ROWS, min(50_000, SIZE)))
    columns = (REGISTRATION_COLUMNS * COLUMNS)[:COLUMNS]

    def rows() -> Any:
        listed = Registration.objects.filter(season=season).select_related("model", "field", "unit", "season", "place")
        return listed.order_by("pk")[:ROWS].iterator(chunk_size=2000)

    def ours() -> None:
        write_xlsx("Danh sách", columns, rows()).close()

    def bare() -> None:
        with tempfile.TemporaryFile() as file, xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for line, row in enumerate(rows()):
                for place, column in enumerate(columns):
                    sheet.write(line, place, column.value(row))

    _, taken, added = measured(ours)
    a, b = beside(ours, bare, 3)
    what = f"Excel list, {ROWS:,} lines x {COLUMNS} columns, {vendor()}"
    return [result(f"{what} / xlsxwriter alone", a, b, ""), _row(f"{what}: memory added", taken, added, "<= 60 MB")]
