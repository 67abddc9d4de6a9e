"""Which registration a row of a list of outcomes is: by its words, exactly; where not, which it may be, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from common.text import compare_key, quoted
from common.trigrams import similarity
from models_registry.models import Registration, Season
from models_registry.permissions import season_days
from models_registry.registers.vocabulary import plain_place
from organisation.models import Unit, UnitVersion
from organisation.tree import unit_tree

OFFERED = 4
ALIKE = 0.45  # likeness of two titles from which one may be the other
_WEIGHED = 200  # titles that are compared in full
_RARE = 3  # words of a title by which others are sought


@dataclass(frozen=True, slots=True)
class Known:
    """A registration, as a row is held against it."""

    pk: int
    title: str
    title_key: str
    subject: str
    unit_id: int
    unit_name: str
    place_name: str

    @property
    def where(self) -> str:
        return f"{self.place_name}, {self.unit_name}" if self.place_name else self.unit_name


@dataclass(frozen=True)
class Match:
    """The registration that a row is; or why it is none, with those that it may be, each with the reason."""

    known: Known | None = None
    code: str = ""
    why: str = ""
    offered: tuple[tuple[int, str], ...] = ()


def registrations_within(season: Season, issuer: Unit) -> QuerySet[Registration]:
    """The registrations of a season that a body may recognise: its own, those below it, those of what these have followed."""
    reach = unit_tree().reach(issuer.pk, season.last_day)
    return Registration.objects.in_register().filter(season=season, unit__in=reach)


class OutcomeRegister:
    """The registrations that a body may recognise, by their words."""

    def __init__(self, season: Season, issuer: Unit) -> None:
        self.season, self.issuer = season, issuer
        tree = unit_tree()
        self.gathers = any(tree.gathers(issuer.pk, day) for day in season_days(season))
        self.reach = tree.reach(issuer.pk, season.last_day)
        names = ("pk", "title", "title_key", "subject", "unit_id", "unit_name", "place_name")
        rows = registrations_within(season, issuer).order_by("pk").values(*names)
        self.known = {row["pk"]: Known(**row) for row in rows}
        self.units = sorted({known.unit_id for known in self.known.values()})
        self._by_title: dict[str, list[Known]] = defaultdict(list)
        self._by_word: dict[str, list[Known]] = defaultdict(list)
        for known in self.known.values():
            self._by_title[known.title_key].append(known)
            for word in set(known.title_key.split()):
                self._by_word[word].append(known)
        self._named: dict[str, set[int]] = defaultdict(set)
        for version in UnitVersion.objects.filter(unit__in=self.reach).select_related("unit"):
            for words in (version.name, version.place, version.unit.key):
                if words:
                    self._named[plain_place(words)].add(version.unit_id)

    def units_named(self, words: str) -> set[int]:
        """Ids of the units that may be meant, of those within reach."""
        return self._named.get(plain_place(words), set()) if words else set()

    def match(self, texts: dict[str, str], sections: Iterable[str] = ()) -> Match:
        """`texts`: title, subject, unit, place of a row, as far as it has them; `sections`: the lines above it, the nearest first."""
        title = texts.get("title", "")
        if not title:
            return Match(code="title_missing", why="Dòng này không có tên mô hình.")
        unit, is_own = texts.get("unit", ""), True
        if not unit:
            unit, is_own = next((line for line in sections if self.units_named(line)), ""), False
        units = self.units_named(unit)
        same = self._by_title.get(compare_key(title), [])
        fitting = [known for known in same if self._fits(known, texts, unit, units)]
        if len(fitting) > 1 and not texts.get("place"):
            fitting = [known for known in fitting if not known.place_name] or fitting
        if len(fitting) == 1:
            return Match(fitting[0])
        if fitting:
            said = f"{quoted(title)} khớp {len(fitting)} đăng ký; xin chọn một."
            return Match(
                code="ambiguous", why=said, offered=tuple((one.pk, self._apart(one, texts, units)) for one in fitting[:OFFERED])
            )
        offered = self._near(title, same, texts, units)
        if unit and is_own and not units and not any(self._is_at(known, unit) for known in same):
            return Match(code="unit_unknown", why=f"Không có đơn vị “{unit}” trong sổ năm {self.season}.", offered=offered)
        if units and not units.intersection(self.units):
            said = f"“{unit}” không đăng ký mô hình nào trong năm {self.season}."
            return Match(code="unit_registered_nothing", why=said, offered=offered)
        return Match(code="not_found", why=f"Không có đăng ký nào đúng như dòng này trong năm {self.season}.", offered=offered)

    def _fits(self, known: Known, texts: dict[str, str], unit: str, units: set[int]) -> bool:
        place, subject = texts.get("place", ""), texts.get("subject", "")
        if unit and known.unit_id not in units and not self._is_at(known, unit):
            return False
        if place and plain_place(place) != plain_place(known.place_name) and known.unit_id not in self.units_named(place):
            return False
        return not subject or compare_key(subject) == compare_key(known.subject)

    def _is_at(self, known: Known, words: str) -> bool:
        """Whether what stands under "Đơn vị" is the registration's place, or who does it."""
        return plain_place(words) == plain_place(known.place_name) or compare_key(words) == compare_key(known.subject)

    def _near(self, title: str, same: list[Known], texts: dict[str, str], units: set[int]) -> tuple[tuple[int, str], ...]:
        """The registrations that it may be, the likeliest first."""
        scored = {known.pk: 1.0 for known in same}
        key = compare_key(title)
        for known in self._sharing(key):
            if known.pk not in scored and (ratio := similarity(key, known.title_key)) >= ALIKE:
                scored[known.pk] = ratio

        def worth(pk: int) -> tuple[float, int]:
            known, subject = self.known[pk], compare_key(texts.get("subject", ""))
            bonus = 0.3 * (known.unit_id in units) + 0.2 * (bool(subject) and subject == compare_key(known.subject))
            return -(scored[pk] + bonus), pk

        best = sorted(scored, key=worth)[:OFFERED]
        return tuple((pk, self._apart(self.known[pk], texts, units, scored[pk])) for pk in best)

    def _sharing(self, key: str) -> list[Known]:
        """Registrations whose titles share rare words of this one, those with most of them first."""
        words = sorted((word for word in set(key.split()) if word in self._by_word), key=lambda word: len(self._by_word[word]))
        counted = Counter(known for word in words[:_RARE] for known in self._by_word[word])
        return [known for known, _ in counted.most_common(_WEIGHED)]

    def _apart(self, known: Known, texts: dict[str, str], units: set[int], ratio: float = 1.0) -> str:
        """In what a registration and a row differ, in words."""
        said = ["cùng tên" if ratio == 1 else f"tên giống {ratio:.0%}"]
        subject, place = texts.get("subject", ""), texts.get("place", "")
        if subject:
            said.append("cùng người làm" if compare_key(subject) == compare_key(known.subject) else "người làm khác")
        if place and plain_place(place) != plain_place(known.place_name):
            said.append("địa bàn khác")
        if units and known.unit_id not in units:
            said.append("đơn vị khác")
        return ", ".join(said)
