"""What goes to a reader and what comes back: JSON with dates, and bytes; each piece says its kind and its length."""

import json
import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

HEAD = struct.Struct(">cI")
VALUE, BYTES, REFUSED, FAILED, END = b"v", b"b", b"r", b"f", b"."

_DAY, _MOMENT, _TIME, _SPAN = "\0day", "\0moment", "\0time", "\0span"
_READ: dict[str, Callable[[Any], Any]] = {
    _DAY: date.fromisoformat,
    _MOMENT: datetime.fromisoformat,
    _TIME: time.fromisoformat,
    _SPAN: lambda seconds: timedelta(seconds=seconds),
}


def pack(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=_dated).encode("utf-8", "surrogatepass")


def unpack(data: bytes) -> Any:
    """Raises ValueError where it is not what `pack` makes."""
    return json.loads(data.decode("utf-8", "surrogatepass"), object_hook=_undated)


def _dated(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, time):
        return {_TIME: value.isoformat()}
    if isinstance(value, timedelta):
        return {_SPAN: value.total_seconds()}
    raise TypeError(f"not plain: {type(value).__name__}")


def _undated(found: dict[str, Any]) -> Any:
    for name, read in _READ.items():
        if name in found:
            return read(found[name])
    return found
