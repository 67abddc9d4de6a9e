from django.db import migrations
from django.db.models import Count, Q

CUBE = ("unit_id", "field_id", "kind", "subject_kind", "honour_rank")


def tell(apps, schema_editor):
    """Of the models that were taken on before the catalogue kept the number."""
    Adoption = apps.get_model("replication", "Adoption")
    Registration = apps.get_model("models_registry", "Registration")
    CatalogueCount = apps.get_model("models_registry", "CatalogueCount")
    taken = Adoption.objects.filter(ended_on__isnull=True).order_by().values_list("origin").annotate(n=Count("pk"))
    for model, number in taken:
        Registration.objects.filter(model=model).update(taken=number)
    standing = Registration.objects.filter(taken__gt=0, registered_on__isnull=False, withdrawn_on__isnull=True).order_by()
    split = {}
    for season, row in [(True, r) for r in standing.values("season_id", *CUBE).annotate(n=Count("pk"))] + [
        (False, r) for r in standing.filter(is_latest=True).values(*CUBE).annotate(n=Count("pk"))
    ]:
        number = row.pop("n")
        split[(row.pop("season_id") if season else None, *row.values())] = number
    for (season_id, *values), number in split.items():
        where = dict(zip(CUBE, values, strict=True))
        kept = CatalogueCount.objects.filter(Q(season_id=season_id) if season_id else Q(season__isnull=True), **where)
        whole = kept.get()
        if whole.total == number:
            kept.update(is_taken=True)
        else:
            kept.update(total=whole.total - number)
            CatalogueCount.objects.create(season_id=season_id, **where, total=number, is_taken=True)


class Migration(migrations.Migration):
    dependencies = [
        ("replication", "0003_visits_and_how_to"),
        ("models_registry", "0008_taken_on_and_words"),
    ]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
