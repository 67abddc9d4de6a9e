"""Which key signs for whom on a day, and how a wrong file of keys is told."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from papers import checks
from papers.keys import FileKey, Keyring, KeysError, TokenKey, read_keyring
from tests.signing import BEGINS, SIGNER, UNIT, file_key, issued, keyring, root

ROOT = Path(__file__).resolve().parents[2]
FILE = '[[keys]]\nunit = "a"\npkcs12 = "a.p12"\npassphrase = "a.pass"\n'
TOKEN = '[[keys]]\nunit = "b"\npkcs11 = "b.so"\ntoken = "Ban Dân vận"\ncertificate = "ky"\npin = "b.pin"\n'


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    for name in ("a.p12", "a.pass", "b.so", "b.pin"):
        (tmp_path / name).touch()
    (tmp_path / "goc.pem").write_text(root().pem)

    def write(text: str) -> Path:
        (tmp_path / "khoa.toml").write_text(text)
        return tmp_path / "khoa.toml"

    return write


def test_keys_of_both_kinds_are_read_with_paths_from_the_files_own_folder(written: Callable[[str], Path]) -> None:
    path = written(f'timestamp = "http://tsa.example.vn"\nroots = ["goc.pem"]\n{FILE}from = 2026-01-01\n{TOKEN}')
    at = path.parent
    assert read_keyring(path) == Keyring(
        (
            FileKey("a", date(2026, 1, 1), at / "a.p12", at / "a.pass"),
            TokenKey("b", date.min, at / "b.so", "Ban Dân vận", "ky", "ky", at / "b.pin"),
        ),
        "http://tsa.example.vn",
        (at / "goc.pem",),
    )
    assert read_keyring(written("")) == Keyring()


@pytest.mark.parametrize(
    ("unit", "day", "expected"),
    [
        ("a", date(2025, 12, 31), "cu"),
        ("a", date(2026, 1, 1), "moi"),
        ("b", date(2024, 12, 31), None),
        ("c", date(2026, 1, 1), None),
    ],
)
def test_the_last_key_that_has_begun_signs(unit: str, day: date, expected: str | None) -> None:
    keys = [("a", date.min, "cu"), ("a", date(2026, 1, 1), "moi"), ("b", date(2025, 1, 1), "b")]
    ring = Keyring(tuple(FileKey(name, since, Path(file), Path("x")) for name, since, file in keys))
    found = ring.key_of(unit, day)
    assert (str(found.pkcs12) if isinstance(found, FileKey) else None) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keys = 1", "mục keys sai dạng"),
        ("[keys]\nunit = 1", "mục keys sai dạng"),
        ("x = 1", "không có mục “x”; hãy dùng các mục keys, timestamp, roots"),
        ("x =", "tệp không đúng cú pháp TOML"),
        ('timestamp = "tsa.example.vn"', "mục timestamp phải là địa chỉ"),
        ('roots = "goc.pem"', "mục roots sai dạng"),
        ('roots = ["mat.pem"]', "mục roots: không đọc được tệp"),
        ('roots = ["a.p12"]', "không có chứng thư dạng PEM"),
        (FILE.replace('unit = "a"\n', ""), "khóa thứ 1 thiếu mục unit"),
        (FILE.replace('passphrase = "a.pass"', ""), "khóa thứ 1 thiếu mục passphrase"),
        (FILE.replace("a.p12", "mat.p12"), "khóa thứ 1, mục pkcs12: không đọc được tệp"),
        (f"{FILE}pin = 'b.pin'", "khóa thứ 1 có mục lạ “pin”"),
        (f"{FILE}pkcs11 = 'b.so'", "khóa thứ 1 phải có đúng một trong hai mục pkcs12, pkcs11"),
        (f"{FILE}from = '2026-01-01'", "khóa thứ 1: mục from phải là một ngày"),
        (f"{FILE}from = 2026-01-01T07:00:00", "khóa thứ 1: mục from phải là một ngày"),
        (f"{FILE}{TOKEN}key = 7", "khóa thứ 2 thiếu mục key"),
        (f"{FILE}{FILE}", "đơn vị a có hai khóa từ cùng một ngày"),
    ],
)
def test_a_wrong_file_of_keys_is_told(written: Callable[[str], Path], text: str, said: str) -> None:
    with pytest.raises(KeysError, match=said):
        read_keyring(written(text))


@pytest.mark.django_db
def test_a_unit_that_is_not_there_is_an_error(settings: Any) -> None:
    keys = [FileKey(unit, date.min, Path("x"), Path("x")) for unit in (UNIT, "khong-co")]
    settings.SIGNING_KEYS = Keyring(tuple(keys))
    (found,) = checks.keys_are_of_units()
    assert (found.id, found.msg) == ("papers.E001", "SIGNING_KEYS: không có đơn vị mang mã “khong-co”.")


def test_a_key_that_does_not_open_is_an_error(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = Keyring((file_key(tmp_path, passphrase=b"khac"),))
    (found,) = checks.files_open()
    assert found.id == "papers.E002" and "mật khẩu trong tệp mat-khau không đúng" in found.msg
    settings.SIGNING_KEYS = keyring(tmp_path)
    assert checks.files_open() == []


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2022, 12, 31, tzinfo=UTC), "chỉ có hiệu lực từ ngày 01/01/2023"),
        (datetime(2027, 12, 1, tzinfo=UTC), ""),
        (datetime(2027, 12, 10, tzinfo=UTC), "hết hạn ngày 01/01/2028; xin gia hạn"),
        (datetime(2028, 1, 2, tzinfo=UTC), "đã hết hạn ngày 01/01/2028; xin quản trị thay khóa ký"),
    ],
)
def test_a_certificate_that_ends_is_warned_of(settings: Any, tmp_path: Path, at: datetime, said: str) -> None:
    settings.SIGNING_KEYS = keyring(tmp_path)
    with time_machine.travel(at, tick=False):
        found = [message.msg for message in checks.certificates_hold()]
    assert found == ([f"SIGNING_KEYS, {UNIT}: Chứng thư số của {SIGNER} {said}."] if said else [])


def test_a_key_that_another_has_followed_is_not_warned_of(settings: Any, tmp_path: Path) -> None:
    old, new = tmp_path / "cu", tmp_path / "moi"
    for folder in (old, new):
        folder.mkdir()
    ended = file_key(old, issued("Cũ", root(), begins=BEGINS, ends=datetime(2024, 1, 1, tzinfo=UTC)))
    settings.SIGNING_KEYS = Keyring((ended, file_key(new, since=date(2023, 12, 1))))
    with time_machine.travel(datetime(2024, 6, 1, tzinfo=UTC), tick=False):
        assert checks.certificates_hold() == []


@pytest.mark.long
def test_a_portal_that_starts_loads_nothing_that_signs() -> None:
    show = "import sys, danvan.wsgi, danvan.urls; print({name.split('.')[0] for name in sys.modules} & {'pyhanko', 'aiohttp', 'pkcs11'})"
    started = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True, check=True)
    assert started.stdout == "set()\n"
