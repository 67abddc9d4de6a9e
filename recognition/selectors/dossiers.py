"""Reads of dossiers: which one may see, what may be proposed, what a dossier still lacks and who must act."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from models_registry.enums import AttachmentState, State
from models_registry.models import Attachment, Registration
from models_registry.permissions import acting_day
from models_registry.selectors import own_units
from models_registry.selectors.heirs import held_by
from organisation.models import Reader, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from recognition.enums import COMMON_PAPERS, IN_ROUND, DossierState, PaperKind, Phase
from recognition.models import (
    BallotResult,
    CouncilMember,
    Dossier,
    DossierFile,
    PaperFlaw,
    Recognition,
    RecognitionRound,
)
from recognition.permissions import can_prepare, can_read_lists, can_run, seat_of
from recognition.selectors.council import conflicts_of, kept_back_from

_WITH = (
    "registration__season",
    "registration__unit",
    "registration__place",
    "registration__field",
    "registration__model",
    "unit",
)


def dossiers_visible_to(user: Reader) -> QuerySet[Dossier]:
    """Dossiers of the user's own units; those sent to bodies whose rounds the user runs or follows. What a member of a council
    sees of it, `dossiers_of_member` says.
    """
    led = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)
    own = Registration.objects.filter(own_units(user, May.SEE_BOARD))
    sent = Q(round__unit__in=led) & ~Q(state=DossierState.PREPARING)
    return (
        Dossier.objects.filter(Q(registration__in=own) | sent)
        .filter(round__isnull=False)
        .select_related("round", "packet", *_WITH)
    )


def dossiers_of_member(member: CouncilMember) -> QuerySet[Dossier]:
    """What a member is given to judge: assigned, complete, and not one in which the member has an interest."""
    kept_back = [dossier for (member_id, dossier) in conflicts_of(member.round, member=member) if member_id == member.pk]
    given = Dossier.objects.filter(round=member.round, assignments__member=member, state=DossierState.COMPLETE)
    return given.exclude(pk__in=kept_back).select_related("round", *_WITH).order_by("number")


def dossiers_of_seats(user: Visitor) -> QuerySet[Dossier]:
    """Dossiers of the rounds in whose council the user sits or once sat: whoever lost the seat with a page open is told so."""
    return Dossier.objects.filter(round__members__user=user.pk).select_related("round__criteria")


def readable_by(user: Visitor, dossier_id: int) -> Dossier | None:
    """A dossier for its page: visible by the user's role, or given to the user as a member."""
    found = dossiers_visible_to(user).filter(pk=dossier_id).first()
    if found is not None and found.round is not None:
        own = can_prepare(user, found) or can_run(user, found.round.unit)
        return found if own or dossier_id not in kept_back_from(user, found.round) else None
    other = Dossier.objects.filter(pk=dossier_id, round__isnull=False).select_related("round").first()
    seat = seat_of(user, other.round) if other and other.round else None
    if seat is None or seat.round.phase in (Phase.PREPARING, Phase.PROPOSING):
        return None
    return dossiers_of_member(seat).filter(pk=dossier_id).first()


def dossiers_in(user: Reader, round_: RecognitionRound) -> QuerySet[Dossier]:
    """The dossiers of a round that the user may see, in the order of their numbers."""
    return dossiers_visible_to(user).filter(round=round_).order_by("number", "pk")


def next_to_look_at(dossier: Dossier) -> int | None:
    """The id of the next dossier of its round that was sent and waits: after this one, then from the first."""
    waiting = Dossier.objects.filter(round=dossier.round_id, state=DossierState.SENT).exclude(pk=dossier.pk)
    ids = dict(waiting.order_by("number").values_list("number", "pk"))
    return next((pk for number, pk in ids.items() if (number or 0) > (dossier.number or 0)), None) or next(
        iter(ids.values()), None
    )


