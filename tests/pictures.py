"""The pictures of the officers' manuals, taken of the pages as they are: `make pictures`.

Beside each picture stands of which templates its page was made; `test_help.py` says when one of them has changed since.
"""

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser

from models_registry.models import RegisterImport, Season
from models_registry.selectors import visible_to
from models_registry.services import upload_register
from organisation.models import User
from organisation.permissions import unit_of
from portal import demo
from portal.services.tours import end_tour
from recognition.models import Assignment
from tests import registers as made
from tests.browsing import MARKS, work_beside
from tests.inspection import WIDE
from tests.portal.test_help import MADE_OF, PICTURES, ROOT, digest

pytestmark = MARKS
HEIGHT = 860
COMMON = ("base.html", "work/base.html", "components/", "cotton/")
"""What stands on every page is not what a picture is of."""


def pages() -> Iterator[tuple[str, str, str]]:
    """(name of the picture, whose page, address)."""
    year = Season.objects.latest("year").year
    commune, district, province, member = "binhthuan.canbo", "hamthuan.chuyenvien", "lamdong.chuyenvien", "lamdong.hoidong2"
    own = visible_to(User.objects.get(username=commune)).filter(season__year=year)
    checks = visible_to(User.objects.get(username="binhthuan.lanhdao")).filter(season__year=year, state="submitted")
    given = Assignment.objects.filter(member__user__username=member, dossier__round__phase="scoring").earliest("pk")
    upload = _read_register(year, district)
    yield "viec-cua-toi", commune, reverse("models_registry:work")
    yield "viet-dang-ky", commune, reverse("models_registry:write", args=[own.filter(state="draft").earliest("pk").pk])
    yield "xet-dang-ky", "binhthuan.lanhdao", reverse("models_registry:check", args=[checks.earliest("pk").pk])
    yield "bang-dang-ky", province, reverse("models_registry:board", args=[year])
    yield "nap-so", province, reverse("models_registry:upload", args=[year])
    yield "soat-so", district, reverse("models_registry:import", args=[upload.pk])
    yield "noi-nam-truoc", province, reverse("models_registry:links")
    yield "dot-xet", province, reverse("recognition:round", args=[given.dossier.round_id])
    yield "cham-diem", member, reverse("recognition:sheet", args=[given.dossier.round_id, given.dossier_id])
    yield "nhan-rong", province, reverse("replication:home")
    yield "bao-cao", province, reverse("reports:home")
    yield "tong-quan", province, reverse("dashboard")
    yield "giu-cong", province, reverse("desk:home")


def _read_register(year: int, who: str) -> RegisterImport:
    """A register of which three rows are new and one is refused."""
    titles = ("Tuyến đường hoa ven kênh", "Tổ hòa giải không chuyển đơn", "Camera an ninh thôn xóm", "")
    actor = User.objects.get(username=who)
    season, unit = Season.objects.get(year=year), unit_of(actor)
    assert unit
    lines = [made.row(title, subject="Hội Liên hiệp Phụ nữ xã", place="", day=season.opens_on) for title in titles]
    register = made.xlsx(Path(tempfile.mkdtemp()) / "so-bo-sung.xlsx", [made.HEAD, *lines])
    file = SimpleUploadedFile(register.name, register.read_bytes())
    kept = upload_register(file=file, season=season, unit=unit, actor=actor)
    work_beside()
    return kept


def test_take(browser: Browser, transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    demo.load_extras()
    demo.load_living()
    PICTURES.mkdir(exist_ok=True)
    made_of: dict[str, Any] = {}
    used: set[str] = set()
    template_rendered.connect(listener := lambda template, **_: used.add(str(template.name)), weak=False)
    try:
        for name, who, address in pages():
            context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="vi-VN", base_url=live_server.url)
            page = context.new_page()
            user = User.objects.get(username=who)
            end_tour(user)
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
            used.clear()
            response = page.goto(address)
            assert response and response.status == 200, (name, response and response.status)
            page.evaluate("document.fonts.ready.then(() => true)")
            Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(PICTURES / f"{name}.webp", quality=70, method=6)
            own = sorted(one for one in used if not one.startswith(COMMON) and (ROOT / "templates" / one).exists())
            made_of[name] = {"page": page.title(), "templates": own, "digest": digest(own)}
            context.close()
    finally:
        template_rendered.disconnect(listener)
    MADE_OF.write_text(json.dumps(made_of, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
