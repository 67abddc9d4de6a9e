from django.db import migrations

from common.triggers import Refuse

SAME_ROLE = " AND ".join(f"there.{column} = NEW.{column}" for column in ("user_id", "role", "unit_id", "starts_on"))
TAKEN = {
    "organisation_user": ("there.id = NEW.id OR there.username = NEW.username", "an account is closed, never deleted"),
    "organisation_membership": (
        f"there.id = NEW.id OR ({SAME_ROLE})",
        "a role that was held is ended, neither changed nor deleted",
    ),
}


class Migration(migrations.Migration):
    """What deletes without asking the triggers of DELETE: TRUNCATE on PostgreSQL; on SQLite INSERT OR REPLACE and UPDATE OR REPLACE,
    which delete the row that stands in the way.
    """

    dependencies = [("organisation", "0006_dated_names")]
    operations = [
        *(
            Refuse(
                table,
                name,
                event,
                when=f"EXISTS (SELECT 1 FROM {table} there WHERE ({taken}){other})",
                message=message,
                only="sqlite",
            )
            for table, (taken, message) in TAKEN.items()
            for name, event, other in (("place", "INSERT", ""), ("taken", "UPDATE", " AND there.id <> OLD.id"))
        ),
        *(
            Refuse(table, "whole", "TRUNCATE", when="TRUE", message=message, only="postgresql")
            for table, (_, message) in TAKEN.items()
        ),
    ]
