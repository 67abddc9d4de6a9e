from django.db import migrations, models

from common.triggers import Lift, Refuse, changed

TABLE = "recognition_recognition"
RECOGNISED = "registration_id decision_id level_id title subject".split()
OF_PUBLISHED = "EXISTS (SELECT 1 FROM recognition_decision d WHERE d.id = OLD.decision_id AND d.published_at IS NOT NULL)"
STAYS = {
    "when": f"({changed(RECOGNISED)}) AND {OF_PUBLISHED}",
    "message": "what a published decision recognises is never edited",
}
GRADE_STAYS = {
    "when": f"OLD.grade_id IS NOT NULL AND ({changed(['grade_id', 'graded_in_id'])})",
    "message": "a grade that was given is never edited",
}
NAME_STAYS = {
    "when": f"({changed(['name', 'unit_id'])}) AND EXISTS (SELECT 1 FROM {TABLE} r WHERE r.grade_id = OLD.id)",
    "message": "the name of a grade that was given is never edited",
}


class Migration(migrations.Migration):
    """A decision takes a grade away and leaves the recognition."""

    dependencies = [
        ("recognition", "0011_introduction_letters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="purpose",
            field=models.CharField(choices=[("recognise", "Công nhận"), ("withdraw", "Thu hồi công nhận"), ("correct", "Đính chính"), ("commend", "Khen thưởng"), ("grade", "Công nhận mức"), ("ungrade", "Thu hồi mức")], default="recognise", max_length=10, verbose_name="nội dung"),
        ),
        migrations.AlterField(
            model_name="decisiondraft",
            name="purpose",
            field=models.CharField(choices=[("recognise", "Công nhận"), ("withdraw", "Thu hồi công nhận"), ("correct", "Đính chính"), ("commend", "Khen thưởng"), ("grade", "Công nhận mức"), ("ungrade", "Thu hồi mức")], default="recognise", max_length=10, verbose_name="nội dung"),
        ),
        migrations.AlterField(
            model_name="draftline",
            name="verdict",
            field=models.CharField(choices=[("recognise", "Công nhận"), ("refuse", "Không công nhận"), ("later", "Để quyết định sau"), ("revoke", "Thu hồi"), ("retitle", "Đính chính tên"), ("commend", "Khen thưởng"), ("grade", "Ghi mức"), ("ungrade", "Thôi ghi mức")], max_length=10, verbose_name="kết luận"),
        ),
        migrations.AddField(
            model_name="recognition",
            name="ungraded_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày thu hồi mức"),
        ),
        migrations.AddField(
            model_name="recognition",
            name="ungraded_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="ungraded", to="recognition.decision", verbose_name="quyết định thu hồi mức"),
        ),
        # SQLite rebuilds the table for a constraint: its guards go with the old one, and none may ask for it meanwhile.
        Lift("recognition_grade", "name_stays", "UPDATE", **NAME_STAYS, only="sqlite"),
        migrations.AddConstraint(
            model_name="recognition",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("ungraded_by__isnull", True), ("ungraded_on__isnull", True)), models.Q(("grade__isnull", False), ("ungraded_by__isnull", False), ("ungraded_on__isnull", False)), _connector="OR"),
                name="ungraded_by_a_decision",
            ),
        ),
        Refuse(TABLE, "stays", "UPDATE", **STAYS, only="sqlite"),
        Refuse(TABLE, "grade_stays", "UPDATE", **GRADE_STAYS, only="sqlite"),
        Refuse("recognition_grade", "name_stays", "UPDATE", **NAME_STAYS, only="sqlite"),
        Refuse(
            TABLE,
            "ungraded_stays",
            "UPDATE",
            when=f"OLD.ungraded_by_id IS NOT NULL AND ({changed(['ungraded_on', 'ungraded_by_id'])})",
            message="a grade that was taken away stays so",
        ),
    ]
