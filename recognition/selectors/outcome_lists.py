"""Lists of outcomes: which one may see, for whom one may send them, what stands on the page that reviews one."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, QuerySet, When

from common.text import search_words
from models_registry.models import Registration, Season
from models_registry.permissions import season_days
from models_registry.selectors.lists import remembers_for
from organisation.models import Reader, Unit, UnitVersion
from organisation.selectors.units import versions_on
from organisation.tree import tree_for, unit_tree
from recognition.enums import ListState, OutcomeState
from recognition.lists import OUTCOMES
from recognition.models import OutcomeList, OutcomeRow
from recognition.permissions import outcome_units
from recognition.selectors.outcome_matching import registrations_within

PAGE = 100
FOUND = 20  # registrations that a search shows
RIGHT = (OutcomeState.NEW, OutcomeState.CHANGED, OutcomeState.UNCHANGED)
WRITES = (OutcomeState.NEW, OutcomeState.CHANGED)
CHIPS = (
    ("", "Mọi dòng", tuple(OutcomeState.values), ""),
    ("tu-choi", "Bị từ chối", (OutcomeState.REFUSED,), "exclamation-circle-fill"),
    ("moi", "Mới", (OutcomeState.NEW,), "plus-lg"),
    ("doi", "Đổi", (OutcomeState.CHANGED,), "pencil"),
    ("da-co", "Đã có", (OutcomeState.UNCHANGED,), "circle"),
    ("bo", "Bỏ qua", (OutcomeState.LEFT,), "dash-circle"),
)
LOOKS = {OutcomeState.NEW: "ok", OutcomeState.CHANGED: "wait", OutcomeState.REFUSED: "late"}


remembers_for(OUTCOMES)(outcome_units)


def lists_visible_to(user: Reader, season: Season | None = None) -> QuerySet[OutcomeList]:
    """Lists of the bodies whose outcomes the user may record; with `season`, of one."""
    found = OutcomeList.objects.filter(issuer__in=outcome_units(user)).select_related("season", "issuer", "uploaded_by")
    return found.filter(season=season) if season else found


def issuers_for(user: Reader, season: Season) -> list[UnitVersion]:
    """The bodies for which the user may send lists of a season, as they were in it: those that gather registers first."""
    mine, tree = outcome_units(user), tree_for(user)
    found: dict[int, UnitVersion] = {}
    for day in season_days(season):
        found |= (
            {pk: it for pk, it in versions_on(mine, day).items() if tree.exists(pk, day) and tree.gathers(pk, day)}
            if mine
            else {}
        )
    for day in season_days(season):
        for version in tree.reporting_within(mine, day):
            found.setdefault(version.unit_id, version)
    return list(found.values())


def recognises_on(issuer: Unit, day: Any) -> bool:
    """Whether a body was of a level that recognises models on a day: one that registers models, or gathers registers."""
    tree = unit_tree()
    return tree.exists(issuer.pk, day) and (tree.gathers(issuer.pk, day) or tree.reporting(issuer.pk, day) == issuer.pk)


def digest_of(rows: list[OutcomeRow]) -> str:
    """Equal for two readings that would write the same."""
    said = repr([(row.position, str(row.state), row.registration_id) for row in rows])
    return blake2b(said.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Offer:
    row: Registration
    why: str


@dataclass(frozen=True)
class ReviewRow:
    """A row as the page shows it. `choice`: what its controls say: "" for by itself, the id of a registration, `bo`."""

    row: OutcomeRow
    offered: list[Offer]

    @property
    def choice(self) -> str:
        return "bo" if self.row.is_left else str(self.row.chosen_id or "")

    @property
    def look(self) -> str:
        return LOOKS.get(OutcomeState(self.row.state), "")

    @property
    def asks(self) -> bool:
        """Whether somebody may choose what it is."""
        is_by_hand = bool(self.row.chosen_id) or self.row.is_left
        return is_by_hand or (self.row.state == OutcomeState.REFUSED and bool(self.row.texts.get("title")))


@dataclass(frozen=True)
class Review:
    """A list's page. `shown`: the digest of what storing it would write."""

    page: Page[Any]
    rows: list[ReviewRow]
    counts: dict[str, int]
    chips: list[tuple[str, str, int, str, bool]]
    shown: str

    @property
    def right(self) -> int:
        return sum(self.counts.get(state, 0) for state in RIGHT)

    @property
    def writes(self) -> int:
        return sum(self.counts.get(state, 0) for state in WRITES)

    @property
    def refused(self) -> int:
        return self.counts.get(OutcomeState.REFUSED, 0)


def review_of(upload: OutcomeList, narrowed: str, number: str) -> Review:
    """The rows of a list, those that are refused first, then in its order. A fixed number of queries."""
    counts = {row["state"]: row["n"] for row in upload.rows.order_by().values("state").annotate(n=Count("pk"))}
    states = next((states for key, _, states, _ in CHIPS if key == narrowed), tuple(OutcomeState.values))
    rank = Case(When(state=OutcomeState.REFUSED, then=0), default=1)
    rows = upload.rows.filter(state__in=states).select_related("registration", "chosen").order_by(rank, "position")
    page = Paginator(rows, PAGE).get_page(number)
    ids = {pk for row in page for pk, _ in row.told.get("offered", [])} if upload.state == ListState.READ else set()
    offers = Registration.objects.in_bulk(ids)
    shown = [ReviewRow(row, [Offer(offers[pk], why) for pk, why in row.told.get("offered", []) if pk in offers]) for row in page]
    chips = [
        (key, words, sum(counts.get(state, 0) for state in states), icon, key == narrowed) for key, words, states, icon in CHIPS
    ]
    light = list(upload.rows.only("upload", "position", "state", "registration"))
    return Review(page, shown, counts, [chip for chip in chips if chip[2] or not chip[0]], digest_of(light))


def searched(upload: OutcomeList, text: str) -> list[Registration]:
    """The registrations within reach of a list's body whose words begin so."""
    words = search_words(text)
    if not words:
        return []
    found = registrations_within(upload.season, upload.issuer)
    for word in words[:8]:
        found = found.filter(search_text__contains=f" {word}")
    return list(found.order_by("unit__position", "title", "pk")[:FOUND])
