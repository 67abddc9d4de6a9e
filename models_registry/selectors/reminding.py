"""Which units of a season have sent nothing, as a reminder by hand needs them: who gets it, when they got the last one."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max

from common.addresses import link_to
from common.dates import today
from models_registry.models import Season
from models_registry.permissions import acting_day
from notifications.models import Message
from notifications.reminding import Waiting
from organisation.models import UnitVersion, User
from organisation.roles import May
from organisation.selectors.people import holders_of
from organisation.tree import unit_tree


def by_hand(season: Season) -> str:
    """How the events of a season's reminders by hand begin; the unit's key and the day follow."""
    return f"remind-now:{season.year}:"


def writers_of(units: Collection[int], day: date) -> dict[int, list[User]]:
    """Who writes for each unit on a day, and today for its heir where it has ended. Two queries, whatever their number."""
    tree = unit_tree()
    heirs = {pk: heir for pk in units if (heir := tree.heir(pk, today())) not in (None, pk)}
    own = holders_of(May.WRITE_REGISTRATION, units, day, climbs=False)
    of_heirs = holders_of(May.WRITE_REGISTRATION, set(heirs.values()), today(), climbs=False)
    return {pk: [*own[pk], *(of_heirs[heirs[pk]] if pk in heirs else ())] for pk in units}


def to_remind(season: Season, missing: Collection[tuple[UnitVersion, date]]) -> list[Waiting]:
    """Each unit, in the order given, with who writes for it or for its heir. Three queries, whatever their number."""
    writers = writers_of([version.unit_id for version, _ in missing], acting_day(season))
    told = Message.objects.filter(event_key__startswith=by_hand(season)).order_by()
    last = {key.split(":")[2]: at for key, at in told.values_list("event_key").annotate(last=Max("created_at")).order_by("last")}
    return [
        Waiting(
            f"dv-{version.unit_id}",
            version.name,
            "chưa có đăng ký trên cổng",
            0,
            until=until,
            people=writers[version.unit_id],
            reminded=last.get(version.unit.key),
            href=link_to("models_registry:work"),
        )
        for version, until in missing
    ]
