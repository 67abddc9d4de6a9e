"""Who may do what in rounds. When it is possible stands in `transitions`."""

from common.dates import today
from models_registry.models import Registration, Season
from models_registry.permissions import acting_day, heir_of
from organisation.models import Reader, Unit, Visitor
from organisation.permissions import may, stands_in_for, units_where
from organisation.roles import May
from organisation.tree import UnitTree, tree_for
from recognition.enums import CouncilTask
from recognition.models import CouncilMember, Dossier, RecognitionRound
from recognition.models.council import sitting_on


def can_run(user: Reader, unit: Unit) -> bool:
    """Open and lead rounds of just this unit: a body runs its own rounds, not those of the bodies below it."""
    return unit.pk in units_where(user, May.RUN_ROUND)


def can_set_criteria(user: Reader, unit: Unit) -> bool:
    """Write the criteria of a body: who runs its rounds, or its administrator while nobody does."""
    return can_run(user, unit) or unit.pk in stands_in_for(user, May.RUN_ROUND)


def can_follow(user: Reader, round_: RecognitionRound) -> bool:
    """See all of a round: who runs it, and the leaders of its body."""
    return can_run(user, round_.unit) or round_.unit_id in units_where(user, May.FOLLOW_ROUND)


def proposing_unit(registration: Registration, round_: RecognitionRound) -> Unit:
    """The unit that proposes: the one whose register it is; in that unit's own round, and in the place's own, the place."""
    if registration.place and round_.unit_id in (registration.unit_id, registration.place_id):
        return registration.place
    return registration.unit


def proposing_now(registration: Registration, round_: RecognitionRound, tree: UnitTree) -> int:
    """The id of the unit that proposes, or, once that has ended, of the one that carries the registration on."""
    unit, day = proposing_unit(registration, round_), acting_day(round_.season)
    heir = None if tree.exists(unit.pk, day) else heir_of(registration, tree)
    return unit.pk if heir is None else tree.reporting(heir, day) or heir


def can_propose(user: Reader, registration: Registration, round_: RecognitionRound) -> bool:
    tree = tree_for(user)
    line = tree.line(proposing_now(registration, round_, tree), acting_day(round_.season))
    return not units_where(user, May.PROPOSE).isdisjoint(line)


def can_prepare(user: Reader, dossier: Dossier) -> bool:
    """Write in a dossier, send it, take it back."""
    return dossier.unit is not None and can_prepare_for(user, dossier.unit, dossier.registration.season)


def can_prepare_for(user: Reader, unit: Unit, season: Season) -> bool:
    """Write for a unit what it proposes in a season."""
    day = acting_day(season)
    if may(user, May.PROPOSE, unit, day):
        return True
    reach = tree_for(user).answered_for(units_where(user, May.PROPOSE), today())  # what ended since is answered for as well
    return not reach.isdisjoint(tree_for(user).line(unit.pk, day))


def can_read_lists(user: Visitor, dossier: Dossier) -> bool:
    """Read the papers that speak of other units' models too: the unit, those who run or follow the round, its council."""
    assert dossier.round is not None
    return seat_of(user, dossier.round) is not None or can_prepare(user, dossier) or can_follow(user, dossier.round)


def can_serve(user: Visitor, round_: RecognitionRound) -> bool:
    """Serve the council (give sheets back, keep its meeting): who runs the round, and the secretary of its council."""
    return can_run(user, round_.unit) or is_secretary(seat_of(user, round_))


def is_secretary(seat: CouncilMember | None) -> bool:
    return seat is not None and seat.task == CouncilTask.SECRETARY


def can_visit(user: Reader, round_: RecognitionRound) -> bool:
    """Plan a site visit and send what it found: who runs the round."""
    return can_run(user, round_.unit)


def can_decide(user: Reader, unit: Unit) -> bool:
    """Check and publish decisions of just this unit."""
    return unit.pk in units_where(user, May.DECIDE)


def seat_of(user: Visitor, round_: RecognitionRound) -> CouncilMember | None:
    """The user's seat in the council of a round, while it is held."""
    if not getattr(user, "is_authenticated", False):
        return None
    return round_.members.filter(sitting_on(today()), user=user.pk).first()


def outcome_units(user: Reader) -> frozenset[int]:
    """The ids of the bodies whose outcomes the user may record from a list: those whose rounds they run, what is below these, and
    what they have followed.
    """
    held = units_where(user, May.RUN_ROUND)
    return tree_for(user).answered_for(held, today()) if held else frozenset()


def can_record_outcomes(user: Reader, issuer: Unit) -> bool:
    return issuer.pk in outcome_units(user)
