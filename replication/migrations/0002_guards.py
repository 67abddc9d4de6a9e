from django.db import migrations

from common.triggers import Refuse

TABLE = "replication_adoption"
NOT_DEEPER = (
    f"(NEW.parent_id IS NOT NULL AND NEW.depth <= (SELECT above.depth FROM {TABLE} above WHERE above.id = NEW.parent_id)) "
    f"OR EXISTS (SELECT 1 FROM {TABLE} below WHERE below.parent_id = NEW.id AND below.depth <= NEW.depth)"
)
MOVED, MESSAGE = "UPDATE OF parent_id, depth", "the depth of a line grows: no adoption is its own origin"


class Migration(migrations.Migration):
    """Depth grows from each adoption to the next: a line cannot run in a circle, whoever writes."""

    replaces = [("replication", "0002_no_circles")]
    dependencies = [("replication", "0001_tables")]
    operations = [
        Refuse(TABLE, "line", f"INSERT OR {MOVED}", when=NOT_DEEPER, message=MESSAGE, only="postgresql"),
        Refuse(TABLE, "line_insert", "INSERT", when=NOT_DEEPER, message=MESSAGE, only="sqlite"),
        Refuse(TABLE, "line_update", MOVED, when=NOT_DEEPER, message=MESSAGE, only="sqlite"),
    ]
