"""Reads of packets: which one may see, what each lacks before it is sent, its papers, the votes of the unit's meeting."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from common.dates import today
from organisation.models import Reader, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from recognition.enums import COMMON_PAPERS, IN_ROUND, DossierAction, DossierState, PaperKind
from recognition.models import BallotResult, Dossier, DossierFile, Packet, PaperFlaw, RecognitionRound, UnitQuota
from recognition.permissions import can_prepare_for, can_run
from recognition.selectors.council import kept_back_from
from recognition.selectors.dossiers import missing_papers
from recognition.selectors.ways import states_of

_WITH = ("round__season", "round__level", "round__unit", "unit", "proposal_number", "minutes_number")


def packets_visible_to(user: Reader) -> QuerySet[Packet]:
    """Packets of the user's own units, and those that were sent to bodies whose rounds the user runs or follows."""
    if not getattr(user, "is_authenticated", False):
        return Packet.objects.none()
    tree, held = tree_for(user), units_where(user, May.SEE_BOARD)
    own = frozenset[int]().union(*(tree.reach(unit_id, today()) for unit_id in held))
    led = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)
    found = Packet.objects.filter(Q(unit__in=own) | Q(round__unit__in=led, sent_at__isnull=False))
    return found.select_related(*_WITH)


@dataclass(frozen=True)
class OpenPacket:
    """A packet that one may open from the page of its round."""

    packet: Packet
    number: int
    """How many dossiers are in it and were not taken back."""
    is_own: bool
    """Whether the user works for its unit, or for one that followed it."""


def open_packets(user: Visitor, round_: RecognitionRound) -> list[OpenPacket]:
    """The packets of a round that the user may open, by unit; empty ones are left out. A fixed number of queries."""
    kept = Count("dossiers", filter=~Q(dossiers__state=DossierState.WITHDRAWN))
    found = packets_visible_to(user).filter(round=round_).annotate(kept=kept).filter(kept__gt=0)
    own = tree_for(user).with_followed(units_where(user, May.PROPOSE), today())
    listed = [OpenPacket(one, one.kept, one.unit_id in own) for one in found.order_by("unit_name", "number")]
    if not listed or can_run(user, round_.unit) or not (kept_back := kept_back_from(user, round_)):
        return listed
    closed = set(Dossier.objects.filter(pk__in=kept_back).values_list("packet", flat=True))
    return [one for one in listed if one.packet.pk not in closed or can_prepare_for(user, one.packet.unit, round_.season)]


def readable_by(user: Visitor, packet_id: int) -> Packet | None:
    """A packet for its page; not one with a dossier that is kept back from the user as a member of the council."""
    found = packets_visible_to(user).filter(pk=packet_id).first()
    if found is None or can_prepare_for(user, found.unit, found.round.season) or can_run(user, found.round.unit):
        return found
    kept_back = kept_back_from(user, found.round)
    return None if kept_back and found.dossiers.filter(pk__in=kept_back).exists() else found


def dossiers_in(packet: Packet) -> list[Dossier]:
    """By number."""
    found = packet.dossiers.select_related("round", "registration__unit", "registration__place", "registration__field")
    return list(found.order_by("number"))


@dataclass(frozen=True)
class Votes:
    """n of m in the meeting of the unit that proposes."""

    in_favour: int
    voters: int

    @property
    def percent(self) -> str:
        return f"{round(1000 * self.in_favour / self.voters) / 10:g}".replace(".", ",")

    def __str__(self) -> str:
        return f"{self.in_favour}/{self.voters}"


def votes_of(packet: Packet, dossiers: Iterable[Dossier]) -> dict[int, Votes]:
    """dossier id -> its votes: its own, else those of the council below that judged it on the portal, else the packet's."""
    ids = {one.registration_id: one.pk for one in dossiers}
    below = BallotResult.objects.filter(dossier__registration__in=ids, dossier__level__rank__lt=packet.round.level.rank)
    found: dict[int, Votes] = {}
    for row, votes_for, of in below.filter(voters__gte=1).values_list("dossier__registration", "in_favour", "voters"):
        found[ids[row]] = Votes(votes_for, of)
    for one in dossiers:
        if one.votes_for is not None and one.votes_of is not None:
            found[one.pk] = Votes(one.votes_for, one.votes_of)
        elif one.pk not in found and packet.votes_for is not None and packet.votes_of is not None:
            found[one.pk] = Votes(packet.votes_for, packet.votes_of)
    return found


@dataclass(frozen=True)
class CommonPaper:
    """One paper for all dossiers of a packet: signed, a draft, or not there."""

    kind: PaperKind
    is_needed: bool
    is_missing: bool
    """Whether a dossier that is still to be sent waits for it, signed."""
    signed: DossierFile | None
    draft: DossierFile | None
    flaws: list[str]
    is_old: bool
    """Whether the list of dossiers changed after it."""


@dataclass(frozen=True)
class PacketRow:
    """A dossier in its packet: what of its own it lacks or was returned for, its votes."""

    dossier: Dossier
    state: str
    """What was decided on it, else the state of the dossier."""
    missing: list[PaperKind]
    flaws: list[str]
    votes: Votes | None

    @property
    def is_open(self) -> bool:
        return self.dossier.is_editable

    @property
    def lacks(self) -> list[str]:
        """What keeps it from being sent, but for the papers of the packet."""
        gone = ["đăng ký đã rút khỏi sổ"] if self.dossier.registration.withdrawn_on else []
        return gone + [kind.label.lower() for kind in self.missing]


