from django.db import migrations

from common.triggers import Refuse, changed

TABLE, MESSAGE = "reports_report", "a frozen report is never changed"
# All but who asked for it and its job: those may be forgotten.
FROZEN = (
    "id kind season_id unit_id unit_name as_of state facts counted problems answers texts build built_at corrects_id correction "
    "correction_why number_id suffix frozen_at frozen_by_id checksum file_sums docx xlsx pdf"
).split()
SAME = " AND ".join(f"there.{name} IS NEW.{name}" for name in ("kind", "season_id", "unit_id", "as_of", "correction"))


class Migration(migrations.Migration):
    """A frozen report is neither changed nor deleted; on SQLite, where INSERT OR REPLACE asks no trigger, nor replaced."""

    replaces = [("reports", "0002_frozen_stays"), ("reports", "0003_frozen_whole")]
    dependencies = [("reports", "0001_tables")]
    operations = [
        Refuse(TABLE, "stays", "UPDATE", when=f"OLD.state = 'frozen' AND ({changed(FROZEN)})", message=MESSAGE),
        Refuse(TABLE, "kept", "DELETE", when="OLD.state = 'frozen'", message=MESSAGE),
        Refuse(
            TABLE,
            "place",
            "INSERT",
            when=f"EXISTS (SELECT 1 FROM {TABLE} there WHERE there.state = 'frozen' AND (there.id = NEW.id OR ({SAME})))",
            message=MESSAGE,
            only="sqlite",
        ),
    ]
