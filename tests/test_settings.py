"""Settings from the environment: an empty variable is none, a wrong one is told in one sentence."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from danvan.environment import (
    SET_ADDRESS,
    SET_DATABASE,
    SET_HOSTS,
    SET_MAIL,
    SET_REDIS,
    Environment,
)
from organisation.roles import ROLES
from tests.signing import keyring

ROOT = Path(__file__).resolve().parent.parent
HOME = Path("/home/danvan")  # of defaults that are not looked at

READERS: dict[str, Callable[[Environment], Any]] = {
    "DEBUG": lambda env: env.flag("DEBUG"),
    "HTTPS": lambda env: env.flag("HTTPS"),
    "DEMO": lambda env: env.flag("DEMO"),
    "EMPTY": lambda env: env.flag("EMPTY"),
    "WEBAUTHN_INSECURE": lambda env: env.flag("WEBAUTHN_INSECURE", default=True),
    "PROXY_COUNT": lambda env: env.number("PROXY_COUNT", default=0),
    "CONN_MAX_AGE": lambda env: env.number("CONN_MAX_AGE", default=60),
    "PUBLIC_CACHE_SECONDS": lambda env: env.number("PUBLIC_CACHE_SECONDS", default=300),
    "CLAMAV": lambda env: env.antivirus("CLAMAV"),
    "SIGNING_KEYS": lambda env: env.signing_keys("SIGNING_KEYS"),
    "PUBLIC_RATE": lambda env: env.number("PUBLIC_RATE", default=240),
    "USER_RATE": lambda env: env.number("USER_RATE", default=600),
    "REMEMBER_SECONDS": lambda env: env.number("REMEMBER_SECONDS", default=20),
    "PORT": lambda env: env.number("PORT", default=8000, least=1, most=65535),
    "WEB_CONCURRENCY": lambda env: env.number("WEB_CONCURRENCY", default=2, least=1, most=256),
    "LOG_LEVEL": lambda env: env.level("LOG_LEVEL", default="WARNING"),
    "ALLOWED_HOSTS": lambda env: env.hosts("ALLOWED_HOSTS", default=["localhost"]),
    "CSRF_TRUSTED_ORIGINS": lambda env: env.origins("CSRF_TRUSTED_ORIGINS"),
    "MFA_REQUIRED_ROLES": lambda env: env.names("MFA_REQUIRED_ROLES", known=ROLES),
    "MAIL_FROM": lambda env: env.mail_address("MAIL_FROM", default="danvan@localhost"),
    "SITE_ADDRESS": lambda env: env.web_address("SITE_ADDRESS", default="http://127.0.0.1:8000"),
    "DEMO_PASSWORD": lambda env: env.text("DEMO_PASSWORD"),
    "REDIS_URL": lambda env: env.redis("REDIS_URL"),
    "EMAIL_URL": lambda env: env.mail("EMAIL_URL", default={"EMAIL_FILE_PATH": HOME}),
    "DATABASE_URL": lambda env: env.database("DATABASE_URL", default=Path(tempfile.gettempdir()) / "danvan.sqlite3"),
    "STATIC_ROOT": lambda env: env.folder("STATIC_ROOT", default=HOME / "static", writable=False),
}
OF_FILES = {"VAR_DIR", "MEDIA_ROOT", "SECRET_KEY", "ENCRYPTION_KEYS"}  # their defaults are made: tested with folders below


def read(variable: str, value: str) -> Any:
    return READERS[variable](Environment({variable: value}))


def told(capsys: pytest.CaptureFixture[str], reader: Callable[[], Any]) -> str:
    """What a reader that ends the process says."""
    with pytest.raises(SystemExit) as ended:
        reader()
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    return err.rstrip("\n")


def test_every_variable_of_the_settings_is_tested_here_and_told_in_the_manual() -> None:
    read_by_settings = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "danvan" / "settings.py").read_text()))
    in_manual = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "huong-dan" / "quan-tri.md").read_text(), re.MULTILINE)
    assert set(READERS) | OF_FILES == read_by_settings
    assert sorted(in_manual) == sorted(read_by_settings)


@pytest.mark.parametrize("empty", ["", "  ", "\r\n"])
@pytest.mark.parametrize("variable", READERS)
def test_an_empty_variable_is_the_same_as_none(variable: str, empty: str) -> None:
    assert read(variable, empty) == READERS[variable](Environment({}))


RIGHT = [
    ("DEBUG", "1", True),
    ("DEBUG", "Yes", True),
    ("HTTPS", "0", False),
    ("WEBAUTHN_INSECURE", "off", False),
    ("CLAMAV", "/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ("CLAMAV", "[::1]:3310", "[::1]:3310"),
    ("PUBLIC_RATE", "0", 0),
    ("USER_RATE", "1200", 1200),
    ("CONN_MAX_AGE", " 600\r", 600),
    ("PORT", "65535", 65535),
    ("WEB_CONCURRENCY", " 8\r", 8),
    ("LOG_LEVEL", "info", "INFO"),
    (
        "ALLOWED_HOSTS",
        "danvan.example.vn, .example.vn,10.0.0.7,[::1],",
        ["danvan.example.vn", ".example.vn", "10.0.0.7", "[::1]"],
    ),
    ("ALLOWED_HOSTS", "*", ["*"]),
    ("CSRF_TRUSTED_ORIGINS", "https://a.vn,https://*.b.vn:8443", ["https://a.vn", "https://*.b.vn:8443"]),
    ("MFA_REQUIRED_ROLES", "lanh-dao-ban, quan-tri", ["lanh-dao-ban", "quan-tri"]),
    ("MAIL_FROM", "Ban Dân vận <danvan@example.vn>", "Ban Dân vận <danvan@example.vn>"),
    ("SITE_ADDRESS", "https://danvan.example.vn/", "https://danvan.example.vn"),
    ("DEMO_PASSWORD", "$mat khau", "$mat khau"),
    ("REDIS_URL", "rediss://:bi-mat@redis:6380/1", "rediss://:bi-mat@redis:6380/1"),
]


@pytest.mark.parametrize(("variable", "value", "expected"), RIGHT)
def test_a_right_value_is_read(variable: str, value: str, expected: object) -> None:
    assert read(variable, value) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%40w@db:5433/danvan", ("u", "p@w", "db", 5433, "danvan")),
        ("postgresql:///danvan", ("", "", "", "", "danvan")),
        ("postgres://u@db1:5432,db2:5433/danvan", ("u", "", "db1,db2", "5432,5433", "danvan")),
    ],
)
def test_a_database_of_postgresql_is_read(url: str, expected: tuple[object, ...]) -> None:
    settings = read("DATABASE_URL", url)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert tuple(settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_a_database_of_sqlite_is_read(tmp_path: Path) -> None:
    assert read("DATABASE_URL", f"sqlite:///{tmp_path}/a.sqlite3")["NAME"] == f"{tmp_path}/a.sqlite3"
    assert list(tmp_path.iterdir()) == []
    odd = tmp_path / "c++ 100%"  # a default is a path and no URL
    odd.mkdir()
    settings = Environment({}).database("DATABASE_URL", default=odd / "a.sqlite3")
    assert settings == {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{odd}/a.sqlite3"}


def test_a_mail_server_is_read(tmp_path: Path) -> None:
    settings = read("EMAIL_URL", "smtp+tls://a%40b.vn:bi-mat@mail.b.vn:587")
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == ("mail.b.vn", 587, True)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("a@b.vn", "bi-mat")
    assert read("EMAIL_URL", f"filemail:///{tmp_path}/mail")["EMAIL_FILE_PATH"] == f"{tmp_path}/mail"


TRUTH = "hãy đặt 1 (bật) hoặc 0 (tắt)"
NUMBER = "hãy đặt một số nguyên từ 0 đến 1000000000"
PORTS = "hãy đặt một số nguyên từ 1 đến 65535"
PROCESSES = "hãy đặt một số nguyên từ 1 đến 256"
ORIGIN = "hãy đặt đủ https:// và tên máy, không kèm đường dẫn, ví dụ https://danvan.example.vn"
LEVEL = "hãy đặt một trong các mức DEBUG, INFO, WARNING, ERROR, CRITICAL"
ADDRESS = "hãy đặt một địa chỉ thư, ví dụ danvan@example.vn"
KEYS = f"hãy đặt các mã sau, cách nhau bằng dấu phẩy: {', '.join(ROLES)}"
HOST = (
    "tên máy hoặc số cổng mạng (1 đến 65535) không đọc được, ký tự đặc biệt trong mật khẩu phải viết theo mã "
    "(@ là %40, / là %2F, # là %23)"
)
ENGINES = f"chỉ dùng được PostgreSQL hoặc SQLite; {SET_DATABASE}"
NAMELESS = f"thiếu tên cơ sở dữ liệu; {SET_DATABASE}"
SLASHES = f"sau sqlite: phải có ba dấu / rồi đến đường dẫn của tệp; {SET_DATABASE}"

WRONG = [
    ("DEBUG", "maybe", "maybe", TRUTH),
    ("HTTPS", "2", "2", TRUTH),
    ("DEMO", "demo", "demo", TRUTH),
    ("EMPTY", "trống", "trống", TRUTH),
    ("WEBAUTHN_INSECURE", "có", "có", TRUTH),
    ("PROXY_COUNT", "-1", "-1", NUMBER),
    (
        "CLAMAV",
        "clamd",
        "clamd",
        "hãy đặt đường dẫn tới socket của clamd, ví dụ /run/clamav/clamd.ctl, hoặc máy:cổng, ví dụ localhost:3310",
    ),
    (
        "SIGNING_KEYS",
        "/khong/co/khoa.toml",
        "/khong/co/khoa.toml",
        "không đọc được tệp này; hãy đặt đường dẫn tới tệp TOML kê khóa ký",
    ),
    ("CONN_MAX_AGE", "một phút", "một phút", NUMBER),
    ("PUBLIC_CACHE_SECONDS", "1.5", "1.5", NUMBER),
    ("PUBLIC_RATE", "99999999999", "99999999999", NUMBER),
    ("USER_RATE", "nhiều", "nhiều", NUMBER),
    ("REMEMBER_SECONDS", "1_000", "1_000", NUMBER),
    ("PORT", "0", "0", PORTS),
    ("PORT", "65536", "65536", PORTS),
    ("PORT", "８０００", "８０００", PORTS),
    ("WEB_CONCURRENCY", "abc", "abc", PROCESSES),
    ("WEB_CONCURRENCY", "-1", "-1", PROCESSES),
    ("WEB_CONCURRENCY", "0", "0", PROCESSES),
    ("WEB_CONCURRENCY", "5000", "5000", PROCESSES),
    ("WEB_CONCURRENCY", "9" * 30, "9" * 30, PROCESSES),
    ("LOG_LEVEL", "loud", "loud", LEVEL),
    ("ALLOWED_HOSTS", "https://danvan.example.vn", "https://danvan.example.vn", SET_HOSTS),
    ("ALLOWED_HOSTS", "a.vn:443", "a.vn:443", SET_HOSTS),
    ("ALLOWED_HOSTS", "a.vn b.vn", "a.vn b.vn", SET_HOSTS),
    ("ALLOWED_HOSTS", ",", ",", SET_HOSTS),
    ("CSRF_TRUSTED_ORIGINS", "danvan.example.vn", "danvan.example.vn", ORIGIN),
    ("CSRF_TRUSTED_ORIGINS", "https://a.vn,https://b.vn/", "https://a.vn,https://b.vn/", ORIGIN),
    ("MFA_REQUIRED_ROLES", "quan-tri,giam-doc", "quan-tri,giam-doc", f"không có mã “giam-doc”; {KEYS}"),
    ("MAIL_FROM", "Ban Dân vận", "Ban Dân vận", ADDRESS),
    ("SITE_ADDRESS", "danvan.example.vn", "danvan.example.vn", SET_ADDRESS),
    ("SITE_ADDRESS", "ftp://danvan.example.vn", "ftp://danvan.example.vn", SET_ADDRESS),
    ("SITE_ADDRESS", "https://", "https://", SET_ADDRESS),
    ("SITE_ADDRESS", "https://a.vn:x", "https://a.vn:***", f"{HOST}; {SET_ADDRESS}"),
    ("REDIS_URL", "memcached://redis:11211", "memcached://redis:11211", SET_REDIS),
    ("REDIS_URL", "redis://:bi-mat@:6379/0", "redis://***@:6379/0", SET_REDIS),
    ("REDIS_URL", "redis://redis:99999/0", "redis://redis:99999/0", f"{HOST}; {SET_REDIS}"),
    ("REDIS_URL", "redis://redis/a", "redis://redis/a", f"sau máy chủ phải là số thứ tự của cơ sở dữ liệu; {SET_REDIS}"),
    ("EMAIL_URL", "imap://a:bi-mat@mail", "imap://***@mail", SET_MAIL),
    ("EMAIL_URL", "smtp+tls://", "smtp+tls://", SET_MAIL),
    ("EMAIL_URL", "smtp://a:bi-mat@mail:0", "smtp://***@mail:0", f"{HOST}; {SET_MAIL}"),
    ("EMAIL_URL", "filemail://", "filemail://", f"thiếu thư mục; {SET_MAIL}"),
    ("DATABASE_URL", "mysql://u:bi-mat@db/danvan", "mysql://***@db/danvan", ENGINES),
    ("DATABASE_URL", "postgres://u:bi-mat@db", "postgres://***@db", NAMELESS),
    ("DATABASE_URL", "postgres://u:bi-mat@db/", "postgres://***@db/", NAMELESS),
    ("DATABASE_URL", "postgres://db:99999/danvan", "postgres://db:99999/danvan", f"{HOST}; {SET_DATABASE}"),
    ("DATABASE_URL", "postgres://u:bi-mat@db:0/danvan", "postgres://***@db:0/danvan", f"{HOST}; {SET_DATABASE}"),
    ("DATABASE_URL", "postgres://[::1/danvan", "postgres://[::1/danvan", f"{HOST}; {SET_DATABASE}"),
    ("DATABASE_URL", "sqlite:danvan.sqlite3", "***", ENGINES),
    ("DATABASE_URL", "sqlite://danvan.sqlite3", "sqlite://danvan.sqlite3", SLASHES),
    ("DATABASE_URL", "sqlite:///", "sqlite:///", NAMELESS),
    (
        "DATABASE_URL",
        "sqlite:////khong/co/a.sqlite3",
        "sqlite:////khong/co/a.sqlite3",
        "không có thư mục /khong/co; hãy tạo thư mục ấy hoặc đặt đường dẫn khác",
    ),
    (
        "STATIC_ROOT",
        os.devnull,
        os.devnull,
        "đó không phải là một thư mục đọc được; hãy đặt một thư mục",
    ),
]


@pytest.mark.parametrize(("variable", "value", "shown", "advice"), WRONG)
def test_a_wrong_value_is_told(capsys: pytest.CaptureFixture[str], variable: str, value: str, shown: str, advice: str) -> None:
    assert told(capsys, lambda: read(variable, value)) == f"Biến {variable} đang đặt là “{shown}”; {advice}."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("bi-mat", "***"),
        ("host=db password=bi-mat dbname=danvan", "***"),
        ("mysql://u:bi-mat@db/danvan", "mysql://***@db/danvan"),
        ("mysql://u:bi/m@t#bi-mat@db/danvan", "mysql://***@db/danvan"),
        ("mysql://u:x\nbi-mat@db/danvan", "mysql://***@db/danvan"),
        ("mysql://u:bi-mat/danvan", "mysql://u:***"),
        ("mysql://db/danvan?password=bi-mat&sslmode=require", "mysql://db/danvan?password=***&sslmode=require"),
    ],
)
def test_no_password_is_told(capsys: pytest.CaptureFixture[str], value: str, shown: str) -> None:
    sentence = told(capsys, lambda: read("DATABASE_URL", value))
    assert sentence == f"Biến DATABASE_URL đang đặt là “{shown}”; {ENGINES}."


def test_https_needs_the_names_of_the_host(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = told(
        capsys, lambda: Environment({"ALLOWED_HOSTS": ""}).hosts("ALLOWED_HOSTS", default=[], needed_by="HTTPS đang bật")
    )
    assert sentence == f"Biến ALLOWED_HOSTS chưa đặt mà HTTPS đang bật; {SET_HOSTS}."


def test_a_folder_is_made(tmp_path: Path) -> None:
    assert Environment({"VAR_DIR": f"{tmp_path}/a/b"}).folder("VAR_DIR", default=HOME) == tmp_path / "a" / "b"
    assert Environment({"VAR_DIR": ""}).folder("VAR_DIR", default=tmp_path / "c") == tmp_path / "c"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "c"]


def test_a_folder_that_is_only_read_is_not_made(tmp_path: Path) -> None:
    folder = Environment({"STATIC_ROOT": f"{tmp_path}/a"}).folder("STATIC_ROOT", default=HOME, writable=False)
    assert folder == tmp_path / "a" and not folder.exists()


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}


def test_what_an_older_start_left_open_is_closed_to_other_accounts(tmp_path: Path) -> None:
    """The database of `make run` could be read by every account of the machine."""
    folder, shared = tmp_path / "var", tmp_path / "shared"
    for made in (folder, shared):
        made.mkdir()
    for name in ("danvan.sqlite3", "danvan.sqlite3-wal", "danvan.sqlite3-shm"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)
    shared.chmod(0o1777)
    assert Environment({}).folder("VAR_DIR", default=folder, private=True) == folder
    Environment({}).database("DATABASE_URL", default=folder / "danvan.sqlite3")
    assert set(modes(folder).values()) == {0o600, 0o700} and modes(folder)["var"] == 0o700
    Environment({}).folder("VAR_DIR", default=shared, private=True)
    assert shared.stat().st_mode & 0o7777 == 0o1777  # /tmp is everybody's


@pytest.mark.parametrize("below", ["", "/danvan"])
def test_a_file_in_the_place_of_a_folder_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    value = f"{tmp_path}/file{below}"
    assert told(capsys, lambda: Environment({"MEDIA_ROOT": value}).folder("MEDIA_ROOT", default=HOME)) == (
        f"Biến MEDIA_ROOT đang đặt là “{value}”; đó là một tệp, hoặc nằm dưới một tệp; hãy đặt một thư mục ghi được."
    )


@pytest.mark.parametrize(("set_to", "stands"), [("/proc/danvan", "đang đặt là"), ("", "chưa đặt, mặc định dùng")])
def test_a_folder_that_cannot_be_made_is_told(capsys: pytest.CaptureFixture[str], set_to: str, stands: str) -> None:
    reader = Environment({"VAR_DIR": set_to})
    assert told(capsys, lambda: reader.folder("VAR_DIR", default=Path("/proc/danvan"))) == (
        f"Biến VAR_DIR {stands} “/proc/danvan”; không tạo được hoặc không ghi được thư mục này; hãy đặt một thư mục ghi được."
    )


def test_a_folder_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, lambda: Environment({"VAR_DIR": "/proc"}).folder("VAR_DIR", default=HOME)) == (
        "Biến VAR_DIR đang đặt là “/proc”; không tạo được hoặc không ghi được thư mục này; hãy đặt một thư mục ghi được."
    )


def test_a_database_that_is_a_folder_or_cannot_keep_its_journal_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert told(capsys, lambda: read("DATABASE_URL", f"sqlite:///{tmp_path}")) == (
        f"Biến DATABASE_URL đang đặt là “sqlite:///{tmp_path}”; đó không phải là một tệp đọc và ghi được; hãy cấp quyền hoặc đặt đường dẫn khác."
    )
    assert told(capsys, lambda: read("DATABASE_URL", "sqlite:////proc/a.sqlite3")) == (
        "Biến DATABASE_URL đang đặt là “sqlite:////proc/a.sqlite3”; không ghi được vào thư mục /proc; "
        "hãy cấp quyền ghi hoặc đặt đường dẫn khác."
    )


def test_a_file_of_signing_keys_is_read_and_a_wrong_one_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ring = keyring(tmp_path)
    assert read("SIGNING_KEYS", f"{tmp_path}/khoa.toml") == ring and len(ring.keys) == 1
    ring.keys[0].passphrase.unlink()  # type: ignore[union-attr]
    assert told(capsys, lambda: read("SIGNING_KEYS", f"{tmp_path}/khoa.toml")) == (
        f"Biến SIGNING_KEYS đang đặt là “{tmp_path}/khoa.toml”; khóa thứ 1, mục passphrase: không đọc được tệp {tmp_path}/mat-khau."
    )


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    kept = tmp_path / "secret_key"
    key = Environment({"SECRET_KEY": " "}).secret_key("SECRET_KEY", kept=kept)
    assert len(key) == 86 and Environment({}).secret_key("SECRET_KEY", kept=kept) == key
    assert kept.stat().st_mode & 0o777 == 0o600
    assert Environment({"SECRET_KEY": "$own"}).secret_key("SECRET_KEY", kept=kept) == "$own"


@pytest.mark.parametrize(("value", "keys"), [("khoa", ["khoa"]), ("moi, cu", ["moi", "cu"]), (",cu", ["cu"]), ("moi,,", ["moi"])])
def test_an_empty_key_of_encryption_is_none(tmp_path: Path, value: str, keys: list[str]) -> None:
    """`ENCRYPTION_KEYS=${NEW},${OLD}` with one of them empty made a key that everybody knows."""
    assert Environment({"ENCRYPTION_KEYS": value}).secret_keys("ENCRYPTION_KEYS", kept=tmp_path / "key") == keys
    assert not (tmp_path / "key").exists()


def test_no_key_of_encryption_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept = tmp_path / "key"
    (made,) = Environment({"ENCRYPTION_KEYS": ""}).secret_keys("ENCRYPTION_KEYS", kept=kept)
    assert len(made) == 86 and Environment({}).secret_keys("ENCRYPTION_KEYS", kept=kept) == [made]
    assert told(capsys, lambda: Environment({"ENCRYPTION_KEYS": " , "}).secret_keys("ENCRYPTION_KEYS", kept=kept)) == (
        "Biến ENCRYPTION_KEYS đang đặt là “,”; "
        "hãy đặt một hay nhiều chuỗi dài ngẫu nhiên, cách nhau bằng dấu phẩy, khóa mới nhất đứng đầu."
    )


def test_a_secret_key_that_cannot_be_read_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert told(capsys, lambda: Environment({}).secret_key("SECRET_KEY", kept=tmp_path)) == (
        f"Biến SECRET_KEY chưa đặt, mặc định dùng “{tmp_path}”; không đọc được tệp này; "
        "hãy cấp quyền đọc, hoặc đặt một chuỗi dài ngẫu nhiên."
    )
    (tmp_path / "empty").touch()
    assert told(capsys, lambda: Environment({}).secret_key("SECRET_KEY", kept=tmp_path / "empty")) == (
        f"Biến SECRET_KEY chưa đặt, mặc định dùng “{tmp_path}/empty”; tệp này trống; "
        "hãy xóa tệp, hoặc đặt một chuỗi dài ngẫu nhiên."
    )
