"""The tally against the season's expected figures, key by key, and each figure against the list that it opens."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from models_registry.models import Season
from organisation.tree import unit_tree
from reports.figures import FIGURES
from reports.selectors import listed, tally
from tests.conftest import DEMO

pytestmark = pytest.mark.both

EXPECTED = json.loads((DEMO / "season-2023" / "expected.json").read_text())
DAYS = [entry["as_of"] for entry in EXPECTED["tallies"]]


def test_each_figure_has_its_address_and_its_words() -> None:
    assert {slug: (figure.slug, figure.said("cấp huyện", "tỉnh")) for slug, figure in FIGURES.items()} == {
        "dang-ky": ("dang-ky", "mô hình đăng ký cấp huyện"),
        "moi": ("moi", "mô hình đăng ký mới"),
        "duy-tri": ("duy-tri", "mô hình duy trì, nhân rộng"),
        "tap-the": ("tap-the", "mô hình tập thể đăng ký"),
        "ca-nhan": ("ca-nhan", "mô hình cá nhân đăng ký"),
        "cap-huyen": ("cap-huyen", "mô hình được cấp huyện công nhận"),
        "de-nghi": ("de-nghi", "mô hình được đề nghị lên tỉnh"),
        "cap-tinh": ("cap-tinh", "mô hình được tỉnh công nhận"),
        "cap-tinh-tap-the": ("cap-tinh-tap-the", "mô hình tập thể được tỉnh công nhận"),
        "cap-tinh-ca-nhan": ("cap-tinh-ca-nhan", "mô hình cá nhân được tỉnh công nhận"),
        "trung-uong": ("trung-uong", "mô hình được giới thiệu Trung ương"),
        "hieu-qua": ("hieu-qua", "mô hình được đánh giá hiệu quả"),
        "can-cung-co": ("can-cung-co", "mô hình được đánh giá cần củng cố"),
        "tam-dung": ("tam-dung", "mô hình được đánh giá tạm dừng"),
        "ket-thuc": ("ket-thuc", "mô hình được đánh giá kết thúc"),
        "ghi-muc": ("ghi-muc", "mô hình được cấp huyện công nhận, có ghi mức"),
        "de-nghi-khen": ("de-nghi-khen", "mô hình được cấp huyện công nhận, có đề nghị khen thưởng"),
    }


@pytest.mark.parametrize("expected", EXPECTED["tallies"], ids=DAYS)
def test_command_equals_the_expected_figures(db: None, expected: dict[str, Any]) -> None:
    out = StringIO()
    call_command("tally", "--season", "2023", "--as-of", expected["as_of"], "--json", stdout=out)
    assert json.loads(out.getvalue()) == expected


@pytest.mark.parametrize("day", DAYS)
def test_units_add_up_to_the_whole(season: Season, day: str) -> None:
    found = tally(season, date.fromisoformat(day))
    assert sum(line.registered for line in found.units) == found.registered
    assert sum(line.new for line in found.units) == found.new
    assert sum(found.by_field.values()) == found.registered
    assert sum(line.district_recognised for line in found.units) == found.district_recognised
    assert sum(line.province_proposed for line in found.units) == found.province_proposed
    assert sum(line.province_recognised for line in found.units) == found.province_recognised


@pytest.mark.parametrize("day", DAYS)
def test_each_figure_lists_exactly_what_it_counted(season: Season, day: str) -> None:
    as_of = date.fromisoformat(day)
    found = tally(season, as_of)
    counted = {
        "dang-ky": found.registered,
        "moi": found.new,
        "duy-tri": found.maintained,
        "tap-the": found.collective,
        "ca-nhan": found.individual,
        "cap-huyen": found.district_recognised,
        "de-nghi": found.province_proposed,
        "cap-tinh": found.province_recognised,
        "cap-tinh-tap-the": found.province_collective,
        "cap-tinh-ca-nhan": found.province_individual,
        "trung-uong": found.central_introduced,
        "hieu-qua": found.effective,
        "can-cung-co": found.strengthen,
        "tam-dung": found.paused,
        "ket-thuc": found.ended,
        "ghi-muc": 0,
        "de-nghi-khen": 0,
    }
    lists = {slug: listed(AnonymousUser(), figure, season, as_of).count() for slug, figure in FIGURES.items()}
    assert lists == counted


def test_each_unit_figure_lists_exactly_what_it_counted(season: Season) -> None:
    day = date(2023, 12, 31)
    names = {
        "dang-ky": "registered",
        "moi": "new",
        "duy-tri": "maintained",
        "cap-huyen": "district_recognised",
        "de-nghi": "province_proposed",
        "cap-tinh": "province_recognised",
    }
    for line in tally(season, day).units:
        for slug, name in names.items():
            rows = listed(AnonymousUser(), FIGURES[slug], season, day, units=[line.unit.unit_id])
            assert rows.count() == getattr(line, name), (line.unit.unit.key, slug)


def test_one_unit_alone(season: Season, unit: Any) -> None:
    found = tally(season, date(2023, 10, 15), unit("duc-linh")).as_dict()
    assert found["registered"]["total"] == 58
    assert found["province_proposed"] == {"total": 0, "units": 0, "missing": ["duc-linh"]}
    assert list(found["by_unit"]) == ["duc-linh"]


def test_units_without_a_proposal_are_named_by_the_day(season: Season) -> None:
    assert [line.unit.name for line in tally(season, date(2023, 10, 15)).not_proposing] == ["Huyện ủy Đức Linh"]
    assert len(tally(season, date(2023, 10, 12)).not_proposing) == 14


def test_number_of_queries_does_not_grow(
    season: Season, settings: Any, nothing_kept: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):  # two of them for the units of all days, which a process remembers
        tally(season, date(2023, 12, 31))
    settings.REMEMBER_SECONDS = 3600
    unit_tree()
    with django_assert_num_queries(4):
        tally(season, date(2023, 1, 2))


def test_what_is_decided_above_the_units_and_what_is_told_only_where_there_is_any() -> None:
    assert {slug for slug, figure in FIGURES.items() if figure.is_above} == {
        "cap-tinh",
        "cap-tinh-tap-the",
        "cap-tinh-ca-nhan",
        "trung-uong",
    }
    assert {slug for slug, figure in FIGURES.items() if figure.is_rare} == {"ghi-muc", "de-nghi-khen"}
    shown = {slug: [FIGURES[slug].is_shown(number) for number in (None, 0, 1)] for slug in ("dang-ky", "ghi-muc")}
    assert shown == {"dang-ky": [False, True, True], "ghi-muc": [False, False, True]}
