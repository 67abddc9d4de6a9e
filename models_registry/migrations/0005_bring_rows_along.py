from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Count

from common.text import compare_key
from common.trigrams import mask

REASONS = (
    ("Tên chưa nói rõ việc làm", 1),
    ("Trùng với mô hình khác", 1),
    ("Lĩnh vực chưa đúng", 1),
    ("Chưa nêu lý do, số liệu ban đầu", 2),
    ("Mục tiêu chưa rõ", 3),
    ("Chưa rõ cách làm, ai làm gì", 4),
    ("Địa bàn, đối tượng chưa đúng", 5),
    ("Chưa rõ đơn vị chủ trì", 6),
    ("Thiếu nguồn lực hoặc thời gian", 7),
    ("Chưa đo được kết quả", 8),
    ("Chưa nêu cách duy trì, nhân rộng", 9),
)


def bring_along(apps, schema_editor):
    """Rows that came with files get their state, the moment it began, and the folded title; the board its counts."""
    Registration = apps.get_model("models_registry", "Registration")
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    for column, state in (("registered_on", "accepted"), ("withdrawn_on", "withdrawn")):
        rows = Registration.objects.filter(**{f"{column}__isnull": False})
        for day in rows.order_by().values_list(column, flat=True).distinct():
            since = datetime.combine(day, time.min, zone)
            rows.filter(**{column: day}).update(state=state, state_since=since)
    batch = []
    for row in Registration.objects.only("pk", "title").iterator(chunk_size=2000):
        row.title_key = compare_key(row.title)[:500]
        row.title_mask = mask(compare_key(row.title))
        batch.append(row)
        if len(batch) == 2000:
            Registration.objects.bulk_update(batch, ["title_key", "title_mask"])
            batch = []
    Registration.objects.bulk_update(batch, ["title_key", "title_mask"])
    BoardCount = apps.get_model("models_registry", "BoardCount")
    grouped = Registration.objects.order_by().values("season_id", "unit_id", "place_id", "field_id", "state")
    BoardCount.objects.bulk_create((BoardCount(**row) for row in grouped.annotate(total=Count("season"))), batch_size=1000)
    if Registration.objects.exists():
        ReturnReason = apps.get_model("models_registry", "ReturnReason")
        ReturnReason.objects.bulk_create(
            ReturnReason(words=words, box=box, position=position) for position, (words, box) in enumerate(REASONS, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0004_online_registration")]
    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
