"""What a send of many files shows: each file with the unit that it seems to be of, why, and what is still asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from models_registry.enums import BatchFileState, ImportState
from models_registry.models import BatchFile, RegisterImport, Season, UploadBatch
from models_registry.selectors.seasons import importable_units
from organisation.models import Reader, UnitVersion, Visitor
from organisation.permissions import units_where
from organisation.roles import May

NONE, MERGE, ONLY = "khong", "gop", "chi"  # answers that are no unit's key
RIGHT = ("created", "updated", "unchanged")
COUNTED = ("rows", *RIGHT, "rejected_total")
UNLINKED = "unlinked"  # maintained rows of which it is not clear what they carry on
WRONG, UNSURE, BROKEN, READING, SURE, DONE, LEFT = "sai", "chua", "hong", "doc", "chac", "xong", "bo"
NEEDS = (WRONG, UNSURE, BROKEN)
_OF_DOUBT = {"unsure": UNSURE, "unknown": UNSURE}
_WORDS = {
    "differ": "Có thể sai đơn vị",
    "places": "Có thể sai đơn vị",
    "several": "Nhiều đơn vị trong một tệp",
    "ended": "Đơn vị đã kết thúc",
    "heir": "Đơn vị đã kết thúc",
    "not-yours": "Không phải sổ của đơn vị đồng chí",
    "unsure": "Chưa chắc",
    "unknown": "Không nhận ra",
}
TWINS = "Hai tệp một đơn vị"


def batches_visible_to(user: Visitor) -> QuerySet[UploadBatch]:
    """A person's own sends, and those of others whose rights were no wider (`permissions.can_handle_send`)."""
    held = units_where(user, May.IMPORT_REGISTER)
    units = UploadBatch.sent_from.through.objects.filter(uploadbatch=OuterRef("pk"))
    of_the_same = Exists(units) & ~Exists(units.exclude(unit__in=held))
    return UploadBatch.objects.filter(Q(sent_by=user.pk) | of_the_same).select_related("season", "sent_by")


def twins_of(one: BatchFile) -> QuerySet[BatchFile]:
    """The files of a send that are of the same unit, this one among them."""
    return BatchFile.objects.filter(batch=one.batch_id, unit=one.unit_id, state=BatchFileState.IMPORTED)


def is_storable(one: BatchFile, upload: RegisterImport, files: Iterable[BatchFile], uploads: dict[UUID, RegisterImport]) -> bool:
    """Whether "store all right rows" stores a file: read, with a right row, and nothing asked of it."""
    waits = upload.state == ImportState.READ or (upload.state == ImportState.STORING and not upload.is_under_way)
    others = [other for other in files if other.unit_id == one.unit_id and other.pk != one.pk]
    asks = not one.goes_with and any(is_alive(uploads[other.imported_id].state) for other in others if other.imported_id)
    is_of_another = bool(upload.report.get("other_unit")) and one.how != "hand"
    return waits and right_rows(upload) > 0 and not asks and not is_of_another


def is_alive(state: str) -> bool:
    return state in (ImportState.READING, ImportState.READ, ImportState.STORING)


def right_rows(upload: RegisterImport) -> int:
    """How many rows of an upload would be stored."""
    return sum(upload.report.get(name, 0) for name in RIGHT) if upload.state != ImportState.READING else 0


@dataclass(frozen=True)
class FileLine:
    """A file on the page of its send."""

    file: BatchFile
    group: str
    word: str = ""
    unit: UnitVersion | None = None
    counts: dict[str, int] | None = None
    twins: tuple[BatchFile, ...] = ()
    """All files of its unit, where it is asked what becomes of them; on the first of them alone."""
    unready: tuple[BatchFile, ...] = ()
    """Those of its twins that have no right row yet: nothing can be merged with them, none be taken alone."""
    choices: tuple[tuple[UnitVersion, str, bool], ...] = ()
    """(unit, why, whether it is ticked)"""
    nearest: tuple[UnitVersion, ...] = ()
    error: str = ""
    ready: bool = False
    """Its right rows are stored with the others'."""

    @property
    def percent(self) -> int:
        return 0 if self.file.how == "hand" else self.file.found.get("percent", 0)

    @property
    def seen(self) -> str:
        return "Đơn vị chọn bằng tay." if self.file.how == "hand" else self.file.found.get("seen", "")

    @property
    def upload(self) -> RegisterImport | None:
        return self.file.imported

    @property
    def can_move(self) -> bool:
        """Whether its unit may still be changed."""
        return self.upload is not None and self.upload.state in (ImportState.READ, ImportState.REFUSED) and self.group != LEFT

    @property
    def right(self) -> int:
        return sum((self.counts or {}).get(name, 0) for name in RIGHT)


