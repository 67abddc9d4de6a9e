"""Pages kept for visitors, and given up at the first write."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.cache_version import renew
from models_registry.models import EmulationModel, Registration
from models_registry.services import describe_model
from organisation.models import User

pytestmark = pytest.mark.django_db
PAGE = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"


@pytest.fixture(autouse=True)
def kept(settings: Any) -> Any:
    settings.PUBLIC_CACHE_SECONDS = 300
    cache.clear()
    renew()
    yield
    cache.clear()


def queries(client: Client, address: str, **given: Any) -> int:
    with CaptureQueriesContext(connection) as ran:
        assert client.get(address, **given).status_code == 200
    return len(ran)


@pytest.mark.parametrize(
    "address", ["/", "/mo-hinh/?q=rac", PAGE, "/so-lieu/", "/don-vi/", "/api/v1/nam/", "/feed/", "/sitemap.xml"]
)
def test_the_second_visitor_costs_the_database_nothing(client: Client, address: str) -> None:
    first = client.get(address)
    if address != "/sitemap.xml":
        assert queries(Client(), address) == 0
    again = Client().get(address)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    if address != "/sitemap.xml":
        assert again.headers.items() >= {(k, v) for k, v in first.headers.items() if k != "Content-Length"}


def test_what_is_written_is_seen_at_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.get(PAGE)
    model = EmulationModel.objects.get(slug="lo-dot-rac-ho-gia-dinh-ham-hiep")
    with django_capture_on_commit_callbacks(execute=True):
        describe_model(model_id=model.pk, texts={"cost": "Mỗi lò 300.000 đồng."}, actor=None)
    assert "300.000 đồng" in client.get(PAGE).content.decode()


def test_what_was_made_before_a_write_is_never_shown_after_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write commits while the page is being made."""
    from portal.views import models

    inner = models.model_page

    def slow(*given: Any) -> Any:
        page = inner(*given)
        renew()
        return page

    monkeypatch.setattr(models, "model_page", slow)
    client.get(PAGE)
    monkeypatch.undo()
    assert queries(Client(), PAGE) > 0


def test_officers_are_shown_pages_of_their_own(client: Client) -> None:
    Client().get(PAGE)
    client.force_login(User.objects.get(username="hamthuanbac.chuyenvien"))
    assert "Ghi nơi làm theo" in client.get(PAGE).content.decode()
    assert "Ghi nơi làm theo" not in Client().get(PAGE).content.decode()


@pytest.mark.parametrize("address", ["/lam-viec/", "/dang-nhap/", "/readyz", "/mo-hinh/khong-co/", "/mo-hinh/?tai=xlsx"])
def test_what_is_not_kept(client: Client, address: str) -> None:
    client.get(address)
    assert not [key for key in cache._cache if "page:" in key]  # type: ignore[attr-defined]


def test_a_page_that_holds_is_not_sent_again(client: Client) -> None:
    etag = client.get(PAGE)["ETag"]
    again = Client().get(PAGE, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in client.get(PAGE)["Cache-Control"]


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd", ""])
def test_each_gets_what_it_can_read(encoding: str) -> None:
    for _ in range(2):
        answer = Client().get("/mo-hinh/", headers={"Accept-Encoding": encoding})
        assert answer.get("Content-Encoding", "") == encoding
    assert (len(answer.content) < 12_000) is bool(encoding)


def test_without_the_cache_pages_are_made_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ConnectionError("gone")

    for names in (("set",), ("get_many", "get", "set", "add", "incr")):
        for name in names:
            monkeypatch.setattr(type(cache), name, broken, raising=False)
        assert client.get(PAGE).status_code == 200


def test_a_withdrawn_model_is_gone_at_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    from models_registry.services import withdraw

    row = Registration.objects.filter(model__slug="lo-dot-rac-ho-gia-dinh-ham-hiep").get()
    client.get(PAGE)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(registration=row, withdrawn_on=row.registered_on, actor=None)  # type: ignore[arg-type]
    assert client.get(PAGE).status_code == 410
