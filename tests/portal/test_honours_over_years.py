"""A model that goes on keeps its honours: search, filters, cards and counts know them in every later season."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from common.dates import today
from common.remember import forget
from models_registry import selectors
from models_registry.models import CatalogueCount, OutputMeasure, Registration, Season
from models_registry.selectors import CatalogueFilter
from models_registry.services import join_models, part_model, refresh_counts, set_honours, take_latest
from organisation.models import Level, Unit, UnitSuccession, UnitVersion
from portal.selectors import cards
from portal.selectors.booklets import chapters
from recognition.models import Decision, Recognition
from recognition.services import refresh_honours
from tests.online import person
from tests.pages import plain

pytestmark = [pytest.mark.both(pages=True), pytest.mark.django_db]


def rank(slug: str) -> int:
    return Level.objects.get(honour_slug=slug).rank


@pytest.fixture
def honoured(db: None) -> Registration:
    """Recognised by the province in 2023, at a commune that one commune followed."""
    return Registration.objects.filter(honour_rank=rank("tinh"), place__key="ham-thuan-bac/xa-thuan-minh").order_by("pk")[0]


@pytest.fixture
def heir(db: None) -> Unit:
    return Unit.objects.get(origins__predecessor__key="ham-thuan-bac/xa-thuan-minh")


def goes_on(row: Registration, season: Season, unit: Unit | None = None) -> Registration:
    """The model's registration in a later season."""
    later = Registration.objects.get(pk=row.pk)
    later.pk, later.season, later.is_latest, later.own_rank, later.honour_rank = None, season, False, None, 0
    later.registered_on = date(season.year, 3, 1)
    if unit:
        later.unit, later.place, later.place_name, later.unit_name = unit, None, "", "Đảng ủy nơi mới"
    later.save()
    take_latest([row.model_id])
    refresh_counts(season_ids=[row.season_id, season.pk], unit_ids=[row.unit_id, later.unit_id])
    forget()
    later.refresh_from_db()
    return later


def words(client: Client, address: str) -> str:
    return plain(client.get(address).content.decode())


def found(**asked: Any) -> set[int]:
    return set(selectors.find(AnonymousUser(), CatalogueFilter(**asked)).values_list("pk", flat=True))


def test_a_later_season_knows_the_honours_before_and_no_earlier_one_those_after(
    honoured: Registration, season: Season, new_season: Season
) -> None:
    later = goes_on(honoured, new_season)
    assert (later.honour_rank, later.own_rank, later.is_latest) == (rank("tinh"), None, True)
    assert later.pk in found(honour=rank("tinh")) and later.pk in found(honour=rank("tinh"), season=new_season.pk)
    set_honours({later.pk: rank("trung-uong")})
    honoured.refresh_from_db()
    assert honoured.honour_rank == rank("tinh")
    assert honoured.pk not in found(honour=rank("trung-uong"), season=season.pk)


def test_the_figure_of_a_seasons_catalogue_stays(client: Client, honoured: Registration, new_season: Season) -> None:
    """22 were recognised by the province in 2023; a model that goes on leaves none of them out."""
    goes_on(honoured, new_season)
    for address in ("?cap=tinh", "?cap=tinh&nam=2023", "?cap=tinh&cong-nhan=2023", "?cong-nhan=2023&cap=tinh&q=khong+co+gi"):
        assert ("22 mô hình" in words(client, f"/mo-hinh/{address}")) is ("q=" not in address), address
    assert found(honour=rank("tinh"), honoured=new_season.pk) == set()


def test_the_year_of_recognition_is_a_filter_with_its_counts(client: Client, honoured: Registration, new_season: Season) -> None:
    goes_on(honoured, new_season)
    page = words(client, "/mo-hinh/")
    recognised = Registration.objects.filter(season__year=2023, own_rank__gt=0, withdrawn_on__isnull=True).count()
    assert re.search(rf"Năm được công nhận 2023 {recognised}\b", page)
    assert "Công nhận năm 2023" in words(client, "/mo-hinh/?cong-nhan=2023")
    assert len(found(honoured=honoured.season_id)) == recognised


