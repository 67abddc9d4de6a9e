"""Texts that an administrator writes for the portal."""

from django.utils.translation import gettext as _

from common.dates import today
from common.text import paragraphs
from organisation.naming import said_province
from portal.models import PortalText
from portal.validators import contact_uri


def licence() -> str:
    """The licence of open data, in Markdown, as an administrator chose it."""
    return PortalText.objects.filter(pk=PortalText.Key.LICENCE).values_list("body", flat=True).first() or _no_licence()


def _no_licence() -> str:
    board = said_province(today()).board or _("cơ quan chủ quản")
    words = _("Cơ quan chủ quản chưa chọn giấy phép. Muốn dùng lại dữ liệu, xin hỏi %(board)s và ghi rõ nguồn.")
    return words % {"board": board}


def security_contacts() -> list[str]:
    """Where faults in the portal's security are reported, as URIs, the preferred first; none until an administrator wrote one."""
    body = PortalText.objects.filter(pk=PortalText.Key.SECURITY).values_list("body", flat=True).first() or ""
    return [uri for line in paragraphs(body) if (uri := contact_uri(line))]
