"""Reads of decisions: which one may see, what is still undecided, what a dossier came to, until when a unit may appeal."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from common.dates import VIETNAM
from models_registry.models import Registration
from models_registry.selectors import own_units
from organisation.models import Reader, Unit, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import unit_tree
from papers.exports import number_text
from papers.models import Letterhead
from papers.selectors import next_number, term_on
from recognition.enums import DossierState, DraftState, Verdict
from recognition.models import (
    Appeal,
    Commendation,
    Decision,
    DecisionDraft,
    DecisionFile,
    Dossier,
    DraftLine,
    Grade,
    Recognition,
    RecognitionRound,
)


def drafts_visible_to(user: Reader) -> QuerySet[DecisionDraft]:
    """Drafts of the bodies whose rounds the user runs, follows or decides on."""
    held = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND) | units_where(user, May.DECIDE)
    found = DecisionDraft.objects.filter(unit__in=held)
    return found.select_related("round__season", "unit", "level", "amends", "decision", "prepared_by", "checked_by")


def drafts_of(user: Reader, round_: RecognitionRound) -> list[DecisionDraft]:
    """The drafts of a round with how many they recognise and refuse (`recognised`, `refused`)."""
    counted = (
        drafts_visible_to(user)
        .filter(round=round_)
        .annotate(
            recognised=Count("lines", filter=Q(lines__verdict=Verdict.RECOGNISE)),
            refused=Count("lines", filter=Q(lines__verdict=Verdict.REFUSE)),
        )
    )
    return list(counted)


def decisions_visible_to(user: Reader) -> QuerySet[Decision]:
    """Decisions published here: those of one's own bodies, and those that speak of registrations of one's own units."""
    held = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND) | units_where(user, May.DECIDE)
    own = Registration.objects.filter(own_units(user, May.SEE_BOARD))
    named = Recognition.objects.filter(decision=OuterRef("pk"), registration__in=own)
    withdrawn = Recognition.objects.filter(revoked_by=OuterRef("pk"), registration__in=own)
    refused = DraftLine.objects.filter(draft__decision=OuterRef("pk"), dossier__registration__in=own)
    commended = Commendation.objects.filter(decision=OuterRef("pk"), recognition__registration__in=own)
    there = Decision.objects.filter(
        Q(issuer__in=held) | Q(Exists(named)) | Q(Exists(withdrawn)) | Q(Exists(refused)) | Q(Exists(commended))
    )
    return there.select_related("issuer", "level", "round__season", "amends")


def years_of_decisions(user: Reader) -> list[date]:
    """The first days of the years of what one may see, the newest first."""
    return list(decisions_visible_to(user).dates("decided_on", "year", order="DESC"))


def named_in(decision: Decision) -> QuerySet[Recognition]:
    """What a decision recognises, with what came of it since; places first, then people."""
    of = ("registration__field", "registration__central_introduction", "revoked_by", "grade", "graded_in", "ungraded_by")
    return decision.recognitions.select_related(*of).order_by("registration__subject_kind", "title")


def revoked_by(decision: Decision) -> QuerySet[Recognition]:
    return decision.revocations.select_related("registration", "decision").order_by("title", "pk")


def files_of(decision: Decision) -> list[DecisionFile]:
    return list(decision.files.select_related("sent_by"))


def amendments_of(decision: Decision) -> list[Decision]:
    return list(decision.amended_by.all())


def has_grades(unit: Unit) -> bool:
    return unit.grades.exists()


def has_graded(decision: Decision) -> bool:
    """Whether it gave a grade that stands."""
    return decision.recognitions.filter(grade__isnull=False, ungraded_on__isnull=True).exists()


def has_introduced(decision: Decision) -> bool:
    """Whether one of its models stands introduced to the centre."""
    return introducible(decision, is_back=True).exists()


def sees_decision_of(user: Reader, line: DraftLine) -> bool:
    """Whether a person may open the decision that says this of a dossier."""
    return decisions_visible_to(user).filter(draft=line.draft_id).exists()


def lines_of(draft: DecisionDraft) -> QuerySet[DraftLine]:
    """The lines of a draft with what its page tells of them."""
    return draft.lines.select_related(
        "dossier__registration", "dossier__ballot", "dossier__unit", "recognition", "commendation__recognition", "grade"
    )


def names_dossiers(draft: DecisionDraft, dossiers: Iterable[int]) -> bool:
    """Whether a draft speaks of one of these dossiers."""
    return draft.lines.filter(dossier__in=dossiers).exists()


def has_written(user: Visitor, draft: DecisionDraft) -> bool:
    return draft.writers.filter(pk=user.pk or 0).exists()


def listed_decisions(user: Reader, *, year: str = "", text: str = "") -> QuerySet[Decision]:
    """All decisions that one may see, those that came with a list too, newest first, with how many models each recognises
    (`named`) and how many of these still stand (`standing`); of a year, with a text in number or issuer.
    """
    found = decisions_visible_to(user)
    if year.isascii() and year.isdecimal() and len(year) == 4:
        found = found.filter(decided_on__year=int(year))
    if text:
        found = found.filter(Q(number__icontains=text) | Q(issuer_name__icontains=text))
    there = Recognition.objects.filter(decision=OuterRef("pk")).order_by().values("decision").annotate(n=Count("pk")).values("n")
    counted = found.annotate(
        named=Coalesce(Subquery(there), 0), standing=Coalesce(Subquery(there.filter(revoked_on__isnull=True)), 0)
    )
    return counted.order_by("-decided_on", "-pk")


def decided_dossiers() -> QuerySet[DraftLine]:
    """Lines of published decisions that settle a dossier."""
    final = [Verdict.RECOGNISE, Verdict.REFUSE]
    return DraftLine.objects.filter(draft__state=DraftState.PUBLISHED, verdict__in=final, dossier__isnull=False)


def refusals_of(user: Reader, decision: Decision) -> QuerySet[DraftLine]:
    """The refusals of a decision, to the body; to a unit those of its own dossiers."""
    lines = DraftLine.objects.filter(draft__decision=decision, verdict=Verdict.REFUSE).select_related("dossier__registration")
    held = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND) | units_where(user, May.DECIDE)
    if decision.issuer_id in held:
        return lines
    return lines.filter(dossier__registration__in=Registration.objects.filter(own_units(user, May.SEE_BOARD)))


def commended_in(user: Reader, decision: Decision) -> QuerySet[Commendation]:
    """Whom a decision commends, to the body; to a unit those of its own models."""
    there = decision.commendations.select_related("recognition")
    held = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND) | units_where(user, May.DECIDE)
    if decision.issuer_id in held:
        return there
    return there.filter(recognition__registration__in=Registration.objects.filter(own_units(user, May.SEE_BOARD)))


def standing_in(decision: Decision) -> list[int]:
    """The ids of what a decision recognised and nothing has revoked."""
    return list(decision.recognitions.filter(revoked_on__isnull=True).values_list("pk", flat=True))


def grades_of(unit: Unit) -> QuerySet[Grade]:
    """The grades of a body, with how often each was given."""
    return unit.grades.annotate(given=Count("recognitions"))


def grades_offered(unit: Unit) -> list[Grade]:
    return list(unit.grades.all())


def introducible(decision: Decision, *, is_back: bool) -> QuerySet[Recognition]:
    """Recognitions of a decision that stand and may be introduced to the centre, or, back from there, that are introduced."""
    standing = decision.recognitions.filter(revoked_on__isnull=True).select_related("registration__season", "registration__unit")
    found = standing.select_related("registration__place", "registration__field").order_by("title", "pk")
    introduced = Q(registration__central_introduction__isnull=False)
    if is_back:
        return found.filter(introduced, registration__central_introduction__withdrawn_on__isnull=True)
    return found.exclude(introduced)


def undecided(round_: RecognitionRound) -> QuerySet[Dossier]:
    """Complete dossiers without a word of a decision, and those whose appeal was upheld since the last one."""
    last = decided_dossiers().filter(dossier=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    there = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).annotate(last_line=Subquery(last))
    upheld = Appeal.objects.filter(line=OuterRef("last_line"), is_upheld=True)
    return there.filter(Q(last_line__isnull=True) | Exists(upheld)).order_by("number")


def count_undecided(round_: RecognitionRound) -> int:
    return undecided(round_).count()


def outcome_of(dossier: Dossier) -> DraftLine | None:
    """What the last published decision says of a dossier."""
    lines = decided_dossiers().filter(dossier=dossier).select_related("draft__decision")
    return lines.order_by("-draft__decision__published_at", "-pk").first()


def outcomes_among(dossier_ids: list[int]) -> dict[int, DraftLine]:
    """dossier id -> the line of its last published decision (one query)."""
    lines = decided_dossiers().filter(dossier__in=dossier_ids).select_related("draft__decision", "appeal")
    return {line.dossier_id: line for line in lines.order_by("draft__decision__published_at", "pk") if line.dossier_id}


def appeal_of(dossier: Dossier) -> Appeal | None:
    return Appeal.objects.filter(line__dossier=dossier).first()


def recognition_of(dossier: Dossier) -> Recognition | None:
    """The last recognition of a dossier's registration at its level, whether it stands or not."""
    there = Recognition.objects.filter(registration=dossier.registration_id, level=dossier.level_id)
    return there.select_related("decision", "revoked_by").order_by("-pk").first()


