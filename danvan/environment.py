"""Read the settings from environment variables: `env`.

An empty variable means the same as one that is not set. A wrong one ends the process with exit code 2 and one sentence on stderr,
whichever way the portal is started.
"""

import os
import re
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ

from papers.keys import Keyring, KeysError, read_keyring

T = TypeVar("T")

WRONG_SETTING = 2  # exit code
TRUE, FALSE = environ.Env.BOOLEAN_TRUE_STRINGS, ("false", "off", "n", "no", "0")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL_SCHEMES = ("postgres", "postgresql", "psql", "pgsql")
HOST = r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])"

SET_DATABASE = "hãy đặt dạng postgres://tên:mật-khẩu@máy-chủ:5432/cơ-sở-dữ-liệu hoặc sqlite:////thư-mục/tệp.sqlite3"
SET_REDIS = "hãy đặt dạng redis://:mật-khẩu@máy-chủ:6379/0 (rediss:// nếu mã hóa)"
SET_MAIL = "hãy đặt dạng smtp+tls://tên:mật-khẩu@máy-chủ:587 (hoặc smtp://, smtp+ssl://, filemail:////thư-mục)"
SET_HOSTS = "hãy đặt tên máy, cách nhau bằng dấu phẩy, không kèm https:// hay số cổng mạng, ví dụ danvan.example.vn"
SET_ADDRESS = "hãy đặt địa chỉ bắt đầu bằng http:// hoặc https://, ví dụ https://danvan.example.vn"


class SettingError(Exception):
    """What is wrong with a value and what to set instead: the second half of the sentence."""


def refuse(sentence: str) -> NoReturn:
    """End the process with a sentence on stderr. SystemExit passes through Django, celery and pytest without a traceback."""
    sys.stderr.write(f"{sentence}\n")
    sys.exit(WRONG_SETTING)


def use_settings() -> None:
    """Name the settings module for Django, unless DJANGO_SETTINGS_MODULE names another one."""
    os.environ["DJANGO_SETTINGS_MODULE"] = env.text("DJANGO_SETTINGS_MODULE", "danvan.settings")


class Environment:
    """Readers of variables: each takes a variable's name, returns its value or the default."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, variable: str, default: str = "") -> str:
        return self._variables.get(variable, "").strip() or default

    def flag(self, variable: str, *, default: bool = False) -> bool:
        return self._read(variable, default, _flag)

    def number(self, variable: str, default: int, *, least: int = 0, most: int = 1_000_000_000) -> int:
        return self._read(variable, default, lambda text: _number(text, least, most))

    def level(self, variable: str, default: str) -> str:
        """A level of logging."""
        return self._read(variable, default, _level)

    def names(self, variable: str, known: Collection[str]) -> list[str]:
        return self._read(variable, [], lambda text: _names(text, known))

    def hosts(self, variable: str, default: list[str], *, needed_by: str = "") -> list[str]:
        """Names of hosts. Where a setting that is on needs them, the default will not do."""
        if needed_by and not self.text(variable):
            refuse(f"Biến {variable} chưa đặt mà {needed_by}; {SET_HOSTS}.")
        return self._read(variable, default, _hosts)

    def origins(self, variable: str) -> list[str]:
        return self._read(variable, [], _origins)

    def web_address(self, variable: str, default: str) -> str:
        """An address without a slash at its end."""
        return self._read(variable, default, _web_address)

    def mail_address(self, variable: str, default: str) -> str:
        return self._read(variable, default, _mail_address)

    def folder(self, variable: str, default: Path, *, writable: bool = True, private: bool = False) -> Path:
        """A folder that can be written, made where there is none; `writable=False`: if there is one, it can be read;
        `private`: by no other account of the machine.
        """
        check = _check_writable if writable else _check_readable
        folder = self._parse(variable, self.text(variable, str(default)), lambda text: check(Path(text)))
        if private:
            _close_to_others(folder)
        return folder

    def secret_key(self, variable: str, kept: Path) -> str:
        """The key from the environment, else one made once and kept in a file readable by its owner alone."""
        if key := self.text(variable):
            return key
        return self._parse(variable, str(kept), lambda text: _secret_key(Path(text)))

    def secret_keys(self, variable: str, kept: Path) -> list[str]:
        """Keys parted by commas, from where `secret_key` reads: an empty one is none."""
        return self._parse(variable, self.secret_key(variable, kept), _secret_keys)

    def database(self, variable: str, default: Path) -> dict[str, Any]:
        """Settings of a database: by default, SQLite in the given file."""
        if text := self.text(variable):
            return self._parse(variable, text, _database, _masked_url)
        return self._parse(variable, str(default), lambda text: {"ENGINE": SQLITE, "NAME": str(_sqlite_file(Path(text)))})

    def redis(self, variable: str) -> str:
        return self._read(variable, "", _redis, _masked_url)

    def antivirus(self, variable: str) -> str:
        """Where a ClamAV daemon listens: the path of its socket, or host:port; empty for none."""
        return self._read(variable, "", _antivirus)

    def signing_keys(self, variable: str) -> Keyring:
        """The keys that a TOML file names; none where there is no file."""
        return self._read(variable, Keyring(), _signing_keys)

    def mail(self, variable: str, default: dict[str, Any]) -> dict[str, Any]:
        """Django's EMAIL_* settings."""
        return self._read(variable, default, _mail, _masked_url)

    def _read(self, variable: str, default: T, parse: Callable[[str], T], show: Callable[[str], str] | None = None) -> T:
        text = self.text(variable)
        return self._parse(variable, text, parse, show) if text else default

    def _parse(self, variable: str, text: str, parse: Callable[[str], T], show: Callable[[str], str] | None = None) -> T:
        try:
            return parse(text)
        except SettingError as error:
            stands = "đang đặt là" if self.text(variable) else "chưa đặt, mặc định dùng"
            refuse(f"Biến {variable} {stands} “{(show or _masked)(text)}”; {error}.")


