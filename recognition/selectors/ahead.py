"""The page before the next phase: what it means, what would be lost, who is silent."""

from dataclasses import dataclass
from datetime import date

from common.dates import today, write_day
from notifications.reminding import Waiting
from recognition.enums import Phase
from recognition.models import RecognitionRound
from recognition.selectors.phases import Blocker, blockers_of
from recognition.selectors.rounds import proposing_units
from recognition.selectors.waiting import waiting_members, waiting_units
from recognition.transitions import NEXT_PHASE

MEANS: dict[Phase, tuple[str, ...]] = {
    Phase.PROPOSING: (
        "Các đơn vị được báo và gửi hồ sơ từ hôm nay.",
        "Bộ tiêu chí và giấy tờ phải có giữ như lúc này.",
    ),
    Phase.SCORING: (
        "Thôi nhận đề nghị mới, trừ đơn vị được gia hạn.",
        "Thành viên hội đồng được báo và chấm độc lập.",
        "Không ai thấy điểm, nhận xét của người khác.",
    ),
    Phase.JOINT: (
        "Các phiếu đã nộp mở cho cả hội đồng xem.",
        "Điểm sửa từ đây giữ cả điểm trước.",
        "Đơn vị đề nghị chưa thấy gì.",
    ),
    Phase.MEETING: (
        "Thôi sửa điểm.",
        "Thư ký ghi người có mặt, mở biểu quyết.",
        "Thành viên có mặt biểu quyết từng hồ sơ.",
    ),
    Phase.DECIDING: (
        "Soạn quyết định từ bảng xếp hạng và kết quả biểu quyết.",
        "Lãnh đạo kiểm tra rồi ban hành.",
    ),
    Phase.CLOSED: (
        "Đợt xét thôi nhận kiến nghị.",
        "Quyết định đã ban hành vẫn thu hồi, đính chính được bằng quyết định khác.",
    ),
}

NAMED = 5
"""So many of those waited for stand above what one decides, the others on the page of who is waited for."""


@dataclass(frozen=True)
class Ahead:
    """What who runs a round sees before the next phase."""

    following: Phase
    means: tuple[str, ...]
    stops: list[Blocker]
    waiting: list[Waiting]
    sheets: int
    until: date | None
    """The last day of the phase of now, where others have something to do until then."""
    units: int = 0
    """How many may propose, where that is what goes on."""
    unanswered: str = ""
    """What is left unanswered for good, in words; '' for nothing."""

    @property
    def has_ways(self) -> bool:
        return bool(self.waiting)

    @property
    def first(self) -> list[Waiting]:
        return self.waiting[:NAMED]

    @property
    def further(self) -> int:
        return len(self.waiting[NAMED:])

    @property
    def days_left(self) -> int:
        return (self.until - today()).days if self.until else 0

    @property
    def is_early(self) -> bool:
        return self.days_left >= 0

    @property
    def headline(self) -> str:
        """'12/14 đơn vị chưa gửi, còn 4 ngày'."""
        left = self.days_left
        rest = f"còn {left} ngày" if left > 0 else "hôm nay là ngày cuối" if left == 0 else f"quá hạn {-left} ngày"
        if self.sheets:
            return f"Còn {self.sheets} phiếu của {len(self.waiting)} thành viên chưa nộp, {rest}"
        return f"{len(self.waiting)}/{self.units} đơn vị chưa gửi đủ, {rest}"

    @property
    def going_on(self) -> str:
        """What the button of the third way says."""
        return f"Chuyển bước, {self.sheets} phiếu tính vắng" if self.sheets else "Chuyển bước luôn"

    @property
    def lost(self) -> str:
        if self.sheets:
            return (
                f"{self.sheets} phiếu ghi “vắng, chưa nộp”; điểm tính trên các phiếu đã nộp. Mở lại bước thì các phiếu ấy mở lại."
            )
        said = f"{len(self.waiting)} đơn vị trên đây không còn đề nghị trong đợt này"
        return f"{said}; hạn {write_day(self.until)} thôi áp dụng." if self.is_early and self.until else f"{said}."


def ahead_of(round_: RecognitionRound) -> Ahead | None:
    """None at the last phase. A fixed number of queries."""
    following = NEXT_PHASE.get(Phase(round_.phase))
    if following is None:
        return None
    blockers = blockers_of(round_)
    waiting, until, units = [], None, 0
    if round_.phase == Phase.PROPOSING:
        waiting, until = waiting_units(round_), round_.propose_until
        units = len(proposing_units(round_))
    elif round_.phase == Phase.SCORING:
        waiting, until = waiting_members(round_), round_.score_until
    sheets = sum(one.sheets for one in blockers)
    stops = [one for one in blockers if one.stops]
    unanswered = next((one.words for one in blockers if one.key == "looks"), "")
    return Ahead(following, MEANS[following], stops, waiting, sheets, until, units, unanswered)
