from django.db import migrations

from common.references import Protect
from common.triggers import Refuse, changed

USER, MEMBERSHIP = "organisation_user", "organisation_membership"
CLOSED = "an account is closed, never deleted"
ENDED = "a role that was held is ended, neither changed nor deleted"
BEGAN = {  # by the clock of the database; days are those of Vietnam
    "postgresql": "OLD.starts_on <= CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)",
    "sqlite": "OLD.starts_on <= date('now', '+7 hours')",
}


class Migration(migrations.Migration):
    """Who did something, and by which role, stays on record."""

    dependencies = [("organisation", "0002_audit_chain")]
    operations = [
        Protect(membership="user", auditevent="actor unit"),
        Refuse(USER, "kept", "DELETE", when="TRUE", message=CLOSED),
        *(Refuse(MEMBERSHIP, "kept", "DELETE", when=began, message=ENDED, only=vendor) for vendor, began in BEGAN.items()),
        *(
            Refuse(
                MEMBERSHIP,
                "stays",
                "UPDATE",
                when=f"{began} AND ({changed(['user_id', 'role', 'unit_id', 'starts_on'])})",
                message=ENDED,
                only=vendor,
            )
            for vendor, began in BEGAN.items()
        ),
    ]