def decision_with_number(letterhead: Letterhead, number: int, day: date) -> Decision | None:
    """A decision of the body that has this number in the term of the day, also one that came with a list."""
    same = Decision.objects.filter(issuer=letterhead.unit_id, number=number_text(letterhead, "QĐ", number))
    return next((one for one in same if term_on(letterhead, one.decided_on) == term_on(letterhead, day)), None)


def next_decision_number(letterhead: Letterhead, day: date) -> int:
    """One more than the last number in the term, be it given here or known from a list."""
    term, last = term_on(letterhead, day), 0
    for text, decided_on in Decision.objects.filter(issuer=letterhead.unit_id).values_list("number", "decided_on"):
        head = re.match(r"\d{1,6}", text)
        if head and number_text(letterhead, "QĐ", int(head[0])) == text and term_on(letterhead, decided_on) == term:
            last = max(last, int(head[0]))
    return max(next_number(letterhead, "QĐ", term), last + 1)


def appeal_until(line: DraftLine) -> date:
    """The last day on which the unit may appeal against a refusal."""
    decision, round_ = line.draft.decision, line.draft.round
    assert decision is not None and decision.published_at is not None and round_ is not None
    return timezone.localtime(decision.published_at, VIETNAM).date() + timedelta(days=round_.appeal_days)


def ended_units(draft: DecisionDraft, day: date) -> list[DraftLine]:
    """Lines whose proposing unit no longer is there on the day."""
    tree = unit_tree()
    lines = draft.lines.filter(dossier__unit__isnull=False).select_related("dossier__registration", "dossier__unit")
    return [line for line in lines if line.dossier and line.dossier.unit_id and not tree.exists(line.dossier.unit_id, day)]


def earlier_recognitions(registrations: list[Registration], level_id: int) -> dict[int, Recognition]:
    """model id -> its last standing recognition of an earlier season at the level: what a new one renews."""
    models = {row.model_id for row in registrations}
    standing = Recognition.objects.filter(registration__model__in=models, level=level_id, revoked_on__isnull=True)
    years = {row.model_id: row.season.year for row in registrations}
    found: dict[int, Recognition] = {}
    for one in standing.select_related("registration__season").order_by("registration__season__year"):
        model_id = one.registration.model_id
        if model_id is not None and one.registration.season.year < years[model_id]:
            found[model_id] = one
    return found
