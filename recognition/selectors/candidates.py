"""What a unit may propose in a round: the list of its registrations, why some cannot be chosen, searched, narrowed, sorted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from common.dates import write_day
from models_registry.enums import Kind, State, SubjectKind
from models_registry.models import Field, Registration, YearVerdict
from models_registry.selectors import search, verdicts
from organisation.models import Reader
from organisation.tree import tree_for
from recognition.enums import STATE_NAMES
from recognition.models import Dossier, Recognition, RecognitionRound
from recognition.permissions import proposing_now
from recognition.selectors.dossiers import candidates, needs_lower_recognition, recognised_among, registrations_held
from recognition.selectors.ways import states_of

SORTS = {
    "ten": ("Tên mô hình", ("sort_key",)),
    "dia-ban": ("Địa bàn", ("place_name", "sort_key")),
    "linh-vuc": ("Lĩnh vực", ("field__position", "sort_key")),
}
STANDS = (("duoc", "Chọn được"), ("khong", "Không chọn được"))
CHOSEN_AT_MOST = 500


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list, and what is chosen on all its pages; what it does not know of is nothing."""

    text: str = ""
    field: str = ""
    subject: str = ""
    kind: str = ""
    place: str = ""
    stands: str = ""
    verdict: str = ""
    by: str = ""
    chosen: tuple[int, ...] = ()

    @classmethod
    def read(cls, given: Any) -> "Asked":
        def one_of(name: str, known: Iterable[str]) -> str:
            return given.get(name, "") if given.get(name, "") in known else ""

        return cls(
            given.get("q", "").strip()[:200],
            given.get("lv", "")[:80],
            one_of("loai", SubjectKind.values),
            one_of("moi", Kind.values),
            given.get("db", "")[:200],
            one_of("tt", dict(STANDS)),
            one_of("dg", dict(verdicts.CHOICES)),
            one_of("xep", SORTS),
            numbers_in(given.get("da-chon", "").split("-")),
        )

    @property
    def parameters(self) -> dict[str, str]:
        filters = {"q": self.text, "lv": self.field, "loai": self.subject, "moi": self.kind, "db": self.place, "tt": self.stands}
        return filters | {"dg": self.verdict, "xep": self.by, "da-chon": self.kept}

    @property
    def kept(self) -> str:
        return "-".join(map(str, self.chosen))

    @property
    def folded(self) -> int:
        """How many filters and orders are chosen that stand folded."""
        return sum(map(bool, (self.field, self.subject, self.kind, self.place, self.stands, self.verdict, self.by)))

    @property
    def is_narrow(self) -> bool:
        return any((self.text, self.field, self.subject, self.kind, self.place, self.stands, self.verdict))


def numbers_in(texts: Iterable[str]) -> tuple[int, ...]:
    """The ids among these, each once, as many as one may choose."""
    found = dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 16)
    return tuple(found)[:CHOSEN_AT_MOST]


def listed(user: Reader, round_: RecognitionRound, asked: Asked) -> QuerySet[Registration]:
    """The registrations that the list shows: what can be chosen first."""
    rows, free = search(registrations_held(user, round_), asked.text), candidates(user, round_).order_by().values("pk")
    for name, value in (("field__slug", asked.field), ("subject_kind", asked.subject), ("kind", asked.kind)):
        rows = rows.filter(**{name: value}) if value else rows
    rows = verdicts.judged_as(rows.filter(place_name=asked.place) if asked.place else rows, asked.verdict)
    if asked.stands:
        rows = rows.filter(pk__in=free) if asked.stands == "duoc" else rows.exclude(pk__in=free)
    rows = verdicts.with_verdicts(rows).annotate(waits=Case(When(pk__in=free, then=Value(0)), default=Value(1)))
    by = SORTS[asked.by][1] if asked.by else ("-honour_rank", "sort_key")
    return (
        rows.select_related("unit", "place", "field", "handover").prefetch_related("handover__again").order_by("waits", *by, "pk")
    )


@dataclass(frozen=True)
class Candidate:
    """A registration in the list: who proposes it, what a lower level said, or why it cannot be chosen."""

    registration: Registration
    unit_name: str
    below: Recognition | None
    needs_reason: bool
    why_not: str
    dossier: Dossier | None
    verdict: YearVerdict | None
    """How it stood at the end of the year, where that counts already."""


def candidates_on(user: Reader, round_: RecognitionRound, rows: Iterable[Registration]) -> list[Candidate]:
    """Of one page of the list. A fixed number of queries."""
    rows, tree = list(rows), tree_for(user)
    below = recognised_among(rows, round_)
    standing = Dossier.objects.filter(registration__in=rows, level=round_.level, withdrawn_on__isnull=True)
    there = {one.registration_id: one for one in standing.select_related("round")}
    states = states_of(there.values())
    units = {row.pk: proposing_now(row, round_, tree) for row in rows}
    names = {pk: version.name for pk, version in tree.were(set(units.values()), round_.season.cutoff_on).items()}
    asks = needs_lower_recognition(round_)
    return [
        Candidate(
            row,
            names.get(units[row.pk], row.unit_name),
            below.get(row.pk),
            asks and row.pk not in below,
            _why_not(row, there.get(row.pk), round_, states),
            there.get(row.pk),
            verdicts.standing(row),
        )
        for row in rows
    ]


def _why_not(row: Registration, dossier: Dossier | None, round_: RecognitionRound, states: Mapping[int, str]) -> str:
    if dossier is not None and dossier.round_id == round_.pk:
        return f"Đã chọn, hồ sơ số {dossier.number}: {STATE_NAMES[states[dossier.pk]].lower()}"
    if dossier is not None:
        return f"Đã đề nghị ở {dossier.round}" if dossier.round else "Đã đề nghị ở cấp này, theo danh sách đã nạp"
    if row.withdrawn_on:
        return f"Đã rút khỏi sổ ngày {write_day(row.withdrawn_on)}"
    if row.state != State.ACCEPTED:
        return f"Chưa nhận vào sổ: đăng ký đang ở trạng thái “{row.get_state_display().lower()}”"
    return ""


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed to."""

    fields: list[tuple[str, str]]
    places: list[tuple[str, str]]
    subjects = SubjectKind.choices
    kinds = Kind.choices
    stands = STANDS
    verdicts = verdicts.CHOICES
    sorts = tuple((name, label) for name, (label, _) in SORTS.items())


def choices_of(user: Reader, round_: RecognitionRound) -> Choices:
    places = registrations_held(user, round_).exclude(place_name="").order_by("place_name").values_list("place_name", flat=True)
    return Choices([(one.slug, one.short_name) for one in Field.objects.all()], [(name, name) for name in places.distinct()])
