"""Reads of commendations and conferences: those of the bodies that the user runs or follows."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from models_registry.models import Season
from organisation.models import Reader, Unit
from organisation.permissions import units_where
from organisation.roles import May
from recognition.models import Commendation, Conference, ConferenceEntry, Dossier, Recognition


def _led(user: Reader) -> set[int]:
    return units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)


def commendations_visible_to(user: Reader) -> QuerySet[Commendation]:
    found = Commendation.objects.filter(unit__in=_led(user))
    return found.select_related("recognition__registration__season", "decision", "unit").order_by(
        "decision", "-recipient_kind", "pk"
    )


def sees_commendations(user: Reader) -> bool:
    return commendations_visible_to(user).exists()


def count_undecided(user: Reader) -> int:
    return commendations_visible_to(user).filter(decision__isnull=True).count()


def conferences_visible_to(user: Reader) -> QuerySet[Conference]:
    return Conference.objects.filter(unit__in=_led(user)).select_related("season", "unit")


def sees_conferences(user: Reader) -> bool:
    return conferences_visible_to(user).exists()


def entries_of(conference: Conference) -> QuerySet[ConferenceEntry]:
    with_rows = conference.entries.select_related(
        "recognition__registration__field", "recognition__decision", "recognition__level"
    )
    return with_rows.order_by("position", "pk")


def seasons_to_honour(unit: Unit, working: Season | None) -> list[tuple[Season, int]]:
    """The season that is worked in, then the others in which the unit recognised models that stand; how many of each."""
    standing = Recognition.objects.filter(decision__issuer=unit, revoked_on__isnull=True).order_by()
    counted = dict(standing.values_list("registration__season").annotate(n=Count("pk")))
    listed = sorted(Season.objects.in_bulk(counted).values(), key=lambda one: -one.year)
    first = [working] if working else []
    return [(one, counted.get(one.pk, 0)) for one in [*first, *(one for one in listed if one not in first)]]


def entry_after(entry: ConferenceEntry) -> ConferenceEntry | None:
    """The entry that follows in the order."""
    return entry.conference.entries.filter(position__gt=entry.position).order_by("position").first()


def missing_from(conference: Conference) -> QuerySet[Recognition]:
    """Models that the unit recognised in the season, that stand, and are not in the list."""
    standing = Recognition.objects.filter(
        decision__issuer=conference.unit, registration__season=conference.season, revoked_on__isnull=True
    )
    return standing.exclude(pk__in=conference.entries.values("recognition")).order_by("title")


PAGE_OF_WORDS = 450  # about three minutes, read aloud
ENOUGH, TOO_MANY = 350, 500


@dataclass(frozen=True)
class Story:
    """How far the story of one model is."""

    words: int

    @classmethod
    def of(cls, entry: ConferenceEntry) -> "Story":
        return cls(len(entry.story.split()))

    @property
    def look(self) -> str:
        """A look of the tag `state`."""
        if not self.words:
            return "unused"
        return "draft" if self.words < ENOUGH else "accepted" if self.words <= TOO_MANY else "late"

    @property
    def name(self) -> str:
        return {"unused": "Chưa viết", "draft": "Đang viết", "accepted": "Đủ một trang", "late": "Quá một trang"}[self.look]

    @property
    def advice(self) -> str:
        """“còn thiếu chừng 410 chữ cho đủ một trang”; '' for one of the right length."""
        if self.words < ENOUGH:
            return f"còn thiếu chừng {round(PAGE_OF_WORDS - self.words, -1)} chữ cho đủ một trang"
        return f"dài hơn một trang chừng {round(self.words - PAGE_OF_WORDS, -1)} chữ" if self.words > TOO_MANY else ""


def source_of(entry: ConferenceEntry) -> Dossier | None:
    """The dossier whose words a story may be taken from."""
    recognition = entry.recognition
    found = Dossier.objects.filter(registration=recognition.registration_id, level=recognition.level_id)
    return found.select_related("registration").order_by("-pk").first()
