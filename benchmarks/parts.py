"""The parts of `make bench`, each in a process of its own. See benchmarks/run.py."""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

SIZE = int(os.environ.get("BENCH_SIZE", "1000000"))
ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
ROOT = Path(__file__).resolve().parent.parent
Result = dict[str, Any]


def median(run: Callable[[], object], times: int = 5) -> float:
    """Seconds, the median of several runs after one that warms up."""
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def beside(first: Callable[[], object], second: Callable[[], object], times: int = 7) -> tuple[float, float]:
    """Medians of two things run by turns, so that both meet the same machine."""
    first(), second()
    a, b = [], []
    for _ in range(times):
        for run, taken in ((first, a), (second, b)):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    return statistics.median(a), statistics.median(b)


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def result(what: str, ours: float, other: float, aim: str) -> Result:
    return {"what": what, "measured": ms(ours), "beside": ms(other), "ratio": round(ours / other, 3), "aim": aim}


def vendor() -> str:
    from django.db import connection

    return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"


TITLES = [
    "Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình",
    "Tuyến đường hoa thay cỏ dại",
    "Tổ tự quản về an ninh trật tự",
    "Mái ấm tình thương cho hộ nghèo",
    "Phân loại rác thải tại nguồn",
    "Nhóm Zalo kết nối chính quyền với nhân dân",
    "Ngày thứ Sáu nghe dân nói",
    "Hiến đất mở rộng đường giao thông nông thôn",
]


def big_register(path: Path, rows: int) -> Path:
    import xlsxwriter

    from tests.registers import HEAD

    chance = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, HEAD)
        fields = ["Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng hệ thống chính trị"]
        for n in range(rows):
            subject = f"Chi hội Phụ nữ thôn {chance.randint(1, 40)}"
            sheet.write_row(
                n + 1,
                0,
                [
                    n + 1,
                    f"{chance.choice(TITLES)} số {n}",
                    subject,
                    chance.choice(["Phường Phú Hài", "Xã Tiến Lợi", "Phường Phú Thủy"]),
                    chance.choice(fields),
                    chance.choice(["Tập thể", "Cá nhân"]),
                    chance.choice(["Đăng ký mới", "Duy trì, nhân rộng"]),
                    f"{subject} vận động, hướng dẫn và cùng nhân dân thực hiện; theo dõi kết quả từng quý.",
                    f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/2024",
                    "",
                ],
            )
    return path


def prepare() -> tuple[Any, Any]:
    """Tables, units and the season of 2024 -> (season, Phan Thiết)."""
    from django.core.management import call_command

    from models_registry.services import open_season
    from organisation.models import Unit
    from organisation.services import load_units

    call_command("migrate", verbosity=0)
    load_units(units=ROOT / "demo" / "units.csv", successions=ROOT / "demo" / "unit_successions.csv")
    season, _ = open_season(year=2024, period="2021-2025", cutoff_on=date(2024, 11, 30))
    return season, Unit.objects.get(key="phan-thiet")


def read() -> list[Result]:
    """Reading a big register against what python-calamine alone needs for the file."""
    from python_calamine import CalamineWorkbook

    from models_registry import selectors
    from models_registry.registers.reader import RegisterReader
    from models_registry.registers.reading import RegisterContext
    from models_registry.registers.rows import ReadRow

    season, unit = prepare()
    path = big_register(Path(os.environ["VAR_DIR"]) / "big.xlsx", ROWS)
    context = RegisterContext(season.opens_on, season.closes_on, selectors.field_book(), selectors.place_book(unit, season))

    def ours() -> None:
        good = sum(isinstance(row, ReadRow) for row in RegisterReader(path, context).rows())
        assert good == ROWS, good

    def alone() -> None:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    a, b = beside(ours, alone, 5)
    return [result(f"read a register of {ROWS:,} rows / calamine alone", a, b, "<= 3")]


def store() -> list[Result]:
    """Storing it: rows a second, and the process's peak memory."""
    from models_registry.services import import_register

    season, unit = prepare()
    path = big_register(Path(os.environ["VAR_DIR"]) / "big.xlsx", ROWS)
    start = time.perf_counter()
    report = import_register(path=path, season=season, unit=unit, actor=None)
    taken = time.perf_counter() - start
    assert report.created == ROWS, report.rejected[:3]
    again = time.perf_counter()
    assert import_register(path=path, season=season, unit=unit, actor=None).unchanged == ROWS
    again = time.perf_counter() - again
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    on = vendor()
    return [
        {"what": f"store {ROWS:,} rows, {on}", "measured": f"{ROWS / taken:,.0f} rows/s", "aim": ""},
        {"what": f"the same register again, {on}", "measured": f"{ROWS / again:,.0f} rows/s", "aim": ""},
        {"what": f"peak memory of reading and storing, {on}", "measured": f"{peak:.0f} MB", "aim": "<= 300 MB"},
    ]


