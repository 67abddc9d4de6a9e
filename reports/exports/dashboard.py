"""The matrix of units as columns of an Excel file."""

from common.exports import Column
from models_registry.enums import State
from organisation.naming import head_level_on
from reports.selectors.dashboard import Dashboard


def dashboard_columns(found: Dashboard) -> list[Column]:
    group_of = {version.unit_id: group.title for group in found.groups for version in group.units}
    report = f"Đã gửi báo cáo: {found.report.called}" if found.report else "Đã gửi báo cáo"
    return [
        Column("Đơn vị", 40, lambda line: line.name),
        Column("Nhóm", 24, lambda line: group_of[line.version.unit_id]),
        Column("Đăng ký", 12, lambda line: line.registered),
        Column("Đã nhận", 12, lambda line: line.accepted),
        Column("Chờ xét", 12, lambda line: line.states[State.SUBMITTED]),
        Column("Trả lại", 12, lambda line: line.states[State.RETURNED]),
        Column("Chờ quá hạn xét", 12, lambda line: line.late),
        Column("Công nhận", 12, lambda line: line.recognised),
        Column(f"Đề nghị {head_level_on(found.day).said_place}", 12, lambda line: line.proposed),
        Column(report, 20, lambda line: "Đã gửi" if line.has_reported else "Chưa"),
    ]
