"""What `manage.py check --deploy` finds open in a portal that is meant in earnest, said to who keeps the machine."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.core.checks import Tags as Of
from django.db import DatabaseError, connection

from common.apart.parent import is_held
from organisation.models import User
from portal import demo

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


def _has_only_local_names() -> bool:
    return "*" in settings.ALLOWED_HOSTS or set(settings.ALLOWED_HOSTS) <= LOCAL


def _site_is_elsewhere() -> bool:
    site = urlsplit(settings.SITE_ADDRESS)
    return site.hostname in LOCAL or (settings.HTTPS and site.scheme != "https")


def _is_open_to_others() -> bool:
    return bool(settings.VAR_DIR.stat().st_mode & 0o077)


FOUND: list[tuple[str, Callable[[], Any], str, str]] = [
    (
        "W002",
        lambda: not settings.MFA_REQUIRED_ROLES,
        "Không vai trò nào phải xác minh bước thứ hai.",
        "Đặt MFA_REQUIRED_ROLES, ví dụ lanh-dao-ban,quan-tri.",
    ),
    ("W003", lambda: settings.DEBUG, "DEBUG đang bật: trang lỗi cho khách xem mã nguồn và cấu hình.", "Bỏ biến DEBUG."),
    (
        "W004",
        lambda: not settings.HTTPS,
        "HTTPS đang tắt: mật khẩu đi trên mạng ai cũng đọc được.",
        "Đặt HTTPS=1 và một máy chủ trung gian có chứng chỉ.",
    ),
    ("W005", _has_only_local_names, "ALLOWED_HOSTS chỉ có tên trong máy, hoặc nhận mọi tên.", "Đặt tên miền của cổng."),
    (
        "W006",
        lambda: settings.DEMO_PASSWORD,
        "DEMO_PASSWORD đang đặt: nạp dữ liệu thử là mở lại các tài khoản thử.",
        "Bỏ biến DEMO_PASSWORD.",
    ),
    (
        "W007",
        lambda: settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN,
        "WEBAUTHN_INSECURE đang bật, chỉ dùng để thử.",
        "Bỏ biến WEBAUTHN_INSECURE.",
    ),
    (
        "W008",
        lambda: "smtp" not in settings.EMAIL_BACKEND,
        "Thư không gửi đi mà nằm lại trên máy: không ai được nhắc.",
        "Đặt EMAIL_URL là máy chủ gửi thư.",
    ),
    (
        "W009",
        lambda: connection.vendor == "sqlite" or not settings.REDIS_URL,
        "Cổng chạy trên SQLite hoặc hàng đợi bằng tệp, chỉ hợp để xem thử.",
        "Đặt DATABASE_URL (PostgreSQL) và REDIS_URL.",
    ),
    (
        "W010",
        lambda: not (settings.PUBLIC_RATE and settings.USER_RATE),
        "Không giới hạn số trang mỗi phút: ai cũng làm nghẽn cổng được.",
        "Đặt PUBLIC_RATE và USER_RATE khác 0.",
    ),
    (
        "W011",
        lambda: settings.HTTPS and not settings.PROXY_COUNT,
        "HTTPS bật mà PROXY_COUNT là 0: mọi khách mang chung địa chỉ của máy chủ trung gian, một người gửi dồn là mọi người bị chặn.",
        "Đặt PROXY_COUNT đúng số máy chủ trung gian.",
    ),
    (
        "W012",
        _site_is_elsewhere,
        "SITE_ADDRESS không phải địa chỉ công khai: đường dẫn trong thư và mã QR không mở được.",
        "Đặt SITE_ADDRESS, ví dụ https://danvan.example.vn.",
    ),
    ("W013", _is_open_to_others, "Tài khoản khác trên máy đọc được thư mục VAR_DIR.", "chmod go-rwx thư mục ấy."),
    (
        "W014",
        lambda: not is_held(),
        "Hệ điều hành không giữ được tiến trình đọc tệp gửi lên khỏi mạng và các tệp khác.",
        "Dùng Linux từ 5.13, máy x86-64 hoặc ARM 64 bit, cho phép seccomp và Landlock.",
    ),
]


@register(Of.security, deploy=True)
def check_deployment(**_: Any) -> list[CheckMessage]:
    """Settings by settings; the demo's accounts by a query, which says nothing where there is no database yet."""
    return [*_demo_accounts(), *(Warning(what, hint=hint, id=f"danvan.{key}") for key, is_so, what, hint in FOUND if is_so())]


def _demo_accounts() -> Iterator[CheckMessage]:
    try:
        names = list(
            User.objects.filter(username__in=demo.names(), is_active=True).order_by("username").values_list("username", flat=True)
        )
    except DatabaseError:
        return
    if names:
        what = f"Các tài khoản thử đang mở, chung một mật khẩu: {', '.join(names)}."
        yield Warning(what, hint="Khóa các tài khoản ấy ở Quản trị, mục Tài khoản.", id="danvan.W001")