def fill(size: int) -> Any:
    """One season of `size` registrations: a few thousand made by the ORM, then copied by SQL with ids moved on."""
    from django.db import connection, transaction

    from models_registry.models import Registration
    from models_registry.services import refresh_counts
    from organisation.models import Unit

    season, _ = prepare()
    if not Registration.objects.exists():
        _first_rows(season, min(size, 20000))
    with connection.cursor() as cursor:
        while (there := Registration.objects.count()) < size:
            _copy_rows(cursor, min(there, size - there))
    with transaction.atomic():
        refresh_counts(season_ids=[season.pk], unit_ids=list(Unit.objects.filter(parent_of_none()).values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return season


def parent_of_none() -> Any:
    from django.db.models import Q

    from models_registry.models import Registration

    return Q(pk__in=Registration.objects.values("unit").distinct())


def _first_rows(season: Any, size: int) -> None:
    from common.dates import day_begins
    from common.text import compare_key, search_text, sort_key
    from common.trigrams import mask
    from models_registry.models import EmulationModel, Field, Registration
    from organisation.models import Level, Unit
    from organisation.selectors import reporting_units
    from recognition.models import Decision, Dossier, Recognition

    units = [version.unit for version in reporting_units(date(2024, 1, 1))]
    levels = {level.key: level for level in Level.objects.all()}
    province = Unit.objects.get(key="binh-thuan")
    fields, chance = list(Field.objects.all()), random.Random(2)
    own = {
        unit.pk: Decision.objects.create(
            issuer=unit, number="1-QĐ", decided_on=date(2024, 9, 1), issuer_name=unit.key, level=levels["district"]
        )
        for unit in units
    }
    above = Decision.objects.create(
        issuer=province, number="9-QĐ", decided_on=date(2024, 10, 2), issuer_name="tỉnh", level=levels["province"]
    )
    texts = [(title, search_text(title), sort_key(title)) for title in TITLES]
    models = EmulationModel.objects.bulk_create(
        (EmulationModel(slug=f"m-{n}", title=f"Mô hình {n}", unit=units[n % 14], identity_key=f"{n:032x}") for n in range(size)),
        batch_size=2000,
    )
    made = []
    for n, model in enumerate(models):
        title, words, key = texts[chance.randrange(len(texts))]
        if n == 777:
            title, words, key = RARE, search_text(RARE), sort_key(RARE)
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(360))
        made.append(
            Registration(
                season=season,
                unit=units[n % 14],
                model=model,
                field=fields[chance.randrange(4)],
                kind=chance.choice(("new", "new", "maintained")),
                subject_kind=chance.choice(("collective",) * 8 + ("individual",)),
                title=title,
                subject=f"Chi hội {n % 997}",
                unit_name="Huyện ủy",
                registered_on=day,
                withdrawn_on=day + timedelta(days=30) if n % 200 == 0 else None,
                honour_rank=(3 if n % 50 == 0 else 2) if n % 5 == 0 else 0,
                identity_key=f"{n:032x}",
                state="withdrawn" if n % 200 == 0 else "submitted" if n % 40 == 1 else "accepted",
                state_since=day_begins(day),
                title_key=compare_key(title),
                title_mask=mask(compare_key(title)),
                search_text=f"{words} chi hoi {n % 997}",
                sort_key=key,
            )
        )
    stored = Registration.objects.bulk_create(made, batch_size=2000)
    fifth = stored[::5]
    Recognition.objects.bulk_create(
        (Recognition(registration=row, decision=own[row.unit_id], title=row.title) for row in fifth), batch_size=2000
    )
    Recognition.objects.bulk_create(
        (Recognition(registration=row, decision=above, title=row.title) for row in stored[::50]), batch_size=2000
    )
    Dossier.objects.bulk_create((Dossier(registration=row, proposed_on=date(2024, 10, 1)) for row in fifth[::3]), batch_size=2000)


RARE = "Nuôi dông trên cát"
# table -> columns whose ids move on with the copy, and columns that must stay unique
_COPIED: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("models_registry_emulationmodel", ("id",), {"slug": "slug || '-' || {n}"}),
    ("models_registry_registration", ("id", "model_id"), {"identity_key": "'k' || CAST(id + {by} AS VARCHAR(30))"}),
    ("recognition_recognition", ("id", "registration_id"), {}),
    ("recognition_dossier", ("id", "registration_id"), {}),
)