@dataclass(frozen=True)
class BatchBoard:
    """All files of a send, those that ask first."""

    batch: UploadBatch
    lines: list[FileLine]
    units: list[UnitVersion]

    def of(self, *groups: str) -> list[FileLine]:
        return [line for line in self.lines if line.group in groups]

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.group for line in self.lines)

    @property
    def ready(self) -> list[FileLine]:
        return [line for line in self.lines if line.ready]

    def total(self, name: str) -> int:
        return sum((line.counts or {}).get(name, 0) for line in self.ready)


def board_of(batch: UploadBatch, user: Reader) -> BatchBoard:
    """A fixed number of queries, without the reports themselves."""
    units = importable_units(user, batch.season)
    by_key = {version.unit.key: version for version in units}
    by_id = {version.unit_id: version for version in units}
    told = {f"n_{name}": KT(f"report__{name}") for name in (*COUNTED, "other_unit")}
    told["n_unlinked"] = KT("report__continuity__open")
    read = RegisterImport.objects.filter(batch_file__batch=batch).select_related("job").annotate(**told)
    files = list(batch.files.exclude(state=BatchFileState.OPENED).select_related("job"))  # first: they become imports meanwhile
    uploads = {upload.pk: upload for upload in read.defer("report", "undo", "mends")}
    for one in files:
        one.imported = uploads.get(one.imported_id) if one.imported_id else None
    alive: dict[int, list[BatchFile]] = defaultdict(list)
    for one in files:
        if one.state == BatchFileState.IMPORTED and one.unit_id and one.imported and is_alive(one.imported.state):
            alive[one.unit_id].append(one)
    lines = [_line(one, by_key, by_id, alive.get(one.unit_id or 0, [])) for one in files]
    order = {group: number for number, group in enumerate((WRONG, UNSURE, BROKEN, READING, SURE, DONE, LEFT))}
    return BatchBoard(batch, sorted(lines, key=lambda line: order[line.group]), units)


def _line(one: Any, by_key: dict[str, UnitVersion], by_id: dict[int, UnitVersion], twins: list[BatchFile]) -> FileLine:
    if one.state == BatchFileState.LOOKING:
        if one.job and one.job.is_open:
            return FileLine(one, READING, "Đang đọc")
        return FileLine(one, BROKEN, "Chưa đọc được", error="Cổng đọc hỏng giữa chừng. Xin gửi lại tệp này.")
    if one.state == BatchFileState.DROPPED:
        return FileLine(one, LEFT, "Không nạp", by_id.get(one.unit_id or 0))
    if one.state == BatchFileState.REFUSED:
        return FileLine(one, BROKEN, "Không mở được" if not one.found else "Không nạp được", error=one.error)
    if one.state == BatchFileState.ASKS:
        choices = [(by_key[key], why) for key, why in one.found.get("choices", []) if key in by_key]
        if one.doubt == "heir" and one.found.get("unit") in by_key:
            choices = [(by_key[one.found["unit"]], "đơn vị kế tục; giữ tên in trong sổ")]
        ticked = len(choices) == 1 and one.doubt in ("heir", "ended")
        return FileLine(
            one,
            _OF_DOUBT.get(one.doubt, WRONG),
            _WORDS.get(one.doubt, "Cần xem"),
            by_key.get(one.found.get("unit", "")),
            choices=tuple((version, why, ticked) for version, why in choices) if len(choices) < 6 else (),
            nearest=tuple(by_key[key] for key in one.found.get("nearest", []) if key in by_key),
        )
    return _of_import(one, by_id.get(one.unit_id), twins)


