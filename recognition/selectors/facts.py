"""Reads of recognition: what stands on a day, and what one model was given."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, When

from models_registry.models import Season
from models_registry.selectors import cover_columns
from organisation.models import Level
from recognition.models import CentralIntroduction, Dossier, Grade, Recognition

CENTRAL = "central"


def standing_on(day: date) -> QuerySet[Recognition]:
    """Recognitions that stand on a day: from the decision's day until the day of its revocation."""
    return Recognition.objects.filter(decision__decided_on__lte=day).filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day))


def by_own_unit(day: date) -> QuerySet[Recognition]:
    """Standing recognitions that a registration's own unit decided: the district until 30/6/2025, the commune after."""
    return standing_on(day).filter(decision__issuer=F("registration__unit"))


def graded_by(day: date) -> QuerySet[Recognition]:
    """Of `by_own_unit`, those that had a grade on the day, given by a decision and not taken away: a part of them, never more of
    them.
    """
    given = by_own_unit(day).filter(graded_in__decided_on__lte=day)
    return given.filter(Q(ungraded_on__isnull=True) | Q(ungraded_on__gt=day))


def praised_by(day: date) -> QuerySet[Recognition]:
    """Of `by_own_unit`, those for whose makers an award had been proposed by the day; one proposed for two awards comes twice."""
    return by_own_unit(day).filter(commendations__proposed_on__lte=day)


def graded_models(name: str) -> QuerySet[Any, Any]:
    """Ids of the models that have a standing recognition of the grade, whoever gave it."""
    return _graded_now().filter(grade__name=name).order_by().values("registration__model")


def count_grades(model_ids: QuerySet[Any, Any]) -> dict[str, int]:
    """name of a grade -> how many of the models have it."""
    standing = _graded_now().filter(registration__model__in=model_ids)
    return dict(standing.order_by().values_list("grade__name").annotate(n=Count("registration__model", distinct=True)))


def _graded_now() -> QuerySet[Recognition]:
    return Recognition.objects.filter(grade__isnull=False, ungraded_on__isnull=True, revoked_on__isnull=True)


def grade_names() -> list[str]:
    return sorted(set(Grade.objects.values_list("name", flat=True)))


def by_province(day: date) -> QuerySet[Recognition]:
    """Standing recognitions of the level that gathers the registers."""
    return standing_on(day).filter(decision__level__gathers_registers=True)


def proposed_by(day: date) -> QuerySet[Dossier]:
    """Dossiers that had been proposed to the level that gathers the registers, and not taken back, by a day."""
    there = Dossier.objects.filter(level__gathers_registers=True, proposed_on__lte=day)
    return there.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))


def introduced_by(day: date) -> QuerySet[CentralIntroduction]:
    there = CentralIntroduction.objects.filter(introduced_on__lte=day)
    return there.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))


def newest(limit: int) -> QuerySet[Recognition]:
    """The recognitions decided last that stand, of registrations that stand, with the covers of their models."""
    found = Recognition.objects.filter(revoked_on__isnull=True, registration__withdrawn_on__isnull=True)
    with_all = found.select_related("decision__level", "registration__model")
    return with_all.annotate(**cover_columns("registration__model")).order_by("-decision__decided_on", "-pk")[:limit]


def of_season(season: Season) -> QuerySet[Recognition]:
    """All that was recognised of a season's registrations, in the order it was written down; revoked ones included."""
    return (
        Recognition.objects.filter(registration__season=season)
        .select_related("decision__level", "registration__model", "grade")
        .order_by("pk")
    )


def standing_ranks(registration_ids: Iterable[int]) -> dict[int, int]:
    """registration id -> rank of its highest honour that stands (not revoked)."""
    ids = list(registration_ids)
    standing = Recognition.objects.filter(registration__in=ids, revoked_on__isnull=True).order_by()
    ranks = dict(
        standing.values_list("registration").annotate(rank=Max("decision__level__rank")).values_list("registration", "rank")
    )
    central = Level.objects.filter(key=CENTRAL).first()
    if central:
        introduced = CentralIntroduction.objects.filter(registration__in=ids, withdrawn_on__isnull=True).values_list(
            "registration_id", flat=True
        )
        ranks |= dict.fromkeys(introduced, central.rank)
    return ranks


def honours_of(registration_ids: Iterable[int]) -> QuerySet[Recognition]:
    """Recognitions of some registrations, newest first, revoked ones included."""
    found = Recognition.objects.filter(registration__in=list(registration_ids))
    return found.select_related("decision", "decision__level", "revoked_by", "grade", "graded_in", "ungraded_by").order_by(
        "-decision__decided_on", "-pk"
    )


def standing_honours(model_ids: Iterable[int]) -> list[tuple[int, int, int, bool, int, date, str | None]]:
    """(model id, year of the season, rank, whether the province's, level id, day, grade) of recognitions that stand."""
    found = Recognition.objects.filter(registration__model__in=list(model_ids), revoked_on__isnull=True).order_by()
    return list(
        found.values_list(
            "registration__model",
            "registration__season__year",
            "decision__level__rank",
            "decision__level__gathers_registers",
            "decision__level__pk",
            "decision__decided_on",
            Case(When(ungraded_on__isnull=True, then="grade__name")),
        )
    )


def dossiers_of(registration_ids: Iterable[int]) -> QuerySet[Dossier]:
    """Dossiers that were sent, newest first."""
    sent = Dossier.objects.filter(registration__in=list(registration_ids), proposed_on__isnull=False)
    return sent.select_related("level").order_by("-proposed_on")


def introductions_of(registration_ids: Iterable[int]) -> QuerySet[CentralIntroduction]:
    return CentralIntroduction.objects.filter(registration__in=list(registration_ids)).order_by("-introduced_on")
