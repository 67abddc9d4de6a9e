"""Which key signs for which issuer on a day: the TOML file that SIGNING_KEYS names. Read with the settings, so it needs no Django."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any


class KeysError(ValueError):
    """What is wrong with the file, and what to write instead."""


@dataclass(frozen=True)
class FileKey:
    """A key in a PKCS#12 file, used from a day on."""

    unit: str
    since: date
    pkcs12: Path
    passphrase: Path


@dataclass(frozen=True)
class TokenKey:
    """A key in a token that a PKCS#11 module reaches, used from a day on."""

    unit: str
    since: date
    pkcs11: Path
    token: str
    certificate: str
    key: str
    pin: Path


Key = FileKey | TokenKey


@dataclass(frozen=True)
class Keyring:
    """The keys of all issuers, the timestamp authority, the certificates by which strangers' signatures are judged."""

    keys: tuple[Key, ...] = ()
    timestamp: str = ""
    roots: tuple[Path, ...] = ()

    def key_of(self, unit_key: str, day: date) -> Key | None:
        """The key with which a unit signs on a day: the last one that has begun."""
        begun = [key for key in self.keys if key.unit == unit_key and key.since <= day]
        return max(begun, key=lambda key: key.since, default=None)


_FILE, _TOKEN = ("pkcs12", "passphrase"), ("pkcs11", "token", "certificate", "pin")
_MORE = {"pkcs12": {"unit", "from", *_FILE}, "pkcs11": {"unit", "from", "key", *_TOKEN}}
_PATHS = {"pkcs12", "passphrase", "pkcs11", "pin"}


def read_keyring(path: Path) -> Keyring:
    """Paths in it begin at its own folder. Raises KeysError."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise KeysError("không đọc được tệp này; hãy đặt đường dẫn tới tệp TOML kê khóa ký") from None
    except ValueError as error:  # also letters that are no UTF-8
        raise KeysError(f"tệp không đúng cú pháp TOML ({error}); hãy sửa tệp") from None
    if unknown := found.keys() - {"keys", "timestamp", "roots"}:
        raise KeysError(f"không có mục “{min(unknown)}”; hãy dùng các mục keys, timestamp, roots")
    entries, roots = found.get("keys", []), found.get("roots", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise KeysError("mục keys sai dạng; hãy viết mỗi khóa thành một phần [[keys]]")
    if not isinstance(roots, list):
        raise KeysError('mục roots sai dạng; hãy viết roots = ["goc.pem"]')
    timestamp = found.get("timestamp", "")
    if not isinstance(timestamp, str) or (timestamp and not timestamp.startswith(("http://", "https://"))):
        raise KeysError("mục timestamp phải là địa chỉ bắt đầu bằng http:// hoặc https://")
    keys = tuple(_key(entry, f"khóa thứ {n}", path.parent) for n, entry in enumerate(entries, start=1))
    if twice := [which for which, count in Counter((key.unit, key.since) for key in keys).items() if count > 1]:
        raise KeysError(f"đơn vị {twice[0][0]} có hai khóa từ cùng một ngày; hãy ghi ngày khác ở mục from")
    return Keyring(keys, timestamp, tuple(_root(root, path.parent) for root in roots))


def _key(entry: Mapping[str, Any], which: str, folder: Path) -> Key:
    kinds = [kind for kind in _MORE if kind in entry]
    if len(kinds) != 1:
        raise KeysError(f"{which} phải có đúng một trong hai mục pkcs12, pkcs11")
    if unknown := entry.keys() - _MORE[kinds[0]]:
        raise KeysError(f"{which} có mục lạ “{min(unknown)}”; hãy dùng các mục {', '.join(sorted(_MORE[kinds[0]]))}")
    since = entry.get("from", date.min)
    if isinstance(since, datetime) or not isinstance(since, date):
        raise KeysError(f"{which}: mục from phải là một ngày, ví dụ from = {date.today():%Y-%m-%d}")
    values: dict[str, Any] = {}
    for name in ("unit", *(_FILE if kinds[0] == "pkcs12" else _TOKEN), *(["key"] if "key" in entry else [])):
        value = entry.get(name)
        if not isinstance(value, str) or not value:
            raise KeysError(f"{which} thiếu mục {name}")
        values[name] = _file(value, f"{which}, mục {name}", folder) if name in _PATHS else value
    if kinds[0] == "pkcs12":
        return FileKey(since=since, **values)
    return TokenKey(since=since, **{"key": values["certificate"]} | values)


def _root(value: Any, folder: Path) -> Path:
    path = _file(str(value), "mục roots", folder)
    if b"-----BEGIN CERTIFICATE-----" not in path.read_bytes():
        raise KeysError(f"mục roots: {path} không có chứng thư dạng PEM")
    return path


def _file(value: str, where: str, folder: Path) -> Path:
    """A file of which the first byte can be read."""
    path = folder / value
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        raise KeysError(f"{where}: không đọc được tệp {path}") from None
    return path
