import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0001_initial'),
        ('recognition', '0007_level_of_each_recognition'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recognition',
            name='level',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.level', verbose_name='cấp công nhận'),
        ),
    ]
