"""One unit's register of one season being written: what is there, what comes, what is left over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q

from common.dates import day_begins, write_day
from common.numbers import write_number
from common.text import compare_key, quoted
from models_registry.boxes import written
from models_registry.enums import Kind, State
from models_registry.models import EmulationModel, Field, RegisterImport, Registration, RegistrationSheet, Season
from models_registry.registers.reading import Flaw, ReadRow, RefusedRow, identity_of
from models_registry.selectors.repeats import set_aside
from models_registry.services.import_rows import KeptRows
from models_registry.services.lines import begin_model, derived
from models_registry.services.preview import ChangeWords
from models_registry.sources import where
from organisation.models import Unit
from organisation.selectors.units import versions_of
from organisation.tree import versions_among

BATCH = 2000
SAME_TITLE = 0.6  # share of letters in common from which two titles of one doer and place are one, mended
ONLINE_PENDING = "Mô hình này đang được đăng ký trên cổng, chưa nhận. Xin xét đăng ký ấy trước."
KEPT_WARNINGS = 1000  # that an upload keeps for its page


@dataclass
class ImportReport:
    """What came of a register. `saved` is False for a dry run, and when refused rows held everything back."""

    file: str
    season: int
    unit: str
    saved: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    understood: list[dict[str, Any]] = field(default_factory=list)
    other_unit: dict[str, Any] = field(default_factory=dict)
    """What the file's title names where that is not the unit it was sent for: `name`, and the keys of the `units` that it may be."""
    other_year: dict[str, int] = field(default_factory=dict)
    """The `year` that most rows' days are of where that is not the season's, and how many `rows`."""
    mapping: dict[str, Any] = field(default_factory=dict)
    """How the file was read (`registers.mapping`): given back, it is read so again."""
    set_aside: dict[str, int] = field(default_factory=dict)
    """How many of the refused rows the file itself hides or strikes through, by the code of SET_ASIDE."""
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    """Which column of each sheet a part of a row stands in: {sheet: {part: letter}}."""
    continuity: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("letters", "other_unit", "other_year")}

    def for_page(self) -> dict[str, Any]:
        """What an upload keeps for its page, beside its rows."""
        kept = self.as_dict() | {"letters": self.letters, "rejected_total": len(self.rejected)}
        kept |= {name: told for name in ("other_unit", "other_year") if (told := getattr(self, name))}
        del kept["rejected"]
        return kept | {"warnings": self.warnings[:KEPT_WARNINGS]}


_COMPARED = ("title", "subject", "place_id", "hamlet", "field_id", "kind", "subject_kind", "content", "note", "registered_on")
_KEPT_TO_UNDO = ("imported_from", "place_name", "identity_key")