def _copy_rows(cursor: Any, number: int) -> None:
    """Copy the first `number` registrations with all that hangs on them."""
    from django.db import connection

    cursor.execute("SELECT max(id), min(id) FROM models_registry_registration")
    top, bottom = cursor.fetchone()
    cursor.execute("SELECT max(id), min(id) FROM models_registry_emulationmodel")
    top_model, bottom_model = cursor.fetchone()
    moves = {
        "models_registry_emulationmodel": (top_model - bottom_model + 1, f"id < {bottom_model + number}"),
        "models_registry_registration": (top - bottom + 1, f"id < {bottom + number}"),
        "recognition_recognition": (None, f"registration_id < {bottom + number}"),
        "recognition_dossier": (None, f"registration_id < {bottom + number}"),
    }
    for table, moved, unique in _COPIED:
        by, where = moves[table]
        if by is None:
            cursor.execute(f"SELECT COALESCE(max(id) - min(id) + 1, 0) FROM {table}")
            by = cursor.fetchone()[0]
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        values = []
        for column in columns:
            if column == "id":
                values.append(f"id + {by}")
            elif column in moved:
                values.append(f"{column} + {top_model - bottom_model + 1 if column == 'model_id' else top - bottom + 1}")
            else:
                values.append(unique.get(column, column).format(n=f"'{top:07d}'", by=by))
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE {where}")


TALLY_BY_HAND = """
SELECT unit_id, field_id, kind, subject_kind, COUNT(*) FROM models_registry_registration
WHERE season_id = %s AND registered_on <= %s AND (withdrawn_on IS NULL OR withdrawn_on > %s)
GROUP BY unit_id, field_id, kind, subject_kind
"""
RECOGNISED_BY_HAND = """
SELECT r.unit_id, COUNT(DISTINCT r.id) FROM models_registry_registration r
JOIN recognition_recognition g ON g.registration_id = r.id JOIN recognition_decision d ON d.id = g.decision_id
WHERE r.season_id = %s AND d.decided_on <= %s AND (g.revoked_on IS NULL OR g.revoked_on > %s) AND d.issuer_id = r.unit_id
GROUP BY r.unit_id
"""
PROVINCE_BY_HAND = """
SELECT r.unit_id, r.subject_kind, COUNT(DISTINCT r.id) FROM models_registry_registration r
JOIN recognition_recognition g ON g.registration_id = r.id JOIN recognition_decision d ON d.id = g.decision_id
JOIN organisation_level l ON l.id = d.level_id AND l.gathers_registers
WHERE r.season_id = %s AND d.decided_on <= %s AND (g.revoked_on IS NULL OR g.revoked_on > %s)
GROUP BY r.unit_id, r.subject_kind
"""
CENTRAL_BY_HAND = """
SELECT COUNT(*) FROM models_registry_registration r JOIN recognition_centralintroduction c ON c.registration_id = r.id
WHERE r.season_id = %s AND c.introduced_on <= %s AND %s IS NOT NULL
"""
PROPOSED_BY_HAND = """
SELECT r.unit_id, COUNT(*) FROM models_registry_registration r JOIN recognition_dossier s ON s.registration_id = r.id
WHERE r.season_id = %s AND s.proposed_on <= %s AND (s.withdrawn_on IS NULL OR s.withdrawn_on > %s) GROUP BY r.unit_id
"""


def tally() -> list[Result]:
    """The tally of one season of SIZE registrations against the same aggregates written by hand."""
    from django.db import connection

    from reports import figures, selectors

    season = fill(SIZE)
    day = date(2024, 10, 15)

    def hand(sql: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [season.pk, day, day])
            return cursor.fetchall()

    rows = figures.rows_of(season)
    ours = selectors.registered_cube(rows, day)
    assert sorted(ours) == sorted(tuple(row) for row in hand(TALLY_BY_HAND))
    whole = selectors.tally(season, day)
    assert whole.district_recognised == sum(row[1] for row in hand(RECOGNISED_BY_HAND))
    assert whole.province_proposed == sum(row[1] for row in hand(PROPOSED_BY_HAND))
    by_hand = (TALLY_BY_HAND, RECOGNISED_BY_HAND, PROPOSED_BY_HAND, PROVINCE_BY_HAND, CENTRAL_BY_HAND)
    a, b = beside(lambda: selectors.registered_cube(rows, day), lambda: hand(TALLY_BY_HAND))
    c, d = beside(
        lambda: selectors.tally(season, day),
        lambda: [hand(sql) for sql in by_hand],
        5,
    )
    on = vendor()
    return [
        result(f"registered, {SIZE:,} in one season / SQL by hand, {on}", a, b, "<= 1.3"),
        result(f"whole tally, {SIZE:,} in one season / SQL by hand, {on}", c, d, "<= 1.3"),
    ]


