"""How the changes of an entry of the audit trail are read: by names of fields and values, never by their codes."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Field

from common.dates import write_day
from organisation.models import AuditEvent

NAMES = {
    "above": "Trên vạch",
    "absent": "Vắng",
    "answer": "Trả lời",
    "answers": "Các ô đã ghi",
    "assigned": "Đã giao",
    "basis": "Văn bản căn cứ",
    "cells": "Các ô",
    "check_days": "Số ngày để xét",
    "closed": "Đã khóa",
    "closes_on": "Đến hết ngày",
    "column": "Cột",
    "counted_id": "Việc được đếm (số trong cổng)",
    "created": "Thêm mới",
    "cutoff_on": "Ngày chốt số liệu",
    "decision": "Quyết định",
    "directive_issuer": "Cơ quan ban hành",
    "directive_number": "Số, ký hiệu văn bản",
    "directive_on": "Ngày ban hành",
    "earlier": "Đăng ký trước (số trong cổng)",
    "ended": "Đã kết thúc",
    "ends_on": "Đến hết ngày",
    "file": "Tệp",
    "files": "Số tệp",
    "from": "Từ năm",
    "given_by": "Người giao",
    "is_active": "Còn dùng",
    "joined": "Mô hình nhập vào",
    "kind": "Loại",
    "label": "Tên gọi",
    "learned": "Đã học được gì",
    "left": "Để lại",
    "linked": "Đã nối",
    "mapping": "Cách đọc các cột",
    "mend_days": "Số ngày để sửa",
    "model": "Mô hình",
    "name": "Tên",
    "none": "Không có",
    "open": "Còn hỏi",
    "opens_on": "Nhận đăng ký từ ngày",
    "own_what": "Số đo của chính mô hình gốc",
    "paper": "Tệp đã gửi (mã trong cổng)",
    "parted": "Mô hình tách ra",
    "party": "Đoàn gồm ai",
    "password": "Mật khẩu",
    "people": "Số người",
    "period": "Giai đoạn",
    "phase": "Bước",
    "place": "Nơi làm",
    "put_back": "Trả về như trước",
    "quantity": "Số lượng",
    "reason": "Lý do",
    "registrations": "Đăng ký",
    "rejected": "Từ chối",
    "role": "Vai trò",
    "roles": "Vai trò",
    "rows": "Số dòng",
    "said": "Cách đọc đã nhớ",
    "scores": "Số điểm",
    "season": "Năm thi đua",
    "sheet": "Chín mục",
    "since": "Từ ngày",
    "slug": "Địa chỉ trang",
    "source": "Nguồn",
    "starts_on": "Từ ngày",
    "state": "Trạng thái",
    "taken": "Đã lấy đi",
    "takes": "Nhận",
    "tells": "Báo khi mở",
    "text": "Nội dung",
    "texts": "Các đoạn viết tay",
    "title": "Tên",
    "unit": "Đơn vị",
    "updated": "Sửa",
    "upheld": "Giữ nguyên",
    "used": "Đã dùng, giữ lại",
    "visited_on": "Đã đến ngày",
    "votes": "Phiếu",
    "waits": "Chờ người thứ hai",
    "withdrawn_on": "Ngày rút",
    "year": "Năm thi đua",
}
NOTHING = "(trống)"
_SEVERAL = {"absent", "closed", "ended", "registrations", "used", "votes"}
"""Keys whose value lists what was touched, be it two: not what was and what is."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def change_lines(event: AuditEvent) -> list[str]:
    """One line for each change: 'Trạng thái: Nháp → Đã gửi'. Keys that nobody named are what was typed, and stay."""
    return list(_lines(event.changes, _fields_of(event.target_type)))


def _lines(changes: dict[str, Any], fields: dict[str, "Field[Any, Any]"]) -> Iterator[str]:
    for key, value in changes.items():
        field = fields.get(key)
        was_now = key not in _SEVERAL and isinstance(value, list) and len(value) == 2 and value[0] != value[1]
        said = " → ".join(_value(one, field) for one in value) if was_now else _value(value, field)
        yield f"{_name(key, field)}: {said}"


def _name(key: str, field: "Field[Any, Any] | None") -> str:
    if field is not None and str(field.verbose_name) != field.name.replace("_", " "):
        said = str(field.verbose_name)
        return said[:1].upper() + said[1:]
    return NAMES.get(key, f"Đăng ký số {key}" if key.isdecimal() else key)


def _value(value: Any, field: "Field[Any, Any] | None") -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool) or value in ("True", "False"):
        return "có" if value in (True, "True") else "không"
    if isinstance(value, dict):
        return "; ".join(_lines(value, {}))
    if isinstance(value, list):
        return ", ".join(_value(one, field) for one in value)
    return _one(str(value), field)


def _one(value: str, field: "Field[Any, Any] | None") -> str:
    labels = {str(choice): str(label) for choice, label in getattr(field, "flatchoices", ())}
    if value in labels:
        return labels[value]
    return write_day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value


def _fields_of(target_type: str) -> dict[str, "Field[Any, Any]"]:
    """name -> field of the model that an entry is about; of one that is no more, none."""
    try:
        model = apps.get_model(target_type)
    except (LookupError, ValueError):
        return {}
    return {field.name: field for field in model._meta.concrete_fields}
