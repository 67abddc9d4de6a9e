"""How secrets lie in the database: encrypted with the first of settings.ENCRYPTION_KEYS, read with any of them."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from common.exceptions import DomainError

_MARK = "gAAAA"  # how every token of Fernet begins: what is stored without it dates from before encryption


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Raises DomainError where no key reads it."""
    if not stored.startswith(_MARK):
        return stored
    try:
        return _cipher().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise DomainError(
            "Không khóa nào trong ENCRYPTION_KEYS đọc được bí mật đã lưu; hãy thêm lại khóa cũ vào cuối."
        ) from error


def _cipher() -> MultiFernet:
    keys = (hashlib.sha256(key.strip().encode()).digest() for key in settings.ENCRYPTION_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def encrypted_again(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an authenticator, its secrets re-encrypted with the newest key. Raises DomainError if no key decrypts them."""
    again = dict(data)
    for name in ("secret", "seed"):
        if isinstance(data.get(name), str):
            again[name] = encrypt(decrypt(data[name]))
    if "migrated_codes" in data:
        again["migrated_codes"] = [encrypt(decrypt(code)) for code in data["migrated_codes"]]
    return again