def registrations_held(user: Reader, round_: RecognitionRound) -> QuerySet[Registration]:
    """Registrations of the units for which the user proposes in a round: in the register, or on their way there."""
    day = acting_day(round_.season)
    held = tree_for(user).below(units_where(user, May.PROPOSE), day)
    sent = Q(registered_on__isnull=False) | Q(state__in=[State.SUBMITTED, State.RETURNED])
    rows = Registration.objects.filter(sent, season=round_.season)
    if round_.level.gathers_registers:
        return rows.filter(held_by(held, round_.season, day))
    return rows.filter(Q(unit=round_.unit) | Q(place=round_.unit)).filter(Q(place__in=held) | Q(unit__in=held))


def candidates(user: Reader, round_: RecognitionRound) -> QuerySet[Registration]:
    """Accepted registrations that the user may propose in a round, without a dossier at its level yet."""
    rows = registrations_held(user, round_).filter(registered_on__isnull=False, state=State.ACCEPTED, withdrawn_on__isnull=True)
    rows = rows.exclude(pk__in=Dossier.objects.filter(level=round_.level, withdrawn_on__isnull=True).values("registration"))
    listed = rows.select_related("unit", "place", "field", "handover").prefetch_related("handover__again")
    return listed.order_by("-honour_rank", "sort_key", "pk")


def recognised_below(registration: Registration, round_: RecognitionRound) -> Recognition | None:
    """The recognition of this season at a lower level that stands, which a higher round rests on."""
    standing = Recognition.objects.filter(registration=registration, revoked_on__isnull=True)
    below = standing.filter(decision__level__rank__lt=round_.level.rank)
    return below.select_related("decision", "decision__level").order_by("-decision__decided_on").first()


def lower_meeting(dossier: Dossier) -> RecognitionRound | None:
    """The round below in which a council voted on the same registration: its minutes go with the dossier."""
    voted = BallotResult.objects.filter(
        dossier__registration=dossier.registration_id, dossier__level__rank__lt=dossier.level.rank
    )
    found = voted.select_related(
        "dossier__round__season", "dossier__round__unit", "dossier__round__level", "dossier__round__criteria"
    ).last()
    return found.dossier.round if found else None


def needs_lower_recognition(round_: RecognitionRound) -> bool:
    """Whether this round takes what a lower level recognised: only rounds of the level that gathers the registers do."""
    return round_.level.gathers_registers


@dataclass(frozen=True)
class ChecklistLine:
    """One paper of a dossier: whether it must be there, what is there, what to do and by whom."""

    kind: PaperKind
    is_needed: bool
    file: DossierFile | None
    has: bool
    words: str
    who: str
    flaw: PaperFlaw | None = None
    is_common: bool = False
    """Whether it is one for all dossiers of the packet."""

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.has


def checklist(dossier: Dossier) -> list[ChecklistLine]:
    """All papers of a dossier, needed ones first in their order. A fixed number of queries."""
    assert dossier.round is not None
    files = files_of(dossier)
    photos = dossier.registration.attachments.filter(state="ready").count()
    earlier = recognised_below(dossier.registration, dossier.round)
    flaws = {flaw.kind: flaw for flaw in last_flaws(dossier)}
    needed = set(dossier.round.needed)
    row = dossier.registration
    unit = row.place_name if dossier.unit_id == row.place_id and row.place_name else row.unit_name
    lines = []
    for kind in PaperKind:
        file = files.get(kind)
        words, who, has = (file.file_name if file else "Chưa có"), unit, file is not None and not file.is_draft
        if kind == PaperKind.EVIDENCE and not has:
            has, words = photos > 0, f"{photos} ảnh, tệp ở đăng ký" if photos else "Chưa có ảnh, tệp nào ở đăng ký"
        elif kind == PaperKind.EARLIER and not has:
            has = earlier is not None
            words = f"{earlier.decision}, {earlier.decision.decided_on:%d/%m/%Y}" if earlier else "Chưa được công nhận ở cấp dưới"
            if dossier.reason and not has:
                has, words = True, "Đề nghị kèm lý do"
        elif kind == PaperKind.OPINION:
            who = dossier.registration.place_name or unit
        is_common = dossier.packet_id is not None and kind in COMMON_PAPERS
        lines.append(ChecklistLine(kind, kind in needed, file, has, words, who, flaws.get(kind), is_common))
    return sorted(lines, key=lambda line: not line.is_needed)


