import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import Refuse

MODEL, REGISTRATION = "models_registry_emulationmodel", "models_registry_registration"
JOINED = f"EXISTS (SELECT 1 FROM {MODEL} there WHERE there.id = NEW.model_id AND there.joined_to_id IS NOT NULL)"
NOT_EMPTY = (
    "NEW.joined_to_id IS NOT NULL AND ("
    f"NEW.joined_to_id = NEW.id OR EXISTS (SELECT 1 FROM {REGISTRATION} own WHERE own.model_id = NEW.id) "
    f"OR EXISTS (SELECT 1 FROM {MODEL} there WHERE there.id = NEW.joined_to_id AND there.joined_to_id IS NOT NULL))"
)
EMPTY_MESSAGE = "a model that was joined to another has no registration of its own"
TARGET_MESSAGE = "a model is joined to one that stands, and leaves no registration behind"


class Migration(migrations.Migration):
    """Which earlier model a registration carries on. A model that was joined to another keeps its address and nothing else."""

    dependencies = [
        ('models_registry', '0003_people_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='emulationmodel',
            name='joined_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='models_registry.emulationmodel'),
        ),
        migrations.CreateModel(
            name='Continuity',
            fields=[
                ('registration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='continuity', serialize=False, to='models_registry.registration')),
                ('state', models.CharField(choices=[('auto', 'Cổng nối'), ('confirmed', 'Cán bộ nối'), ('open', 'Chờ xác nhận'), ('refused', 'Không phải mô hình nào được gợi ý'), ('none', 'Không thấy trong các năm trước')], max_length=10, verbose_name='trạng thái')),
                ('is_by_hand', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='lúc quyết định')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nối với năm trước',
                'verbose_name_plural': 'nối với năm trước',
            },
        ),
        migrations.CreateModel(
            name='ContinuityProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('equal', 'cùng tên, cùng người làm, chưa chắc là một'), ('suffix', 'cùng tên, thêm phần như “giai đoạn 2”'), ('doer', 'cùng tên, người làm khác'), ('wording', 'cùng người làm, tên viết khác'), ('place', 'cùng tên, cùng người làm, nơi khác hoặc chưa rõ')], max_length=10)),
                ('score', models.PositiveSmallIntegerField()),
                ('continuity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='models_registry.continuity')),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='models_registry.registration')),
            ],
            options={
                'verbose_name': 'gợi ý nối với năm trước',
                'verbose_name_plural': 'gợi ý nối với năm trước',
                'ordering': ['-score', '-earlier__season__year', 'earlier'],
            },
        ),
        migrations.CreateModel(
            name='ModelJoin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, verbose_name='lý do')),
                ('moved', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc nhập')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='lúc tách lại')),
                ('joined', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='models_registry.emulationmodel', verbose_name='mô hình nhập vào')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='joins', to='models_registry.emulationmodel', verbose_name='mô hình giữ lại')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nhập')),
                ('registration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='models_registry.registration')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nhập mô hình',
                'verbose_name_plural': 'nhập mô hình',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='continuity',
            index=models.Index(fields=['state', 'registration'], name='continuity_state'),
        ),
        migrations.AddConstraint(
            model_name='continuity',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['auto', 'confirmed', 'open', 'refused', 'none'])), name='continuity_state_known'),
        ),
        migrations.AddConstraint(
            model_name='continuity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ('confirmed', 'refused'))), models.Q(models.Q(('state__in', ('confirmed', 'refused')), _negated=True), ('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='continuity_decided_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='continuityproposal',
            constraint=models.UniqueConstraint(fields=('continuity', 'earlier'), name='proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='continuityproposal',
            constraint=models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='proposal_score_in_hundredths'),
        ),
        migrations.AddConstraint(
            model_name='continuityproposal',
            constraint=models.CheckConstraint(condition=models.Q(('earlier', models.F('continuity')), _negated=True), name='proposal_not_itself'),
        ),
        migrations.AddConstraint(
            model_name='modeljoin',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('joined',), name='joined_once'),
        ),
        migrations.AddConstraint(
            model_name='modeljoin',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('joined')), _negated=True), name='joined_to_another'),
        ),
        migrations.AddConstraint(
            model_name='modeljoin',
            constraint=models.CheckConstraint(condition=models.Q(('registration__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='join_says_why'),
        ),
        migrations.AddConstraint(
            model_name='modeljoin',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('undone_by__isnull', False), _connector='OR'), name='join_undone_by_someone'),
        ),
        Refuse(REGISTRATION, "model_stands", "INSERT", when=JOINED, message=EMPTY_MESSAGE),
        Refuse(REGISTRATION, "model_moves", "UPDATE OF model_id", when=JOINED, message=EMPTY_MESSAGE),
        Refuse(MODEL, "joins", "UPDATE OF joined_to_id", when=NOT_EMPTY, message=TARGET_MESSAGE),
    ]
