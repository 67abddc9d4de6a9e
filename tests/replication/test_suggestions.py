"""Models that suit a unit: which ones, in which order, with which reasons; a fixed number of queries."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from models_registry.models import Field, Registration
from organisation.models import UnitVersion
from organisation.selectors.units import unit_on
from recognition.models import Recognition
from replication.selectors import suggestions as module
from replication.selectors.suggestions import CLOSE, NEAR, SHOWN, Suggestion, suggestions_for
from replication.services import end_adoption
from tests.online import person
from tests.replicating import COMMUNE, COMMUNES, OTHER, SLUG, STAFF, adopted, source, unit

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DAY = date(2024, 4, 1)
PHU = COMMUNES[0]


def found(key: str = PHU, field: Field | None = None) -> list[Suggestion]:
    return suggestions_for(unit_on(unit(key), DAY), DAY, field)[0]


def of_source(key: str, field: Field | None = None) -> Suggestion | None:
    return next((one for one in found(key, field) if one.row.model == source()), None)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Field:
    """Hàm Hiệp's model alone is recognised, and nobody else does the same."""
    Recognition.objects.exclude(registration__model=source()).delete()
    row = Registration.objects.filter(model=source()).latest("season__year")
    assert row.field
    same = Registration.objects.filter(title_key=row.title_key).exclude(model=source())
    same.update(title="Nụ cười công sở", title_key="nu cuoi cong so")
    return row.field


def test_only_recognised_models_of_others_newest_registration_once() -> None:
    listed = found()
    assert 0 < len(listed) <= SHOWN
    assert len({one.row.model_id for one in listed}) == len(listed)
    for one in listed:
        assert Recognition.objects.filter(registration__model=one.row.model, revoked_on__isnull=True).exists()
        assert one.row.is_latest and one.row.withdrawn_on is None and one.row.place != unit(PHU)


def test_of_the_units_own_fields_or_of_the_chosen_one() -> None:
    mine = set(Registration.objects.in_register().filter(place=unit(PHU)).values_list("field", flat=True))
    assert mine and {one.row.field_id for one in found()} <= mine
    field = Field.objects.exclude(pk__in=mine).first() or Field.objects.first()
    assert {one.row.field_id for one in found(field=field)} == {field.pk}


def test_the_reasons_say_why(only: Field) -> None:
    one = of_source("phan-thiet/xa-thien-nghiep", only)
    assert one is not None
    assert one.reasons[0] == "Được công nhận cấp tỉnh năm 2023"
    assert f"Cùng lĩnh vực {only.name.lower()}" in one.reasons and "Cùng là xã" in one.reasons
    ward = of_source("phan-thiet/phuong-mui-ne", only)
    assert ward is not None and "Cùng là xã" not in ward.reasons
    near = of_source(PHU, only)
    assert near is not None and any(reason.startswith("Cách khoảng") for reason in near.reasons)
    far = of_source("duc-linh/xa-da-kai", only)
    assert far is not None and not any(reason.startswith("Cách khoảng") for reason in far.reasons)


def test_an_own_title_that_is_near_is_named_and_the_same_is_left_out(only: Field) -> None:
    row = Registration.objects.in_register().filter(place=unit(PHU)).first()
    assert row
    like = "Vận động nhân dân xây dựng lò gạch tại hộ gia đình"
    Registration.objects.filter(pk=row.pk).update(title=like, title_key="van dong nhan dan xai dung lo gach tai ho gia dinh")
    one = of_source(PHU, only)
    assert one is not None and f"Gần với việc đơn vị đã làm: “{like}”" in one.reasons
    key = Registration.objects.filter(model=source()).latest("season__year").title_key
    Registration.objects.filter(pk=row.pk).update(title_key=key)
    assert of_source(PHU, only) is None


def test_taken_on_there_or_near_by_it_is_offered_no_more(only: Field) -> None:
    far = "phan-thiet/xa-thien-nghiep"
    assert of_source(PHU, only) and of_source(far, only)
    one = adopted(COMMUNES[0], place="Thôn 1")
    assert of_source(PHU, only) is None
    there = of_source(far, only)
    assert there is not None and "Đã có 1 nơi làm theo" in there.reasons
    end_adoption(adoption_id=one.pk, ended_on="1/4/2024", why="Hết đất", actor=person(STAFF))
    assert of_source(PHU, only) is not None


def test_near_by_is_by_coordinates_else_by_the_unit_above() -> None:
    phu, tri = unit_on(unit(PHU), DAY), unit_on(unit(COMMUNES[1]), DAY)
    away = module._kilometres(phu, tri)
    assert away is not None and 0 < away < CLOSE
    assert module._is_near(phu, tri) == (away <= NEAR)
    tri.latitude = None
    assert module._is_near(phu, tri)  # both under Hàm Thuận Bắc
    mui_ne = unit_on(unit("phan-thiet/phuong-mui-ne"), DAY)
    mui_ne.latitude = None
    assert not module._is_near(phu, mui_ne)


def test_kilometres_as_a_map_tells() -> None:
    """Phan Thiết to Hà Nội by their published coordinates: 1,191 km by the great circle."""
    one = UnitVersion(latitude=10.9289, longitude=108.1021)
    other = UnitVersion(latitude=21.0285, longitude=105.8542)
    assert module._kilometres(one, other) == pytest.approx(1148, abs=5)


def test_the_higher_recognition_and_the_nearer_kind_come_first() -> None:
    listed = found()
    assert [one.points for one in listed] == sorted((one.points for one in listed), reverse=True)


@pytest.mark.usefixtures("nothing_kept")
def test_the_number_of_queries_is_fixed() -> None:
    counts = []
    for key in (PHU, "ham-thuan-bac", "phan-thiet/phuong-mui-ne"):
        version = unit_on(unit(key), DAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            suggestions_for(version, DAY)
        counts.append(len(queries))
    assert max(counts) <= 11 and max(counts) - min(counts) <= 1, counts


def test_the_page(client: Client) -> None:
    client.force_login(person(COMMUNE))
    page = client.get("/lam-viec/nhan-rong/goi-y/")
    assert page.status_code == 200 and "hợp với Đảng ủy xã Hàm Hiệp" in page.content.decode()
    assert SLUG not in page.content.decode()  # its own
    assert client.get("/lam-viec/nhan-rong/goi-y/?don-vi=phan-thiet").status_code == 404
    assert client.get("/lam-viec/nhan-rong/goi-y/?linh-vuc=khong-co").status_code == 404
    client.force_login(person(OTHER))
    page = client.get("/lam-viec/nhan-rong/goi-y/?don-vi=phan-thiet/phuong-mui-ne")
    assert page.status_code == 200 and "Xin đến học" in page.content.decode()
    client.force_login(person("hoidong1"))
    assert client.get("/lam-viec/nhan-rong/goi-y/").status_code == 404
