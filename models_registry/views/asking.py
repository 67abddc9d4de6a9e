"""What the address of a season's board asks for, which the queue of what waits keeps in its own: which units, which filters."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from common.dates import no_such_day, read_day
from models_registry import selectors
from models_registry.enums import Kind, SubjectKind
from models_registry.models import Field, Season
from models_registry.selectors import board as boards
from models_registry.selectors.board_counting import places_of
from organisation.models import UnitVersion
from organisation.permissions import units_where
from organisation.roles import May

PARAMETERS = ("don-vi", "q", "xa", "thon", "lv", "loai", "doi-tuong", "tu", "den", "tt", "tre", "xep", "cot")
KINDS = {"moi": Kind.NEW, "duy-tri": Kind.MAINTAINED}
SUBJECTS = {"tap-the": SubjectKind.COLLECTIVE, "ca-nhan": SubjectKind.INDIVIDUAL}
COLUMNS = {  # those that a board may show beside the model and who does it
    "noi": "Địa bàn, đơn vị",
    "linh-vuc": "Lĩnh vực",
    "loai": "Đăng ký mới, duy trì",
    "doi-tuong": "Tập thể, cá nhân",
    "ngay-dang-ky": "Ngày đăng ký",
    "tu-ngay": "Trạng thái từ ngày",
    "trang-thai": "Trạng thái",
    "danh-gia": "Đánh giá cuối năm",
}
USUAL = ("noi", "linh-vuc", "loai", "tu-ngay", "trang-thai")


@dataclass(frozen=True)
class Asked:
    board: boards.Board
    is_one_of_many: bool
    """Whether the board is of one unit of several that the person follows."""
    texts: dict[str, str]
    places: dict[str, UnitVersion]
    fields: dict[str, Field]
    hamlets: list[str]
    wanted: boards.BoardFilter
    errors: dict[str, str]
    """What of the address cannot be read, by the name of its parameter."""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in COLUMNS if name in self.texts.get("cot", "").split(",")) or USUAL

    @property
    def is_by_place(self) -> bool:
        return bool(self.board.unit or not self.board.units)

    @property
    def labels(self) -> list[tuple[str, str]]:
        """(column, its label) of the columns that the board shows."""
        return [
            (name, ("Địa bàn" if self.is_by_place else "Đơn vị") if name == "noi" else COLUMNS[name]) for name in self.columns
        ]

    @property
    def query(self) -> str:
        """The filters for an address, with a question mark; empty without any."""
        texts = {name: text for name, text in self.texts.items() if name != "tt"}
        return f"?{urlencode(texts)}" if texts else ""


def can_check_board(user: Any, board: boards.Board) -> bool:
    """Whether the person checks what stands on a board of theirs: whole registers, or places that their unit followed."""
    return bool(board.parts and units_where(user, May.CHECK_REGISTRATION))


def board_asked(request: HttpRequest, season: Season) -> tuple[boards.Board, bool]:
    """(the board asked for, whether it is one unit of several); 404 for who may not see it."""
    widest = boards.board_of(request.user, season)
    if widest is None:
        raise Http404
    key = request.GET.get("don-vi", "")
    chosen = boards.narrowed(widest, key) if key else widest
    if chosen is None:
        raise Http404
    return chosen, len(widest.parts) > 1


def asked_of(request: HttpRequest, season: Season) -> Asked:
    board, is_one_of_many = board_asked(request, season)
    texts = {name: value for name in PARAMETERS if (value := request.GET.get(name, "").strip()[:200])}
    if columns := [name for name in COLUMNS if name in request.GET.getlist("cot") + texts.get("cot", "").split(",")]:
        texts["cot"] = ",".join(columns)
    if tuple(columns) in ((), USUAL):
        texts.pop("cot", None)
    places = {version.unit.key: version for version in places_of(board)}
    fields = {field.slug: field for field in selectors.fields()}
    hamlets = boards.hamlets_of(board)
    place, field = places.get(texts.get("xa", "")), fields.get(texts.get("lv", ""))
    wanted = boards.BoardFilter(
        words=texts.get("q", ""),
        place=place.unit_id if place else None,
        field=field.pk if field else None,
        hamlet=texts.get("thon", "") if hamlets else "",
        is_late=texts.get("tre") == "1",
        kind=KINDS.get(texts.get("loai", ""), ""),
        subject_kind=SUBJECTS.get(texts.get("doi-tuong", ""), ""),
        since=read_day(texts.get("tu", "")),
        until=read_day(texts.get("den", "")),
        order=texts.get("xep", "") if texts.get("xep", "").removeprefix("-") in boards.ORDERS else "",
    )
    unread = {name for name, day in (("tu", wanted.since), ("den", wanted.until)) if texts.get(name) and not day}
    errors = {name: no_such_day(texts[name]) for name in unread}
    return Asked(board, is_one_of_many, texts, places, fields, hamlets, wanted, errors)