@dataclass(frozen=True)
class PacketParts:
    """What is in a packet."""

    rows: list[PacketRow]
    papers: list[CommonPaper]
    unsorted: list[DossierFile]
    """Sent, and not known which paper each is."""

    @property
    def to_send(self) -> list[PacketRow]:
        return [row for row in self.rows if row.is_open]

    @property
    def missing_papers(self) -> list[CommonPaper]:
        return [paper for paper in self.papers if paper.is_missing]

    @property
    def is_ready(self) -> bool:
        return bool(self.to_send) and not self.missing_papers and not any(row.lacks for row in self.to_send)


def parts_of(packet: Packet) -> PacketParts:
    """Dossiers and papers of a packet. A fixed number of queries."""
    dossiers = dossiers_in(packet)
    missing, flaws, votes = missing_papers(dossiers, packet.round), _flaws(packet), votes_of(packet, dossiers)
    states = states_of(dossiers)
    files = list(packet.files.filter(replaced_at__isnull=True).order_by("sent_at"))
    rows = [
        PacketRow(
            one,
            states[one.pk],
            [kind for kind in missing[one.pk] if kind not in COMMON_PAPERS],
            [str(flaw) for flaw in flaws[one.pk] if flaw.kind not in COMMON_PAPERS],
            votes.get(one.pk),
        )
        for one in dossiers
    ]
    return PacketParts(
        rows,
        [_paper(packet, kind, files=files, dossiers=dossiers, missing=missing, flaws=flaws) for kind in COMMON_PAPERS],
        [file for file in files if not file.kind],
    )


def _paper(
    packet: Packet,
    kind: PaperKind,
    *,
    files: list[DossierFile],
    dossiers: list[Dossier],
    missing: dict[int, list[PaperKind]],
    flaws: dict[int, list[PaperFlaw]],
) -> CommonPaper:
    signed = next((file for file in files if file.kind == kind and not file.is_draft), None)
    draft = next((file for file in files if file.kind == kind and file.is_draft), None)
    last = signed or draft
    return CommonPaper(
        kind,
        kind in packet.round.needed,
        any(kind in missing[one.pk] for one in dossiers if one.is_editable),
        signed,
        draft,
        list(dict.fromkeys(flaw.words for found in flaws.values() for flaw in found if flaw.kind == kind)),
        last is not None and last.sent_at < packet.listed_at,
    )


def _flaws(packet: Packet) -> dict[int, list[PaperFlaw]]:
    """dossier id -> what the last return of a dossier that is returned asked to complete."""
    there = PaperFlaw.objects.filter(step__dossier__packet=packet, step__dossier__state=DossierState.RETURNED)
    returned = there.filter(step__action=DossierAction.RETURN).select_related("step").order_by("-step__at", "-step", "pk")
    found: dict[int, list[PaperFlaw]] = defaultdict(list)
    for flaw in returned:
        known = found[flaw.step.dossier_id]
        if not known or known[0].step_id == flaw.step_id:
            known.append(flaw)
    return found


@dataclass(frozen=True)
class Share:
    """How many a unit proposes, beside how many it is advised to."""

    packet: Packet | None
    unit_name: str
    number: int
    quota: int | None


def shares_of(user: Reader, round_: RecognitionRound) -> list[Share]:
    """The packets in hand and the advice for the units that the user proposes for; units with neither are left out."""
    day = round_.season.cutoff_on
    held = tree_for(user).below(units_where(user, May.PROPOSE), today()) | tree_for(user).below(
        units_where(user, May.PROPOSE), day
    )
    in_hand = {one.unit_id: one for one in Packet.objects.filter(round=round_, unit__in=held, sent_at__isnull=True)}
    quotas = dict(UnitQuota.objects.filter(round=round_, unit__in=held).values_list("unit", "number"))
    counted: dict[int, int] = defaultdict(int)
    chosen = Dossier.objects.filter(round=round_, unit__in=held, state__in=[DossierState.PREPARING, *IN_ROUND])
    for unit_id in chosen.order_by().values_list("unit", flat=True):
        if unit_id:
            counted[unit_id] += 1
    units = [*in_hand, *(unit for unit in quotas if unit not in in_hand)]
    names = {pk: version.name for pk, version in tree_for(user).were(units, day).items()}
    shown = [Share(in_hand.get(unit), names.get(unit, ""), counted[unit], quotas.get(unit)) for unit in units]
    return [one for one in shown if one.number or one.quota is not None]


def others_to_send(dossier: Dossier) -> int:
    """How many other dossiers of its packet are to be sent with one that never was."""
    if dossier.packet is None or dossier.state != DossierState.PREPARING:
        return 0
    return dossier.packet.dossiers.filter(state=DossierState.PREPARING).exclude(pk=dossier.pk).count()


def count_papers(dossier: Dossier) -> int:
    """How many papers a dossier has of its own."""
    return dossier.files.count()
