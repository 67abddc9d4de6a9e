"""When a report may be built, written in, frozen. Who may do it stands in permissions."""

from common.transitions import InvalidTransition
from reports.enums import ReportState


def check_draft(state: str) -> None:
    """Building, writing, answering and freezing are for drafts. Raises InvalidTransition."""
    if state != ReportState.DRAFT:
        raise InvalidTransition("Báo cáo đã chốt nên không đổi được nữa. Sai thì lập bản đính chính.")


def check_frozen(state: str) -> None:
    """A correction is of a frozen report. Raises InvalidTransition."""
    if state != ReportState.FROZEN:
        raise InvalidTransition("Báo cáo chưa chốt thì sửa thẳng bản nháp, không cần đính chính.")
