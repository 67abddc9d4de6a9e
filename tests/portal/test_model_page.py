"""A model's page: what is said to engines and links, what it is like, where its addresses lead."""

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from models_registry.models import EmulationModel, Registration
from models_registry.services import NewMeasure, describe_model, measure_output

pytestmark = pytest.mark.django_db
SLUG = "lo-dot-rac-ho-gia-dinh-ham-hiep"
PARTS = ("", "lan-toa/", "cach-lam/", "cach-lam.pdf", "chia-se.png")


def page(client: Client, slug: str = SLUG) -> str:
    answer = client.get(f"/mo-hinh/{slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_engines_read_is_what_the_page_says(client: Client) -> None:
    html = page(client)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])  # type: ignore[index]
    assert data["@type"] == "Article" and data["author"]["name"] == "Huyện ủy Hàm Thuận Bắc"
    assert data["url"] == f"http://testserver/mo-hinh/{SLUG}/" and data["image"].endswith("/chia-se.png")
    assert data["award"] == ["Giới thiệu Trung ương 2023", "Cấp tỉnh 2023", "Cấp huyện 2023"]
    assert data["contentLocation"]["geo"]["latitude"] > 10
    for name in ("og:title", "og:description", "og:image", "og:url", "description", "twitter:card"):
        assert re.search(rf'<meta\s+(?:property|name)="{name}"\s+content="[^"]+"', html), name
    assert html.count('name="description"') == 1


def test_a_model_of_no_place_within_its_unit_is_at_home_in_the_whole_of_it(client: Client) -> None:
    Registration.objects.filter(model__slug=SLUG).update(place=None, place_name="")
    found = re.search(r"<dt>địa bàn</dt>\s*<dd[^>]*>(.*?)</dd>", page(client))
    assert found is not None and found[1] == "Huyện Hàm Thuận Bắc"  # not “Hàm Thuận Bắc”, which is a commune today


def test_no_title_breaks_out_of_the_data(client: Client) -> None:
    EmulationModel.objects.filter(slug=SLUG).update(title='</script><script>alert("&amp;")</script>')
    html = page(client)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])  # type: ignore[index]
    assert data["headline"] == '</script><script>alert("&amp;")</script>'
    assert "<script>alert" not in html


@pytest.mark.parametrize("title", ["", "Ngắn", "Xây dựng mô hình rất dài " * 18])
def test_the_picture_for_sharing(client: Client, title: str) -> None:
    if title:
        EmulationModel.objects.filter(slug=SLUG).update(title=title[:480])
    answer = client.get(f"/mo-hinh/{SLUG}/chia-se.png")
    assert answer["Content-Type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (1200, 630) and len(image.convert("RGB").getcolors(maxcolors=1_000_000) or []) > 50


def test_similar_models_are_others_of_the_field(client: Client) -> None:
    html = page(client)
    near = html[html.index('id="giong"') :]
    slugs = re.findall(r'<h3><a href="/mo-hinh/([^"/]+)/"', near)
    assert 1 <= len(slugs) <= 4 and SLUG not in slugs
    fields = set(Registration.objects.filter(model__slug__in=slugs, is_latest=True).values_list("field__slug", flat=True))
    assert fields == {"van-hoa-xa-hoi"}
    assert "rác" in near


@pytest.mark.parametrize("part", PARTS)
def test_an_address_of_the_past_leads_to_the_one_of_today(client: Client, part: str, user: Any) -> None:
    model = EmulationModel.objects.get(slug=SLUG)
    for new in ("lo-dot-rac", "lo-dot-rac-xuan-dien"):
        describe_model(model_id=model.pk, texts={}, slug=new, actor=None)
    for old in (SLUG, "lo-dot-rac"):
        answer = client.get(f"/mo-hinh/{old}/{part}?trang=2")
        assert (answer.status_code, answer["Location"]) == (301, f"/mo-hinh/lo-dot-rac-xuan-dien/{part}?trang=2")
    describe_model(model_id=model.pk, texts={}, slug=SLUG, actor=None)  # and back
    assert client.get(f"/mo-hinh/{SLUG}/{part}").status_code == 200
    assert client.get(f"/mo-hinh/lo-dot-rac-xuan-dien/{part}")["Location"] == f"/mo-hinh/{SLUG}/{part}"
    assert client.get(f"/mo-hinh/khong-co/{part}").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_withdrawn_model_is_gone_with_a_way_on(client: Client, part: str) -> None:
    row = Registration.objects.filter(withdrawn_on__isnull=False).select_related("model", "field")[0]
    answer = client.get(f"/mo-hinh/{row.model.slug}/{part}")  # type: ignore[union-attr]
    html = answer.content.decode()
    assert answer.status_code == 410
    assert "Đã rút" in html and f"?linh-vuc={row.field.slug}" in html and "noindex" in html  # type: ignore[union-attr]


def test_a_model_withdrawn_in_one_year_of_two_stays(client: Client) -> None:
    row = Registration.objects.filter(model__slug=SLUG).get()
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=row.registered_on)
    assert client.get(f"/mo-hinh/{SLUG}/").status_code == 410
    Registration.objects.filter(pk=row.pk).update(state="accepted", withdrawn_on=None)
    assert client.get(f"/mo-hinh/{SLUG}/").status_code == 200


def test_a_number_that_was_counted_more_than_once_has_a_line_drawn(client: Client) -> None:
    model = EmulationModel.objects.get(slug=SLUG)
    last = model.measures.order_by("as_of").last()
    assert last is not None
    for day in (date(2024, 2, 1), date(2024, 3, 1)):
        measure_output(
            model_id=model.pk,
            value=NewMeasure(
                what=last.what, counting_unit=last.counting_unit, quantity=last.quantity + day.month, as_of=day, source="Báo cáo"
            ),
            actor=None,
        )
    answer = client.get(f"/mo-hinh/{SLUG}/")
    series = answer.context["page"].series
    assert [measure.as_of for measure in series][-2:] == [date(2024, 2, 1), date(2024, 3, 1)]
    assert answer.context["measure"] == series[-1]
    points, _, _ = answer.context["chart"]
    assert [point.when for point in points] == [f"{measure.as_of:%m/%Y}" for measure in series]
