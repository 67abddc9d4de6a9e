"""What the portal still lacks of units and seasons while it is set up."""

from collections.abc import Iterable

from common.addresses import link_to
from common.dates import today
from models_registry.selectors.seasons import newest_season
from organisation.models import Reader
from organisation.permissions import can_open_season
from organisation.selectors.units import reporting_units
from organisation.setting_up import Step, step_of_setting_up


@step_of_setting_up
def units_to_set_up(user: Reader) -> Iterable[Step]:
    number = reporting_units(today()).count()
    yield Step(
        40,
        "Danh sách đơn vị",
        "Nạp từ một tệp Excel: tên, cấp, cấp trên, ngày bắt đầu, ngày kết thúc, đơn vị kế tục.",
        lacks="" if number else "Chưa có đơn vị nào lập báo cáo.",
        has=f"{number} đơn vị lập báo cáo",
        does="Nạp thêm, sửa danh sách" if number else "Nạp danh sách",
        href=link_to("units:upload"),
    )


@step_of_setting_up
def season_to_set_up(user: Reader) -> Iterable[Step]:
    season = newest_season()
    yield Step(
        80,
        "Năm thi đua",
        "Thời gian nhận đăng ký, ngày chốt số liệu. Trang mở năm soát trước những chỗ còn thiếu.",
        lacks="" if season else "Chưa mở năm nào.",
        has=f"năm {season}",
        does="Mở năm khác" if season else "Mở năm đầu tiên",
        href=link_to("models_registry:open-season") if can_open_season(user) else None,
    )