env = Environment(os.environ)


def _masked(text: str) -> str:
    """Hide what may be a password: before the @ of an address, in its query, or where a port should be."""
    text = re.sub(r"(?<=://).*@", "***@", text, flags=re.DOTALL)
    text = re.sub(r"(?<=://)([^/@:,\[]*):(?!\d{1,5}(?:[/?,]|$)).*", r"\1:***", text, flags=re.DOTALL)
    text = re.sub(r"(pass\w*|pwd|secret|token)=[^&\s]*", r"\1=***", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _masked_url(text: str) -> str:
    """As `_masked`; what is no address at all may be a password by itself."""
    return _masked(text) if "://" in text else "***"


def _flag(text: str) -> bool:
    if text.lower() not in (*TRUE, *FALSE):
        raise SettingError("hãy đặt 1 (bật) hoặc 0 (tắt)")
    return text.lower() in TRUE


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise SettingError(f"hãy đặt một số nguyên từ {least} đến {most}")
    return int(text)


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise SettingError(f"hãy đặt một trong các mức {', '.join(LEVELS)}")
    return text.upper()


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _names(text: str, known: Collection[str]) -> list[str]:
    for name in _listed(text):
        if name not in known:
            raise SettingError(f"không có mã “{name}”; hãy đặt các mã sau, cách nhau bằng dấu phẩy: {', '.join(known)}")
    return _listed(text)


def _hosts(text: str) -> list[str]:
    hosts = _listed(text)
    if not hosts or not all(re.fullmatch(rf"\*|\.?{HOST}", host, re.IGNORECASE) for host in hosts):
        raise SettingError(SET_HOSTS)
    return hosts


def _origins(text: str) -> list[str]:
    for origin in _listed(text):
        if not re.fullmatch(rf"https?://(?:\*\.)?{HOST}(?::[0-9]{{1,5}})?", origin, re.IGNORECASE):
            raise SettingError(f"hãy đặt đủ https:// và tên máy, không kèm đường dẫn, ví dụ {SET_ADDRESS.rpartition(' ')[2]}")
    return _listed(text)


def _web_address(text: str) -> str:
    url = _split(text, SET_ADDRESS)
    if url.scheme not in ("http", "https") or not url.hostname or set(text) & set("@?# "):
        raise SettingError(SET_ADDRESS)
    return text.rstrip("/")


def _antivirus(text: str) -> str:
    if not re.fullmatch(rf"/.+|{HOST}:[0-9]{{1,5}}", text, re.IGNORECASE):
        raise SettingError(
            "hãy đặt đường dẫn tới socket của clamd, ví dụ /run/clamav/clamd.ctl, hoặc máy:cổng, ví dụ localhost:3310"
        )
    return text


def _signing_keys(text: str) -> Keyring:
    try:
        return read_keyring(Path(text))
    except KeysError as error:
        raise SettingError(str(error)) from None


def _mail_address(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]):
        raise SettingError("hãy đặt một địa chỉ thư, ví dụ danvan@example.vn")
    return text


