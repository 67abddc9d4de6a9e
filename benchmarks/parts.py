"""The parts of `make bench`, each in a process of its own, or of some names together. See benchmarks/run.py."""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

from benchmarks.filling import RARE, ROWS, SIZE, big_register, fill, prepare

Result = dict[str, Any]
FILES = min(124, ROWS)  # registers sent at once: as many as there are units


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


def papers() -> list[Result]:
    """A document of a thousand rows, and a folder of as many registers as there are units; the memory of the largest process."""
    from models_registry import selectors
    from models_registry.registers.reader import RegisterReader
    from models_registry.registers.reading import RegisterContext
    from tests import odd_formats, registers

    season, unit = prepare()
    context = RegisterContext(season.opens_on, season.closes_on, selectors.field_book(), selectors.place_book(unit, season))
    folder = Path(os.environ["VAR_DIR"]) / "papers"
    folder.mkdir(exist_ok=True)
    rows = [registers.HEAD, *(registers.row(f"Tuyến đường hoa số {n}", number=n) for n in range(1, min(1000, ROWS) + 1))]
    each = min(120, ROWS)

    def count(path: Path) -> int:
        return sum(1 for _ in RegisterReader(path, context).rows())

    document = odd_formats.docx(folder / "so.docx", rows)
    took = median(lambda: count(document), 3)
    makers = (registers.xlsx, registers.xls, registers.ods, registers.text_file, odd_formats.docx, odd_formats.web_page)
    paths = [makers[n % len(makers)](folder / f"so-{n}", rows[: each + 1]) for n in range(FILES)]
    began = time.perf_counter()
    assert sum(map(count, paths)) == each * FILES
    whole = time.perf_counter() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return [
        {"what": f"read a document (.docx) of {len(rows) - 1:,} rows", "measured": ms(took), "aim": "<= 2000 ms"},
        {"what": f"read {FILES} registers of {each} rows in six formats", "measured": f"{whole:.1f} s", "aim": "<= 60 s"},
        {"what": "peak memory of reading these registers", "measured": f"{peak:.0f} MB", "aim": "<= 300 MB"},
    ]


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


def by_hand_queries(season: Any, day: date) -> list[list[Any]]:
    """The tally by bare SQL."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for sql in (TALLY_BY_HAND, RECOGNISED_BY_HAND, PROPOSED_BY_HAND, PROVINCE_BY_HAND, CENTRAL_BY_HAND):
            cursor.execute(sql, [season.pk, day, day])
            found.append(cursor.fetchall())
    return found


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
    a, b = beside(lambda: selectors.registered_cube(rows, day), lambda: hand(TALLY_BY_HAND))
    c, d = beside(lambda: selectors.tally(season, day), lambda: by_hand_queries(season, day), 5)
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


def filled() -> list[Result]:
    """Only the registrations, for a part that is to begin in a fresh process."""
    fill(max(ROWS, min(50_000, SIZE)))
    return []


def page() -> list[Result]:
    """The catalogue over SIZE models, made ready to be asked under gunicorn."""
    season = fill(SIZE)
    return [ready("/mo-hinh/?nam=2024", f"/bare/?season={season.pk}")]


def portal() -> list[Result]:
    """The portal over SIZE models, made ready to be asked under load: {what: [address, the bare view's that finds the same,
    queries]}; the model is one of the highest honour.
    """
    from django.contrib.auth.models import AnonymousUser

    from models_registry.models import Field, Registration
    from models_registry.selectors import CatalogueFilter, find
    from models_registry.services import count_words

    season = fill(SIZE)
    count_words()
    slug = find(AnonymousUser(), CatalogueFilter(season=season.pk)).values_list("model__slug", flat=True)[0]
    rare = Registration.objects.filter(season=season, title=RARE).select_related("field")[0]
    year, bare = "/mo-hinh/?nam=2024", f"/bare/?season={season.pk}"
    asked = {"catalogue of a year": (year, bare), "a model": (f"/mo-hinh/{slug}/", bare), "home": ("/", bare)}
    for what, words, field in (("common", "lo dot rac", Field.objects.get(slug="kinh-te")), ("rare", "nuoi dong", rare.field)):
        ours, other = {"q": words, "linh-vuc": field.slug}, {"q": words, "field": field.pk}
        asked[f"search, {what} words, two filters"] = (f"{year}&{urlencode(ours)}", f"{bare}&{urlencode(other)}")
    return [{what: [ours, other, ready(ours, other)["queries"]] for what, (ours, other) in asked.items()}]


def ready(ours: str, bare: str, user: Any = None) -> Result:
    """What benchmarks/serving.py needs to ask for a page: its address, the bare view's, the cookie; and its queries."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(ALLOWED_HOSTS=["*"], PUBLIC_CACHE_SECONDS=0, REMEMBER_SECONDS=36_000):
        client.get(ours)  # what each process remembers is remembered
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ours).status_code == 200
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}" if user else ""
    return {"ours": ours, "bare": bare, "cookie": cookie, "queries": len(queries)}


if __name__ == "__main__":
    django.setup()
    from benchmarks import calls, carrying, judging, online, reporting

    parts = {
        "read": read,
        "papers": papers,
        "store": store,
        "tally": tally,
        "search": search,
        "page": page,
        "portal": portal,
        "fill": filled,
    }
    parts |= {"board": online.board, "similar": online.similar_titles, "photo": online.photo}
    parts |= {"ranking": judging.ranking, "certificates": judging.certificates}
    parts |= {"report": reporting.report, "list": reporting.excel_list}
    parts |= {"carrying": carrying.carrying, "calls": calls.calls}
    results = [row for name in sys.argv[1].split(",") for row in parts[name]()]
    Path(sys.argv[2]).write_text(json.dumps(results))