class Storing:
    """One unit's register of one season being written: what is there, what comes, what is left."""

    def __init__(
        self,
        *,
        season: Season,
        unit: Unit,
        source: RegisterImport,
        report: ImportReport,
        writes: bool,
        kept: KeptRows | None = None,
    ) -> None:
        """`kept`: where each row is told with what becomes of it, for a page."""
        self.kept = kept
        self.season, self.unit, self.source, self.report, self.writes = season, unit, source, report, writes
        self.warnings: list[dict[str, Any]] = []
        self.audited: list[dict[str, Any]] = []
        self.undo: dict[str, dict[str, Any]] = {}
        self.joined_models: set[int] = set()
        self.asking: list[ReadRow] = []  # new rows, of a preview alone
        self._versions = list(versions_of([unit.pk]))
        known = Registration.objects.in_register().filter(season=season, unit=unit)
        self._known: dict[str, int] = dict(known.values_list("identity_key", "pk"))
        self._unseen = set(self._known)
        self._online = self._written_online()
        self._set_aside = set_aside(season, unit)
        self._held: list[ReadRow] = []
        self._words = ChangeWords(season)
        self._slugs = dict(Field.objects.values_list("pk", "slug"))
        self._has_earlier = EmulationModel.objects.filter(unit=unit).exclude(registrations__season=season).exists()
        if writes:
            self.keep_source()

    def keep_source(self) -> None:
        if self.writes and self.source._state.adding:
            self.source.save()

    def _written_online(self) -> set[str]:
        """Identities of what is being written or checked on the portal: a file must not put a second one beside it."""
        waiting = Registration.objects.filter(season=self.season, unit=self.unit, registered_on__isnull=True)
        waiting = waiting.filter(Q(state__in=[State.SUBMITTED, State.RETURNED]) | Q(state=State.DRAFT, model__isnull=False))
        return set(waiting.values_list("identity_key", flat=True))

    def met(self, identities: Iterable[str]) -> None:
        """A refused row is in the file all the same: its registration is neither missing nor free to be corrected."""
        self._unseen.difference_update(identities)

    def refuse(self, row: RefusedRow) -> None:
        self.report.rejected.append(row.as_dict())
        if self.kept:
            self.kept.refused(row)

    def take(self, rows: list[ReadRow]) -> None:
        """Match a batch with what is there: equal, changed or new. New rows of a re-sent register wait for the end."""
        known = {row.source: key for row in rows if (key := self._key_of(row))}
        met = [(row, self._known[known[row.source]]) for row in rows if row.source in known]
        self._unseen.difference_update(known.values())
        self._change(met)
        fresh = [row for row in rows if row.source not in known]
        for row in [row for row in fresh if row.identity in self._online]:
            fresh.remove(row)
            self._refuse(row, Flaw("", row.title[:80], "online_pending", ONLINE_PENDING))
        for row in [row for row in fresh if row.identity in self._set_aside]:
            fresh.remove(row)
            self.report.unchanged += 1
            self._preview(row, "unchanged", {})
        if self._known:
            self._held += fresh
        else:
            self._create(fresh)

    def _key_of(self, row: ReadRow) -> str:
        """The identity by which a row is known. One whose place is told by who does it or by a title alone may have been stored
        without a place, one whose hamlet is told by a heading with the hamlet's number alone, one whose doer is told by a line above without a doer,
        one whose doer's position stands beside the name with the name alone.
        """
        if row.identity in self._known or not self._unseen:
            return row.identity if row.identity in self._known else ""
        places = [*row.placed_before, *([bare] if (bare := row.place.key_of_number) else [])]
        before = [identity_of(row.title, place, row.subject) for place in places]
        before += [identity_of(row.title, place, name) for name in row.named_before for place in (row.place.key, *places)]
        return next((key for key in before if key in self._unseen), "")

    def take_held(self) -> None:
        """A re-sent register: a new row that differs from one row left over in a single thing is that row, corrected."""
        corrected: list[tuple[ReadRow, int]] = []
        if self._held and self._unseen and 2 * (len(self._known) - len(self._unseen)) >= len(self._known):
            corrected = self._pair_corrections()
        met = {row.identity for row, _ in corrected}
        self._change(corrected)
        fresh = [row for row in self._held if row.identity not in met]
        for start in range(0, len(fresh), BATCH):
            self._create(fresh[start : start + BATCH])
        if self._unseen:
            titles = Registration.objects.filter(pk__in=[self._known[key] for key in list(self._unseen)[:5]])
            named = "; ".join(f"{quoted(title)}" for title in titles.values_list("title", flat=True))
            more = f" và {write_number(len(self._unseen) - 5)} đăng ký nữa" if len(self._unseen) > 5 else ""
            said = f"{len(self._unseen)} đăng ký đã nạp trước đây không có trong tệp này, cổng giữ nguyên: {named}{more}."
            self.warnings.append({"sheet": "", "row": 0, "code": "not_in_file", "message": said})

    def _pair_corrections(self) -> list[tuple[ReadRow, int]]:
        left = Registration.objects.filter(pk__in=[self._known[key] for key in self._unseen]).select_related("place")
        by_pair: dict[tuple[str, ...], set[str]] = {}
        titles = {old.identity_key: old.title for old in left}
        for old in left:
            place = old.place.key if old.place else ""
            for pair in _pairs(old.title, place, old.subject):
                by_pair.setdefault(pair, set()).add(old.identity_key)
        wishes: dict[str, list[ReadRow]] = {}
        for row in self._held:
            found = set().union(*(by_pair.get(p, set()) for p in _pairs(row.title, row.place.key, row.subject)))
            found = {key for key in found if _alike(titles[key], row.title)}
            if len(found) == 1:
                wishes.setdefault(found.pop(), []).append(row)
        pairs = [(rows[0], self._known[key]) for key, rows in wishes.items() if len(rows) == 1]
        self._unseen -= {key for key, rows in wishes.items() if len(rows) == 1}
        return pairs

    def _change(self, met: list[tuple[ReadRow, int]]) -> None:
        stored = Registration.objects.select_related("model").in_bulk([pk for _, pk in met])
        sheets = RegistrationSheet.objects.in_bulk([pk for row, pk in met if row.answers])
        written_again: list[RegistrationSheet] = []
        changed: list[Registration] = []
        models: list[EmulationModel] = []
        for row, pk in met:
            registration = stored[pk]
            if registration.state in (State.SUBMITTED, State.RETURNED):
                self._refuse(row, Flaw("", row.title[:80], "online_pending", ONLINE_PENDING))
                continue
            if (gone := registration.withdrawn_on) and row.registered_on > gone:
                self._refuse_withdrawn(row, gone)
                continue
            wanted = self._values(row)
            changes = _changes(registration, wanted)
            sheet = self._sheet_again(row, registration, sheets.get(pk))
            boxes = _boxes_filled(sheets.get(pk), sheet)
            self._preview(row, "changed" if changes or sheet else "unchanged", changes | ({"sheet": boxes} if sheet else {}))
            if not changes and not sheet:
                self.report.unchanged += 1
                continue
            self.report.updated += 1
            old = {name: before for name, (before, _) in changes.items()}
            self.undo[str(pk)] = old | {name: getattr(registration, name) for name in _KEPT_TO_UNDO}
            if sheet:
                written_again.append(sheet)
                self.undo[str(pk)]["sheet"] = sheets[pk].answers if pk in sheets else None
                changes["sheet"] = boxes
            for name, value in wanted.items():
                setattr(registration, name, value)
            changed.append(registration)
            if (
                registration.model
                and registration.is_latest
                and ("title" in changes or registration.model.identity_key != row.identity)
            ):
                registration.model.title, registration.model.identity_key = row.title, row.identity
                models.append(registration.model)
            self.audited.append({"target": registration, "changes": changes, "note": self.report.file})
        if self.writes and changed:
            self._write_changes(changed, list(self._values(met[0][0])), models, written_again)

    def _write_changes(
        self, changed: list[Registration], names: list[str], models: list[EmulationModel], sheets: list[RegistrationSheet]
    ) -> None:
        Registration.objects.bulk_update(changed, names, batch_size=500)
        EmulationModel.objects.bulk_update(models, ["title", "identity_key"], batch_size=500)
        RegistrationSheet.objects.bulk_create(
            sheets,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["registration"],
            update_fields=["answers", "accepted"],
        )

    def _sheet_again(self, row: ReadRow, registration: Registration, there: RegistrationSheet | None) -> RegistrationSheet | None:
        """The sheet with the row's boxes; none if they change nothing, or somebody has written in it since."""
        answers = self._answers(row) if row.answers else {}
        if not answers or (there and (there.version or there.answers == answers)):
            return None
        return RegistrationSheet(registration=registration, answers=answers, accepted=answers, saved_by=self.source.uploaded_by)

    def _refuse_withdrawn(self, row: ReadRow, withdrawn_on: date) -> None:
        said = f"Đăng ký này đã rút ngày {write_day(withdrawn_on)}, trước ngày đăng ký ghi trong sổ."
        self._refuse(row, Flaw("", write_day(row.registered_on), "withdrawn_before", said))

    def _refuse(self, row: ReadRow, flaw: Flaw) -> None:
        sheet, number, nth = where(row.source)
        self.refuse(RefusedRow(sheet, number, row.identity, (flaw,), row.title, row.said, nth=nth, of=row.of, cells=row.cells))

    def _create(self, rows: list[ReadRow]) -> None:
        self.report.created += len(rows)
        for row in rows:
            self._preview(row, "new", {})
        if not rows or not self.writes:
            self.asking += [replace(row, content="", note="", said={}) for row in rows]
            return
        earlier = self._earlier_models(rows)
        begun = {
            row.identity: begin_model(title=row.title, unit_id=self.unit.pk, identity=row.identity)
            for row in rows
            if row.identity not in earlier
        }
        EmulationModel.objects.bulk_create(begun.values(), batch_size=1000)
        model_ids = earlier | {identity: model.pk for identity, model in begun.items()}
        self.joined_models |= set(earlier.values())
        made = Registration.objects.bulk_create(
            [
                Registration(
                    season_id=self.season.pk,
                    unit_id=self.unit.pk,
                    model_id=model_ids[row.identity],
                    imported_by_id=self.source.pk,
                    is_latest=row.identity not in earlier,
                    state_since=day_begins(row.registered_on),
                    **self._values(row),
                )
                for row in rows
            ],
            batch_size=1000,
        )
        RegistrationSheet.objects.bulk_create(
            (
                RegistrationSheet(registration=one, answers=answers, accepted=answers, saved_by=self.source.uploaded_by)
                for one, row in zip(made, rows, strict=True)
                if row.answers
                for answers in [self._answers(row)]
            ),
            batch_size=500,
        )

    def _answers(self, row: ReadRow) -> dict[str, str]:
        """The sheet that its officer would have typed."""
        line = {
            "title": row.title,
            "field": self._slugs[row.field_id],
            "subject_kind": row.subject_kind.value,
            "subject": row.subject,
            "kind": row.kind.value,
            "place": row.place.key.partition("#")[0] if row.place.unit_id else "",
        }
        return line | row.answers

    def _earlier_models(self, rows: list[ReadRow]) -> dict[str, int]:
        """identity -> the unit's model of an earlier season that the row carries on."""
        if not self._has_earlier:
            return {}
        mine = EmulationModel.objects.filter(unit=self.unit, identity_key__in=[row.identity for row in rows])
        free = mine.exclude(registrations__season=self.season).order_by("-pk")
        found = {identity: pk for pk, identity in free.values_list("pk", "identity_key")}
        for row in rows:
            if row.identity in found and row.kind == Kind.NEW:
                sheet, number, _ = where(row.source)
                said = f"{quoted(row.title[:80])} ghi là mới nhưng đã đăng ký năm trước; cổng nối vào mô hình cũ."
                self.warnings.append({"sheet": sheet, "row": number, "code": "known_model", "message": said})
        return found

    def _values(self, row: ReadRow) -> dict[str, Any]:
        unit_name = versions_among(self._versions, row.registered_on)[self.unit.pk].name
        return {
            "title": row.title,
            "subject": row.subject,
            "place_id": row.place.unit_id,
            "field_id": row.field_id,
            "kind": row.kind.value,
            "subject_kind": row.subject_kind.value,
            "content": row.content,
            "note": row.note,
            "registered_on": row.registered_on,
            "unit_name": unit_name,
            "place_name": row.place.name[:200],
            "hamlet": row.place.hamlet or None,
            "identity_key": row.identity,
            "imported_from": row.source[:60],
        } | derived(title=row.title, subject=row.subject, place_name=f"{row.place.name} {row.place.hamlet}", unit_name=unit_name)

    def _preview(self, row: ReadRow, state: str, changes: dict[str, Any]) -> None:
        if self.kept:
            self.kept.good(row, state, self._words.of(row, changes), self._answers(row) if row.answers else {})


def _pairs(title: str, place: str, subject: str) -> Iterator[tuple[str, ...]]:
    title, subject = compare_key(title), compare_key(subject)
    yield "title place", title, place
    yield "title subject", title, subject
    if subject:
        yield "place subject", place, subject


def _alike(one: str, other: str) -> bool:
    """Whether one title may be the other with a word mended."""
    one, other = compare_key(one), compare_key(other)
    return one.startswith(other) or other.startswith(one) or SequenceMatcher(None, one, other).ratio() >= SAME_TITLE


def _changes(registration: Registration, wanted: dict[str, Any]) -> dict[str, Any]:
    """{field: [what stood, what the row says]} of what differs."""
    return {
        name: [_plain(getattr(registration, name)), _plain(wanted[name])]
        for name in _COMPARED
        if getattr(registration, name) != wanted[name]
    }


def _boxes_filled(there: RegistrationSheet | None, again: RegistrationSheet | None) -> list[str]:
    """How many boxes of a sheet were filled and how many a row fills; nothing if it overwrites none."""
    return [str(len(written(there.answers))) if there else "", str(len(written(again.answers)))] if again else []


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
