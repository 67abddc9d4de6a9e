"""Registrations that may be sent twice in a season: by a unit that ended in its course, and by the heir where that one stands."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from common.text import compare_key
from models_registry.enums import DECIDED, LinkReason, LinkState
from models_registry.models import DifferenceNote, RegisterImport, Registration, Repeat, Season
from models_registry.permissions import acting_day
from models_registry.registers.continuity import Earlier, Later, Proposal, decide
from models_registry.selectors.continuity import Book
from models_registry.selectors.heirs import Standing, standing_on
from models_registry.selectors.scope import own_units
from organisation.models import Reader, Unit
from organisation.roles import May
from organisation.tree import unit_tree

ALIKE = 75  # hundredths from which two of one season are asked about


def standing_in(season: Season) -> Standing | None:
    """Where the season's registrations stand; None where no unit ended in it, so that nothing can have been sent twice."""
    return standing_on(season, acting_day(season))


def already_sent(book: Book, standing: Standing, asking: list[Later]) -> dict[int, list[Proposal]]:
    """id -> the registrations of units that ended which it may be again, best first. Two queries."""
    earlier = _earlier(book, standing) if asking else []
    found = decide(asking, earlier, book.lineage) if earlier else {}
    doers = {later.pk: later.doer for later in asking}
    proposed = {
        pk: [Proposal(decision.link, LinkReason.EQUAL, 100)] if decision.link else decision.proposals
        for pk, decision in found.items()
    }
    kept = {
        pk: [proposal for proposal in proposals if proposal.score >= ALIKE and _may_be_one(doers[pk], proposal)]
        for pk, proposals in proposed.items()
    }
    return {pk: proposals for pk, proposals in kept.items() if proposals}


def _may_be_one(doer: str, proposal: Proposal) -> bool:
    """In one season two doers are two registrations, unless one is named in more words than the other."""
    words, others = set(doer.split()), set(proposal.earlier.doer.split())
    return proposal.reason != LinkReason.DOER or words <= others or others <= words


def _earlier(book: Book, standing: Standing) -> list[Earlier]:
    rows = Registration.objects.in_register().filter(season=book.season, withdrawn_on__isnull=True)
    rows = rows.annotate(given=standing.given_to())
    waiting = standing.of(standing.ended) & book.of_past()  # until it is assigned what was split may be any heir's
    rows = rows.filter(standing.of([book.unit.pk]) | waiting).exclude(unit=book.unit)
    columns = ("pk", "model", "title_key", "subject", "unit", "place", "place_name", "given")
    return [
        Earlier(pk, model, book.season.year, title, compare_key(subject), book.stand(unit, given or place, words))
        for pk, model, title, subject, unit, place, words, given in rows.order_by("pk").values_list(*columns)
    ]


def heirs_in(season: Season, unit: Unit, standing: Standing) -> QuerySet[Unit]:
    """Whose registers may hold again what a unit that ended has sent: its heirs, those of its places, and whom its rows were given."""
    tree, day = unit_tree(), standing.day
    heirs = {heir for pk in tree.below_then([unit.pk], day) for heir in tree.successors(pk, day)}
    given = standing_rows(season, unit).annotate(given=standing.given_to()).values_list("given", flat=True).distinct()
    carriers = {standing.carrier(pk) for pk in given.order_by() if pk}
    return Unit.objects.filter(pk__in={tree.reporting(heir, day) or heir for heir in heirs | carriers} - {unit.pk})


def standing_rows(season: Season, unit: Unit) -> QuerySet[Registration]:
    """The registrations of a unit that stand in the register, not withdrawn."""
    return Registration.objects.in_register().filter(season=season, unit=unit, withdrawn_on__isnull=True)


def answered_pairs(season: Season, unit: Unit) -> set[tuple[int, int]]:
    """(registration, earlier one) that someone called different, here or while writing, or the same."""
    decided = Repeat.objects.filter(registration__season=season, registration__unit=unit, state__in=DECIDED)
    different = DifferenceNote.objects.filter(registration__season=season, registration__unit=unit)
    return {*decided.values_list("registration", "earlier"), *different.values_list("registration", "other")}


def set_aside(season: Season, unit: Unit) -> set[str]:
    """Identities of what left a unit's register because it was there already."""
    rows = Repeat.objects.filter(registration__season=season, registration__unit=unit, state=LinkState.CONFIRMED)
    return set(rows.values_list("registration__identity_key", flat=True))


def answerable(user: Reader) -> QuerySet[Registration]:
    """Registrations whose question this person may answer, those that were set aside too."""
    return Registration.objects.filter(own_units(user, May.IMPORT_REGISTER), repeats__isnull=False).distinct()


def repeats(user: Reader, season: Season, unit: int | None = None) -> QuerySet[Registration]:
    """Registrations that may be sent twice, or were: those that are asked about first. `repeats` holds what they may be again."""
    asked = Repeat.objects.filter(registration=OuterRef("pk"))
    rows = answerable(user).filter(season=season).alias(open=Exists(asked.filter(state=LinkState.OPEN)))
    rows = rows.filter(unit=unit) if unit else rows
    offered = Repeat.objects.exclude(state=LinkState.REFUSED).select_related("earlier__unit", "earlier__model", "decided_by")
    listed = rows.filter(Exists(asked.exclude(state=LinkState.REFUSED))).select_related("unit", "model")
    return listed.prefetch_related(Prefetch("repeats", offered)).order_by("-open", "unit__position", "unit_id", "sort_key", "pk")


def repeats_of(user: Reader, upload: RegisterImport) -> QuerySet[Registration]:
    """Of the rows of an upload the ones that may be sent twice."""
    return repeats(user, upload.season, upload.unit_id).filter(imported_by=upload)


def open_repeats(user: Reader, season: Season) -> int:
    """How many are asked about that this person may answer."""
    asked = Repeat.objects.filter(state=LinkState.OPEN, registration__in=answerable(user).filter(season=season))
    return asked.order_by().values("registration").distinct().count()