def _of_import(one: Any, unit: UnitVersion | None, twins: list[BatchFile]) -> FileLine:
    upload = one.imported
    counts = {name: int(getattr(upload, f"n_{name}") or 0) for name in (*COUNTED, UNLINKED)}
    if upload.state == ImportState.REFUSED:
        return FileLine(one, BROKEN, "Không đọc được", unit, error=upload.error)
    if upload.state in (ImportState.STORED, ImportState.UNDONE) or upload.is_under_way:
        group = READING if upload.is_under_way else DONE
        return FileLine(one, group, upload.get_state_display(), unit, counts)
    if not is_alive(upload.state):
        return FileLine(one, LEFT, upload.get_state_display(), unit)
    if len(twins) > 1 and not one.goes_with:
        first = twins[0].pk == one.pk
        if not first:
            return FileLine(one, WRONG, TWINS, unit, counts, error=f"Trả lời ở tệp “{twins[0].name}”.")
        unready = tuple(twin for twin in twins if not _right(twin.imported))
        return FileLine(one, WRONG, TWINS, unit, counts, tuple(twins), unready)
    return _waiting(one, upload, unit, counts)


def _waiting(one: Any, upload: Any, unit: UnitVersion | None, counts: dict[str, int]) -> FileLine:
    """A file that was read and may be stored."""
    if upload.n_other_unit and one.how != "hand":
        return FileLine(one, WRONG, "Có thể sai đơn vị", unit, counts, error="Tiêu đề trong sổ ghi đơn vị khác; xin mở ra xem.")
    right = _right(upload)
    error = upload.error or ("Lần nạp trước hỏng giữa chừng; bấm nạp lần nữa." if upload.state == ImportState.STORING else "")
    error = error or ("" if right else "Không dòng nào đúng; xin mở ra sửa.")
    return FileLine(one, SURE if right else UNSURE, "", unit, counts, error=error, ready=right > 0)


def _right(upload: Any) -> int:
    return sum(int(getattr(upload, f"n_{name}") or 0) for name in RIGHT) if upload.state != ImportState.READING else 0


@dataclass(frozen=True)
class Progress:
    """The progress of a send: files whose unit was looked for and files read, of all; or files stored, of those to be stored."""

    total: int
    seen: int
    done: int
    storing: int

    @property
    def share(self) -> float:
        """Of the whole work: both things for each file."""
        return (self.seen + self.done) / (2 * self.total) if self.total else 1.0

    @property
    def goes_on(self) -> bool:
        return self.done < self.total or self.storing > 0


def progress_of(batch: UploadBatch) -> Progress:
    """One query."""
    open_job = Q(imported__job__isnull=True) | Q(imported__job__state__in=["queued", "running"])
    imported = Q(state=BatchFileState.IMPORTED)
    looking = Q(state=BatchFileState.LOOKING, job__state__in=["queued", "running"])
    reading = looking | (imported & Q(imported__state=ImportState.READING) & open_job)
    told = batch.files.aggregate(
        total=Count("pk", filter=~Q(state=BatchFileState.OPENED)),
        looking=Count("pk", filter=looking),
        reading=Count("pk", filter=reading),
        storing=Count("pk", filter=imported & Q(imported__state=ImportState.STORING) & open_job),
    )
    total = told["total"]
    return Progress(total, total - told["looking"], total - told["reading"], told["storing"])


def batches_of(user: Visitor, season: Season) -> QuerySet[UploadBatch]:
    """The sends of a season that a person may go on with, with the number of their files, of those stored, and of those that ask."""
    asks = Q(files__state=BatchFileState.ASKS) | Q(files__state=BatchFileState.IMPORTED, files__imported__state=ImportState.READ)
    return (
        batches_visible_to(user)
        .filter(season=season, discarded_at__isnull=True)
        .annotate(
            number=Count("files", filter=~Q(files__state=BatchFileState.OPENED)),
            stored=Count("files", filter=Q(files__imported__state=ImportState.STORED)),
            asks=Count("files", filter=asks),
        )
        .order_by("-created_at")
    )


def waiting_batches(user: Visitor) -> QuerySet[Any]:
    """The sends of which files wait for an answer or a yes, with how many (`number`); the newest first."""
    waits = Q(files__state=BatchFileState.ASKS) | Q(files__imported__state=ImportState.READ)
    found = batches_visible_to(user).filter(discarded_at__isnull=True).annotate(number=Count("files", filter=waits))
    return found.filter(number__gt=0).order_by("-created_at")


def stored_in(batch: UploadBatch) -> list[BatchFile]:
    """The files of a send whose rows stand in the register."""
    return list(batch.files.filter(imported__state=ImportState.STORED).select_related("imported__season", "imported__unit"))
