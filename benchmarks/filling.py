"""What the parts measure on: a big register, and a season of many registrations."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from danvan.environment import env

SIZE = env.number("BENCH_SIZE", default=1_000_000, least=1)
ROWS = env.number("BENCH_ROWS", default=50_000, least=1)
ROOT = Path(__file__).resolve().parent.parent
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

    from models_registry.services import NewSeason, open_season
    from organisation.models import Unit
    from organisation.services import load_units

    call_command("migrate", verbosity=0)
    load_units(units=ROOT / "demo" / "units.csv", successions=ROOT / "demo" / "unit_successions.csv")
    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    return season, Unit.objects.get(key="phan-thiet")


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
    from organisation.selectors.units import reporting_units
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
                own_rank=(rank := (3 if n % 50 == 0 else 2) if n % 5 == 0 else 0) or None,
                honour_rank=rank,
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
        (
            Recognition(registration=row, decision=own[row.unit_id], level=own[row.unit_id].level, title=row.title)
            for row in fifth
        ),
        batch_size=2000,
    )
    Recognition.objects.bulk_create(
        (Recognition(registration=row, decision=above, level=above.level, title=row.title) for row in stored[::50]),
        batch_size=2000,
    )
    proposed = (Dossier(registration=row, level=levels["province"], proposed_on=date(2024, 10, 1)) for row in fifth[::3])
    Dossier.objects.bulk_create(proposed, batch_size=2000)


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
