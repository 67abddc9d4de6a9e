from django.db import migrations, models
from django.db.models import Case, Count, When

CUBE = ("unit_id", "field_id", "kind", "subject_kind", "honour_rank", "is_taken")


def carry(apps, schema_editor):
    """A model that goes on keeps its honours. The counts of what changes are made anew."""
    Registration = apps.get_model("models_registry", "Registration")
    CatalogueCount = apps.get_model("models_registry", "CatalogueCount")
    Registration.objects.filter(honour_rank__gt=0).update(own_rank=models.F("honour_rank"))
    honoured = Registration.objects.filter(own_rank__gt=0).values("model")
    rows = Registration.objects.filter(model__in=honoured, registered_on__isnull=False).order_by("model", "season__year")
    before, highest, seasons, units = None, 0, set(), set()
    for row in rows.only("model", "season", "unit", "own_rank", "honour_rank").iterator():
        highest = max(row.own_rank or 0, highest if row.model_id == before else 0)
        before = row.model_id
        if row.honour_rank != highest:
            Registration.objects.filter(pk=row.pk).update(honour_rank=highest)
            seasons.add(row.season_id)
            units.add(row.unit_id)
    if not units:
        return
    CatalogueCount.objects.filter(unit__in=units).filter(models.Q(season__in=seasons) | models.Q(season__isnull=True)).delete()
    standing = Registration.objects.filter(unit__in=units, withdrawn_on__isnull=True, registered_on__isnull=False).order_by()
    standing = standing.annotate(is_taken=Case(When(taken__gt=0, then=True), default=False))
    by_season = standing.filter(season__in=seasons).values("season_id", *CUBE).annotate(total=Count("season"))
    latest = standing.filter(is_latest=True).values(*CUBE).annotate(total=Count("season"))
    CatalogueCount.objects.bulk_create([CatalogueCount(**row) for row in [*by_season, *latest]], batch_size=1000)


class Migration(migrations.Migration):
    """A registration knows the highest honour of its model by then, and beside it what was decided of itself."""

    dependencies = [("models_registry", "0004_continuity")]
    operations = [
        migrations.AddField("registration", "own_rank", models.PositiveSmallIntegerField(null=True, editable=False)),
        migrations.RunPython(carry, migrations.RunPython.noop),
    ]
