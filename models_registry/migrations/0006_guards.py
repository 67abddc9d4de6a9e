import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


def index_titles(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX registration_title ON models_registry_registration USING gin (title_key gin_trgm_ops)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX registration_title")


class Migration(migrations.Migration):
    """What must hold for a registration, now that every row says where it is; the trigram index is PostgreSQL's alone."""

    dependencies = [("models_registry", "0005_bring_rows_along")]

    operations = [
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['season', 'unit', '-state_since', '-id'], name='board_of_unit'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['season', '-state_since', '-id'], name='board_of_season'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('state__in', ['draft', 'submitted', 'returned'])), fields=['season', 'unit', 'state', '-state_since'], name='board_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(condition=models.Q(('registered_on__isnull', False)), fields=('season', 'unit', 'identity_key'), name='one_row_per_register'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('registered_on__isnull', True), ('withdrawn_on__gte', models.F('registered_on')), _connector='OR'), name='withdrawn_not_before_registered', violation_error_message='Ngày rút không được trước ngày đăng ký.'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'accepted', 'withdrawn'])), name='registration_state_known'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('registered_on__isnull', True), models.Q(('field__isnull', False), ('kind__in', ['new', 'maintained']), ('model__isnull', False), ('subject_kind__in', ['collective', 'individual']), models.Q(('title', ''), _negated=True)), _connector='OR'), name='registered_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('registered_on__isnull', False), _connector='OR'), name='accepted_is_registered'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), _negated=True), ('registered_on__isnull', True), _connector='OR'), name='draft_is_not_registered'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_on__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_on__isnull', True)), _connector='OR'), name='withdrawn_has_day'),
        ),
        migrations.RunPython(index_titles, drop_index),
    ]