SEARCH_BY_HAND = """
SELECT id FROM models_registry_registration WHERE withdrawn_on IS NULL AND is_latest AND search_text LIKE %s
ORDER BY honour_rank DESC, sort_key, id LIMIT 24
"""


def search() -> list[Result]:
    """The first page of a search in SIZE titles against bare SQL on the trigram index."""
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection

    from models_registry.selectors import PAGE_SIZE, CatalogueFilter, find

    fill(SIZE)
    results = []
    for name, words in (("rare word", "nuoi"), ("common word", "rac"), ("two letters", "lo")):

        def ours(words: str = words) -> list[Any]:
            return list(find(AnonymousUser(), CatalogueFilter(words=words)).values_list("id", flat=True)[:PAGE_SIZE])

        def hand(words: str = words) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(SEARCH_BY_HAND, [f"% {words}%"])
                return [row[0] for row in cursor.fetchall()]

        assert ours() == hand()
        a, b = beside(ours, hand, 15)
        results.append(result(f"search {SIZE:,} titles, {name}, first page / bare SQL", a, b, "<= 1.5"))
    return results


def page() -> list[Result]:
    """The catalogue's page with SIZE models against a bare view, under the same gunicorn."""
    found = _serve_page(SIZE)
    first = result(f"catalogue, 24 cards, counts, {SIZE:,} models / bare view", found["ours"], found["bare"], "<= 2")
    return [
        first | {"seconds": found["ours"]},
        {"what": "catalogue: queries", "measured": str(found["queries"]), "aim": "<= 10"},
        {"what": "catalogue: HTML", "measured": f"{found['bytes'] / 1024:.0f} KB", "aim": "<= 60 KB"},
        {"what": "worker's memory", "measured": f"{found['memory']:.0f} MB", "aim": "<= 120 MB"},
    ]


def _serve_page(size: int) -> dict[str, Any]:
    season = fill(size)
    return serve("/mo-hinh/?nam=2024", f"/bare/?season={season.pk}")


def serve(ours: str, bare: str, user: Any = None) -> dict[str, Any]:
    """Two addresses under one gunicorn, asked by turns: seconds, queries, bytes and the worker's memory."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from tests.servers import free_port

    static, client = _static(), Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(ALLOWED_HOSTS=["*"]), CaptureQueriesContext(connection) as queries:
        assert client.get(ours).status_code == 200
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}" if user else ""
    port = free_port()
    command = [str(Path(sys.executable).parent / "gunicorn"), "danvan.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--log-level", "error"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "STATIC_ROOT": static}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        addresses = {"ours": f"http://127.0.0.1:{port}{ours}", "bare": f"http://127.0.0.1:{port}{bare}"}
        for _ in range(100):
            try:
                _get(addresses["bare"])
                break
            except OSError:
                time.sleep(0.1)
        found: dict[str, Any] = {"queries": len(queries), "bytes": len(_get(addresses["ours"], cookie))}
        found["ours"], found["bare"] = beside(lambda: _get(addresses["ours"], cookie), lambda: _get(addresses["bare"]), 200)
        found["memory"] = max(_memory(child) for child in _children(server.pid))
        return found
    finally:
        server.terminate()
        server.wait()


def _static() -> str:
    from django.conf import settings
    from django.core.management import call_command

    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    return str(settings.STATIC_ROOT)


def _get(address: str, cookie: str = "") -> bytes:
    asked = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(asked, timeout=60) as response:
        return response.read()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    django.setup()
    from benchmarks import online

    parts = {"read": read, "store": store, "tally": tally, "search": search, "page": page}
    parts |= {"board": online.board, "similar": online.similar_titles, "photo": online.photo}
    Path(sys.argv[2]).write_text(json.dumps(parts[sys.argv[1]]()))