def papers_of(dossier: Dossier) -> QuerySet[DossierFile]:
    """The papers of a dossier: its own, and those of its packet that are known."""
    common = Q(packet=dossier.packet_id) & ~Q(kind="") if dossier.packet_id else Q(pk__in=[])
    return DossierFile.objects.filter(Q(dossier=dossier.pk) | common)


def paper_of(user: Visitor, dossier: Dossier, file_id: UUID) -> DossierFile | None:
    """A paper of a dossier that the user sees; of the common ones, which speak of other units' models too, fewer."""
    found = papers_of(dossier).filter(pk=file_id).first()
    return None if found and found.kind in COMMON_PAPERS and not can_read_lists(user, dossier) else found


def evidence_of(dossier: Dossier, file_id: UUID) -> Attachment | None:
    """A paper that was sent with the registration of a dossier."""
    return dossier.registration.attachments.filter(pk=file_id, state=AttachmentState.READY, kind=Attachment.Kind.PAPER).first()


def files_of(dossier: Dossier) -> dict[str, DossierFile]:
    """Kind -> the paper in force: one that is signed before a draft, the packet's before the dossier's own."""
    there = papers_of(dossier).filter(replaced_at__isnull=True)
    return {one.kind: one for one in sorted(there, key=lambda one: (not one.is_draft, one.packet_id is not None))}


def missing_papers(dossiers: Iterable[Dossier], round_: RecognitionRound) -> dict[int, list[PaperKind]]:
    """dossier id -> needed papers that it lacks, by the rule of `checklist`. Three queries."""
    dossiers = list(dossiers)
    there: dict[int, set[str]] = defaultdict(set)
    in_packets: dict[int, set[str]] = defaultdict(set)
    files = DossierFile.objects.filter(
        Q(dossier__in=dossiers) | Q(packet__in={one.packet_id for one in dossiers if one.packet_id}),
        replaced_at__isnull=True,
        is_draft=False,
    )
    for dossier_id, packet_id, kind in files.order_by().values_list("dossier", "packet", "kind"):
        (there[dossier_id] if dossier_id else in_packets[packet_id]).add(kind)
    ids = [one.registration_id for one in dossiers]
    shown = set(Attachment.objects.filter(registration__in=ids, state="ready").order_by().values_list("registration", flat=True))
    earlier = recognised_among([one.registration for one in dossiers], round_)
    for one in dossiers:
        there[one.pk] |= in_packets[one.packet_id] if one.packet_id else set()
        there[one.pk] |= {PaperKind.EVIDENCE} if one.registration_id in shown else set()
        there[one.pk] |= {PaperKind.EARLIER} if one.reason or one.registration_id in earlier else set()
    return {one.pk: [kind for kind in round_.needed if kind not in there[one.pk]] for one in dossiers}


def last_flaws(dossier: Dossier) -> list[PaperFlaw]:
    """What the last return asked to complete, while the dossier is returned."""
    if dossier.state != DossierState.RETURNED:
        return []
    step = dossier.steps.filter(action="return").prefetch_related("flaws").last()
    return list(step.flaws.all()) if step else []


def recognised_among(registrations: Iterable[Registration], round_: RecognitionRound) -> dict[int, Recognition]:
    """registration id -> the standing recognition at a lower level that a round may rest on."""
    standing = Recognition.objects.filter(registration__in=[row.pk for row in registrations], revoked_on__isnull=True)
    below = standing.filter(decision__level__rank__lt=round_.level.rank).select_related("decision", "decision__level")
    return {one.registration_id: one for one in below.order_by("decision__decided_on")}


def counts_by_unit(round_: RecognitionRound) -> dict[int, int]:
    """unit id -> dossiers proposed and not taken back."""
    sent = Dossier.objects.filter(round=round_, state__in=IN_ROUND).order_by()
    return {unit_id: number for unit_id, number in sent.values_list("unit").annotate(n=Count("pk")) if unit_id}


def quotas_of(round_: RecognitionRound) -> dict[int, int]:
    """unit id -> how many it is advised to propose."""
    return dict(round_.quotas.values_list("unit", "number"))
