"""The demo as on its first day: all of its database and files thrown away and made anew. Never of a portal that is no demo."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import FileField

from common.exceptions import DomainError
from common.remember import forget
from models_registry.models import Attachment, Registration, Season
from portal.demo.first import load, load_extras
from portal.demo.living import load_living
from portal.demo.steps import is_demo, mark


def check_demo() -> None:
    """Raise DomainError where the database was not filled by the demo, or holds a season that is not the demo's."""
    if not is_demo():
        raise DomainError("Cơ sở dữ liệu này không phải bản dùng thử, nên không làm lại từ đầu.")
    if earnest := Season.objects.filter(is_illustrative=False).first():
        raise DomainError(f"Năm {earnest} không phải dữ liệu minh họa: cổng này đã dùng thật, nên không làm lại từ đầu.")


def typed() -> int:
    """How many registrations people typed, the demo's own among them."""
    return Registration.objects.filter(sheet__isnull=False).count()


def reset() -> None:
    """Services may go on meanwhile: they answer again once the first season is there."""
    check_demo()
    files = list(_files())
    mark.touch()  # cut off from here on, the next start loads the demo
    _drop_all()
    for name in files:
        default_storage.delete(name)
    cache.clear()
    forget()
    ContentType.objects.clear_cache()
    call_command("migrate", interactive=False, verbosity=0)
    load()
    load_extras()
    load_living()
    cache.clear()


def _files() -> Iterator[str]:
    """The names of all files that the database knows."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, FileField):
                yield from model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    for variants in Attachment.objects.values_list("variants", flat=True):
        yield from (variant["path"] for variant in variants.values())


def _drop_all() -> None:
    """Tables, not rows: what may never be deleted is guarded by triggers."""
    quoted = connection.ops.quote_name
    if connection.vendor == "postgresql":
        statements = [f"DROP SCHEMA {quoted('public')} CASCADE", f"CREATE SCHEMA {quoted('public')}"]
    else:
        statements = [f"DROP TABLE {quoted(table)}" for table in connection.introspection.table_names()]
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
