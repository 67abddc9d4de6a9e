"""What linking costs: a register of maintained rows against many earlier models, and the pages that show what is linked."""

import os
import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.filling import SIZE, prepare
from benchmarks.parts import Result, beside, ms, vendor

EARLIER = min(100_000, SIZE)
MAINTAINED = min(1200, EARLIER // 10)
TITLES = (
    "Tổ tự quản",
    "Ánh sáng an ninh",
    "Nuôi bò vỗ béo",
    "Thắp sáng đường quê",
    "Phân loại rác thải",
    "Bếp ăn nghĩa tình",
    "Nhóm Zalo kết nối",
)
DOERS = ("Chi bộ thôn {}", "Chi hội Phụ nữ thôn {}", "Ban Công tác Mặt trận thôn {}")


def _named(n: int) -> tuple[str, str]:
    """(title, doer) of the nth earlier model."""
    return f"{TITLES[n % len(TITLES)]} số {n // 30}", DOERS[n % len(DOERS)].format(n % 40)


def fill_earlier(season: Any, unit: Any, places: list[Any]) -> None:
    """EARLIER models of one unit, each registered in the season."""
    from django.db import connection, transaction

    from models_registry.models import EmulationModel, Field, Registration
    from models_registry.services import refresh_counts
    from models_registry.services.lines import derived

    field = Field.objects.earliest("pk")
    models = EmulationModel.objects.bulk_create(
        (EmulationModel(slug=f"m-{n}", title=_named(n)[0], unit=unit, identity_key=f"{n:032x}") for n in range(EARLIER)),
        batch_size=2000,
    )
    rows = []
    for n, model in enumerate(models):
        (title, doer), place = _named(n), places[n % len(places)]
        told = derived(title=title, subject=doer, place_name=place.place, unit_name="Phan Thiết")
        known = {"season": season, "unit": unit, "place_id": place.unit_id, "model": model, "field": field, "kind": "new"}
        known |= {"title": title, "subject": doer, "unit_name": "Phan Thiết", "place_name": place.place}
        known |= {"subject_kind": "collective", "registered_on": season.opens_on, "identity_key": model.identity_key}
        rows.append(Registration(**known, **told))
    Registration.objects.bulk_create(rows, batch_size=2000)
    with transaction.atomic():
        refresh_counts(season_ids=[season.pk], unit_ids=[unit.pk])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _register(places: list[Any]) -> Path:
    """A third the same, a third with a suffix, a third reworded."""
    from tests import registers

    lines = []
    for n in range(0, EARLIER, max(1, EARLIER // MAINTAINED))[:MAINTAINED]:
        title, doer = _named(n)
        words = (title, f"{title} (giai đoạn 2)", f"Mô hình {title} trên địa bàn")[len(lines) % 3]
        place = places[n % len(places)].place
        lines.append(registers.row(words, subject=doer, place=place, kind="Duy trì, nhân rộng", day="15/3/2025"))
    return registers.xlsx(Path(os.environ["VAR_DIR"]) / "maintained.xlsx", [registers.HEAD, *lines])


def carrying() -> list[Result]:
    """Storing MAINTAINED maintained rows, which look for what they carry on, beside storing the same as new ones."""
    from django.db import transaction

    from models_registry.services import NewSeason, imports, open_season
    from models_registry.services.proposals import Connected
    from organisation.selectors.units import children

    before, unit = prepare()
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    places = list(children(unit, date(2025, 3, 1)))
    fill_earlier(before, unit, places)
    path, real = _register(places), imports.connect

    spent: dict[Any, list[float]] = {}

    def store(connect: Any) -> None:
        imports.connect, begun = connect, time.process_time()
        with transaction.atomic():
            report = imports.import_register(path=path, season=season, unit=unit, actor=None)
            assert report.created == MAINTAINED, report.rejected[:3]
            transaction.set_rollback(True)
        spent.setdefault(connect, []).append(time.process_time() - begun)

    def nothing(book: Any, actor: Any) -> Connected:
        return Connected({}, set())

    found, alone = beside(lambda: store(real), lambda: store(nothing), 5)
    imports.connect = real
    more = statistics.median(spent[real]) - statistics.median(spent[nothing])
    what = f"store {MAINTAINED:,} maintained rows, {EARLIER:,} earlier models / not linked, {vendor()}"
    return [
        {"what": what, "measured": ms(found), "beside": ms(alone), "ratio": round(found / alone, 2), "aim": "+ 2 s"},
        {"what": f"processor time of linking them, {vendor()}", "measured": ms(more), "aim": "<= 2 s"},
    ]
