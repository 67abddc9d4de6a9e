"""What must hold between the dated rows of units. Called by forms (through `clean`) and by the loader alike."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from common.dates import write_day

if TYPE_CHECKING:
    from organisation.models import UnitSuccession, UnitVersion

_BEGINNING, _END = date.min, date.max


def overlaps(first: "UnitVersion", second: "UnitVersion") -> bool:
    return (first.valid_from or _BEGINNING) < (second.valid_to or _END) and (second.valid_from or _BEGINNING) < (
        first.valid_to or _END
    )


def check_version(version: "UnitVersion") -> None:
    """Refuse validity that overlaps another version of the same unit, and a parent that stands below the unit."""
    if version.unit.pk is None:  # a new unit: nothing stands beside or below it yet
        return
    for other in version.unit.versions.all():
        if other.pk != version.pk and overlaps(version, other):
            raise ValidationError(
                f"Đơn vị “{version.unit.key}” đã có thông tin hiệu lực từ {_day(other.valid_from)} "
                f"đến trước {_day(other.valid_to)}: hai khoảng thời gian không được chồng lên nhau."
            )
    _check_no_circle(version)


def _check_no_circle(version: "UnitVersion") -> None:
    path, seen = [version.unit.key], {version.unit_id}
    frontier = [version.parent] if version.parent else []
    while frontier:
        unit = frontier.pop()
        path.append(unit.key)
        if unit.pk in seen:
            raise ValidationError(f"Cấp trên vòng tròn: {' → '.join(path)}.")
        seen.add(unit.pk)
        above = [v for v in unit.versions.all() if v.parent_id and overlaps(v, version)]
        frontier += list({v.parent_id: v.parent for v in above if v.parent}.values())


def check_succession(succession: "UnitSuccession") -> None:
    """Refuse a successor that takes over before its predecessor ends, or that does not exist on that day."""
    if not (succession.predecessor_id and succession.successor_id and succession.effective_on):
        return  # the form tells that a box is empty
    before, after, day = succession.predecessor, succession.successor, succession.effective_on
    ends = [v.valid_to for v in before.versions.all()]
    if not ends:
        raise ValidationError(f"Đơn vị “{before.key}” chưa có thông tin theo thời gian.")
    last = max(end or _END for end in ends)
    if day < last:
        raise ValidationError(
            f"“{after.key}” kế tục “{before.key}” từ {write_day(day)}, trước khi “{before.key}” "
            f"kết thúc ({'chưa có ngày kết thúc' if last == _END else write_day(last)})."
        )
    if not any((v.valid_from or _BEGINNING) <= day < (v.valid_to or _END) for v in after.versions.all()):
        raise ValidationError(f"Đơn vị kế tục “{after.key}” không tồn tại vào ngày {write_day(day)}.")


def _day(day: date | None) -> str:
    return write_day(day) if day else "không hạn"