def test_in_a_year_the_level_is_that_years(honoured: Registration, season: Season, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    set_honours({later.pk: rank("trung-uong")})
    assert later.pk in found(honour=rank("trung-uong"), honoured=new_season.pk)
    assert later.pk not in found(honour=rank("trung-uong"), honoured=season.pk)
    assert later.pk in found(honour=rank("tinh"), honoured=season.pk)


def test_the_card_names_the_honour_with_its_year(client: Client, honoured: Registration, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    said = "Cấp tỉnh 2023"
    for address in (f"?q={honoured.title}", f"?q={honoured.title}&nam={new_season}"):
        assert said in words(client, f"/mo-hinh/{address}"), address
    assert said in words(client, later.model.get_absolute_url())  # type: ignore[union-attr]


def test_a_card_of_an_earlier_season_names_nothing_later(client: Client, honoured: Registration, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    set_honours({later.pk: rank("trung-uong")})
    assert "Giới thiệu Trung ương" not in words(client, f"/mo-hinh/?q={honoured.title}&nam=2023").partition("kết quả")[2][:400]


def test_what_is_revoked_goes_from_every_season(honoured: Registration, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    Recognition.objects.filter(registration=honoured, level__gathers_registers=True).delete()
    refresh_honours([honoured.pk])
    later.refresh_from_db()
    assert later.honour_rank == honoured.unit.versions.get().level.rank


def test_a_model_that_is_parted_again_loses_what_was_the_others(honoured: Registration, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    made = part_model(
        model_id=honoured.model_id or 0, year=new_season.year, reason="Hai việc khác nhau", actor=person("tinh.chuyenvien")
    )
    later.refresh_from_db()
    assert (later.model_id, later.honour_rank, later.is_latest) == (made.pk, 0, True)
    join_models(kept_id=honoured.model_id or 0, joined_id=made.pk, reason="Vẫn là một", actor=person("tinh.chuyenvien"))
    later.refresh_from_db()
    assert later.honour_rank == rank("tinh")


def test_kept_counts_say_what_the_rows_say(honoured: Registration, new_season: Season) -> None:
    later = goes_on(honoured, new_season)
    set_honours({later.pk: rank("trung-uong")})
    kept = CatalogueCount.objects.filter(season__isnull=True, honour_rank__gte=rank("tinh")).values_list("total", flat=True)
    assert sum(kept) == len(found(honour=rank("tinh"))) == 22


def test_a_successor_finds_its_predecessors_models_of_any_year(
    client: Client, honoured: Registration, heir: Unit, new_season: Season
) -> None:
    places = [one.predecessor for one in heir.origins.all()]
    before = set(Registration.objects.filter(place__in=places, withdrawn_on__isnull=True).values_list("model", flat=True))
    later = goes_on(honoured, new_season, heir)
    page = words(client, f"/mo-hinh/?don-vi={heir.key}")
    assert f"{len(before)} mô hình" in page and "và các đơn vị trước, bên dưới" in page
    assert later.title in page
    assert f"{len(before)} mô hình" in words(client, f"/mo-hinh/?don-vi={heir.key}&nam=2023")


def test_a_province_finds_all_of_its_own(client: Client, honoured: Registration, heir: Unit, new_season: Season) -> None:
    everything = Registration.objects.filter(is_latest=True, withdrawn_on__isnull=True).count()
    goes_on(honoured, new_season, heir)
    (province,) = UnitVersion.objects.filter(unit=heir, valid_to=None).values_list("parent__key", flat=True)
    assert f"{everything} mô hình" in words(client, f"/mo-hinh/?don-vi={province}")
    assert f"{everything} mô hình" in words(client, "/mo-hinh/?don-vi=binh-thuan")  # one goes on elsewhere, and stood there


def test_the_count_beside_a_successor_is_what_it_finds(
    client: Client, honoured: Registration, heir: Unit, new_season: Season
) -> None:
    goes_on(honoured, new_season, heir)
    page = client.get("/mo-hinh/").content.decode()
    (number,) = re.findall(rf'don-vi={re.escape(heir.key).replace("/", "%2F")}"[^>]*>.*?<span[^>]*>([\d.]+)', page, re.S)[:1]
    assert f"{number} mô hình" in words(client, f"/mo-hinh/?don-vi={heir.key}")


def test_a_models_page_shows_each_year_as_it_was(client: Client, honoured: Registration, heir: Unit, new_season: Season) -> None:
    later = goes_on(honoured, new_season, heir)
    Registration.objects.filter(pk=later.pk).update(subject="Người làm năm sau", title="Tên năm sau")
    OutputMeasure.objects.create(model=honoured.model, what="nhà", counting_unit="nhà", quantity=7, as_of=date(2024, 6, 1))
    page = words(client, later.model.get_absolute_url()).partition("Qua các năm")[2]  # type: ignore[union-attr]
    row = f"2024 {later.get_kind_display()} “Tên năm sau” Đảng ủy nơi mới Người làm năm sau – nhà: 7 nhà 2023"
    assert row in page
    assert f"{honoured.unit_name} {honoured.subject} · {honoured.place_name} Cấp tỉnh" in page


def test_a_successors_page_lists_what_it_inherited_and_an_ended_ones_its_heirs(
    client: Client, honoured: Registration, heir: Unit, new_season: Season
) -> None:
    goes_on(honoured, new_season, heir)
    places = [one.predecessor for one in heir.origins.all()]
    left = Registration.objects.filter(place__in=places, withdrawn_on__isnull=True, is_latest=True)
    page = words(client, f"/don-vi/{heir.key}/")
    assert f"1 mô hình {honoured.title}" in page and f"{left.count()} mô hình của các đơn vị trước" in page
    district = words(client, "/don-vi/ham-thuan-bac/")
    assert "Địa bàn này nay thuộc:" in district and heir.versions.get(valid_to=None).short_name in district


def test_an_ended_unit_keeps_the_models_that_went_on_and_says_where_each_is(
    client: Client, honoured: Registration, heir: Unit, new_season: Season
) -> None:
    place = honoured.place
    assert place
    stood = Registration.objects.filter(place=place, withdrawn_on__isnull=True, is_latest=True).count()
    goes_on(honoured, new_season, heir)
    page = words(client, f"/don-vi/{place.key}/")
    assert f"{stood} mô hình" in page and "Nay ở: Đảng ủy nơi mới" in page and page.count("Nay ở:") == 1
    assert f"Đang duy trì ở nơi khác: {heir.versions.get(valid_to=None).name} 1" in page
    assert f"{place.versions.get().short_name} {stood}" in words(client, f"/don-vi/{honoured.unit.key}/")
    for address in ("", "&nam=2023", f"&q={honoured.title}"):
        assert honoured.title in words(client, f"/mo-hinh/?don-vi={place.key}{address}"), address
    assert f"{stood} mô hình" in words(client, f"/mo-hinh/?don-vi={place.key}")
    assert not found(within=frozenset((place.pk,)), season=new_season.pk)
    district = frozenset((honoured.unit_id,))
    counted = selectors.count_by_season(AnonymousUser(), CatalogueFilter(within=district))
    assert new_season.pk not in counted and counted[honoured.season_id] == len(found(within=district))
    searched = selectors.count(AnonymousUser(), CatalogueFilter(within=district, words=honoured.title))
    assert new_season.pk not in searched.by.get("season", {})


def test_the_count_beside_an_ended_unit_is_what_it_finds(
    client: Client, honoured: Registration, heir: Unit, new_season: Season
) -> None:
    goes_on(honoured, new_season, heir)
    page, key = client.get("/mo-hinh/").content.decode(), honoured.unit.key
    (number,) = re.findall(rf'don-vi={re.escape(key)}"[^>]*>.*?<span[^>]*>([\d.]+)', page, re.S)[:1]
    told = words(client, f"/mo-hinh/?don-vi={key}")
    assert f"{number} mô hình" in told and int(number) == len(found(within=frozenset((honoured.unit_id,))))


def test_in_a_chain_of_mergers_the_unit_of_today_is_named(client: Client, heir: Unit) -> None:
    ended, last = heir.versions.get(valid_to=None), Unit.objects.create(key="cuoi", position=9999)
    UnitVersion.objects.filter(pk=ended.pk).update(valid_to=date(2026, 3, 1))
    UnitVersion.objects.create(
        unit=last, name="Đảng ủy xã Cuối", level=ended.level, parent=ended.parent, valid_from=date(2026, 3, 1)
    )
    UnitSuccession.objects.create(predecessor=heir, successor=last, effective_on=date(2026, 3, 1), kind="merge")
    forget()
    first = heir.origins.first()
    assert first
    page = words(client, f"/don-vi/{first.predecessor.key}/")
    assert f"thành {ended.name}" in page and "Nay là Đảng ủy xã Cuối" in page
    assert "Nay là" not in words(client, f"/don-vi/{heir.key}/")


def test_what_the_province_decides_after_the_year_is_in_the_number_and_behind_it(client: Client, honoured: Registration) -> None:
    """The twenty-third, of 15 January: the figures of units end with the year, what is decided above them does not."""
    province = Decision.objects.filter(level__gathers_registers=True).earliest("pk")
    told = {name: getattr(province, name) for name in ("level", "issuer", "issuer_name", "purpose")}
    late = Decision.objects.create(number="9-QĐ/TU", decided_on=date(2024, 1, 15), **told)
    other = Registration.objects.filter(season=honoured.season, own_rank=2, withdrawn_on__isnull=True)[0]
    Recognition.objects.create(decision=late, registration=other, level=late.level, title=other.title, subject=other.subject)
    forget()
    page = client.get("/").content.decode()
    (address,) = set(re.findall(r'href="(/so-lieu/danh-sach/\?[^"]*so=cap-tinh)"', page))
    assert f"ngay={today().isoformat()}" in address and " 23 " in words(client, "/")
    later = "kể cả quyết định ban hành sau ngày 31/12/2023"
    told = words(client, address.replace("&amp;", "&"))
    assert "23 mô hình" in told and later in told
    told = words(client, "/so-lieu/danh-sach/?nam=2023&so=cap-tinh&ngay=2023-12-31")
    assert "22 mô hình" in told and later not in told
    figures = client.get("/so-lieu/?nam=2023&ngay=2023-12-31").content.decode()
    said = f"Sau mốc này, đến {today():%d/%m/%Y}: tỉnh công nhận 23 mô hình"
    assert said in words(client, "/so-lieu/?nam=2023&ngay=2023-12-31") and address in figures
    (by_year,) = re.findall(r'id="qua-cac-nam".*?</section>', figures, re.S)
    assert address in by_year and ">23</a>" in by_year


def test_a_card_tells_the_honours_up_to_its_year_the_highest_first(honoured: Registration) -> None:
    row, highest = SimpleNamespace(model_id=honoured.model_id, honour_rank=honoured.honour_rank), rank("trung-uong")
    assert cards._honours([row], highest, 2022) == {}
    until = cards._honours([row], highest, 2023)[row.model_id]
    assert until == cards._honours([row], highest, None)[row.model_id] and until[0] == ("province", "Cấp tỉnh 2023")
    row.honour_rank = highest
    assert cards._honours([row], highest, 2022)[row.model_id] == [("central", "Giới thiệu Trung ương")]


def test_a_booklet_has_a_model_once_by_its_highest_honour_in_whatever_order_they_came(season: Season) -> None:
    of_both = Registration.objects.filter(season=season, recognitions__level=Level.objects.get(honour_slug="tinh"))
    row = of_both.filter(recognitions__level__honour_slug="huyen").order_by("pk")[0]
    given = row.recognitions.get(level__honour_slug="huyen")
    before = [[entry.recognition.pk for entry in chapter.entries] for chapter in chapters(season)]
    Recognition.objects.filter(pk=given.pk).delete()
    given.pk = None
    given.save(force_insert=True)  # written down after the province's
    assert [[entry.recognition.pk for entry in chapter.entries] for chapter in chapters(season)] == before