def _check_writable(folder: Path) -> Path:
    """Make a folder and write into it: permissions alone do not tell of disks that are read-only or not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (FileExistsError, NotADirectoryError):
        raise SettingError("đó là một tệp, hoặc nằm dưới một tệp; hãy đặt một thư mục ghi được") from None
    except OSError:
        raise SettingError("không tạo được hoặc không ghi được thư mục này; hãy đặt một thư mục ghi được") from None
    return folder


def _close_to_others(path: Path) -> None:
    """Take away what an older start or another umask left open. A folder of the system's (/tmp, /var) is not closed, nor what
    another account owns.
    """
    found = path.stat()
    is_of_system = found.st_mode & stat.S_ISVTX or len(path.resolve().parts) < 3
    if found.st_uid == os.geteuid() and not is_of_system:
        path.chmod(stat.S_IMODE(found.st_mode) & ~0o077)


def _check_readable(folder: Path) -> Path:
    if os.path.exists(folder) and not (os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK)):
        raise SettingError("đó không phải là một thư mục đọc được; hãy đặt một thư mục")
    return folder


def _secret_key(kept: Path) -> str:
    try:
        if not kept.exists():
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # another process was faster
    except OSError:
        raise SettingError("không ghi được tệp này; hãy đặt một chuỗi dài ngẫu nhiên") from None
    try:
        key = kept.read_text()
    except (OSError, UnicodeDecodeError):
        raise SettingError("không đọc được tệp này; hãy cấp quyền đọc, hoặc đặt một chuỗi dài ngẫu nhiên") from None
    if not key.strip():
        raise SettingError("tệp này trống; hãy xóa tệp, hoặc đặt một chuỗi dài ngẫu nhiên")
    return key


def _secret_keys(text: str) -> list[str]:
    keys = _listed(text)
    if not keys:
        raise SettingError("hãy đặt một hay nhiều chuỗi dài ngẫu nhiên, cách nhau bằng dấu phẩy, khóa mới nhất đứng đầu")
    return keys


def _split(text: str, advice: str) -> SplitResult:
    """Split an address whose port is none or one from 1 to 65535."""
    try:
        url = urlsplit(text)
        if url.port == 0:
            raise ValueError
    except ValueError:
        raise SettingError(
            "tên máy hoặc số cổng mạng (1 đến 65535) không đọc được, ký tự đặc biệt trong mật khẩu phải viết theo mã "
            f"(@ là %40, / là %2F, # là %23); {advice}"
        ) from None
    return url


def _database(text: str) -> dict[str, Any]:
    scheme = text.partition("://")[0].lower()
    if scheme not in (*POSTGRESQL_SCHEMES, "sqlite"):
        raise SettingError(f"chỉ dùng được PostgreSQL hoặc SQLite; {SET_DATABASE}")
    if scheme == "sqlite" and not text.lower().startswith(("sqlite:///", "sqlite://:memory:")):
        raise SettingError(f"sau sqlite: phải có ba dấu / rồi đến đường dẫn của tệp; {SET_DATABASE}")
    if scheme != "sqlite" and "," not in text:  # several hosts, each with its port: django-environ reads them
        _split(text, SET_DATABASE)
    try:
        settings: dict[str, Any] = environ.Env.db_url_config(text)
    except ValueError:
        raise SettingError(f"địa chỉ không đọc được; {SET_DATABASE}") from None
    if not settings["NAME"] or (settings["NAME"] == ":memory:" and ":memory:" not in text):
        raise SettingError(f"thiếu tên cơ sở dữ liệu; {SET_DATABASE}")
    if scheme == "sqlite" and settings["NAME"] != ":memory:":
        _sqlite_file(Path(settings["NAME"]))
    return settings


def _sqlite_file(path: Path) -> Path:
    """Check that SQLite can write the file and, for its journal, the folder, and that no other account reads it. Makes neither."""
    if not os.path.isdir(path.parent):
        raise SettingError(f"không có thư mục {path.parent}; hãy tạo thư mục ấy hoặc đặt đường dẫn khác")
    if os.path.exists(path) and not (os.path.isfile(path) and os.access(path, os.R_OK | os.W_OK)):
        raise SettingError("đó không phải là một tệp đọc và ghi được; hãy cấp quyền hoặc đặt đường dẫn khác")
    try:
        _check_writable(path.parent)
    except SettingError:
        raise SettingError(f"không ghi được vào thư mục {path.parent}; hãy cấp quyền ghi hoặc đặt đường dẫn khác") from None
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if file.exists():
            _close_to_others(file)
    return path


def _redis(text: str) -> str:
    url = _split(text, SET_REDIS)
    if url.scheme not in ("redis", "rediss") or not url.hostname:
        raise SettingError(SET_REDIS)
    if not re.fullmatch(r"/?[0-9]*", url.path):
        raise SettingError(f"sau máy chủ phải là số thứ tự của cơ sở dữ liệu; {SET_REDIS}")
    return text


def _mail(text: str) -> dict[str, Any]:
    url = _split(text, SET_MAIL)
    if url.scheme not in environ.Env.EMAIL_SCHEMES or (url.scheme.startswith("smtp") and not url.hostname):
        raise SettingError(SET_MAIL)
    settings: dict[str, Any] = environ.Env.email_url_config(text)
    if url.scheme == "filemail":
        if not settings["EMAIL_FILE_PATH"]:
            raise SettingError(f"thiếu thư mục; {SET_MAIL}")
        _check_writable(Path(settings["EMAIL_FILE_PATH"]))
    return settings
