"""What reports say: the published sentence of 15/10/2023; none, one, all; the rows behind every figure."""

import json
import re
from datetime import date
from typing import Any

import pytest

from organisation.models import Unit
from organisation.tree import unit_tree
from reports.counted import Counted
from reports.figures import FIGURES, rows_of
from reports.kinds import Facts, UnitFacts, kind_of, kinds
from reports.kinds.words import LINKS, links_of, missing, tally, values_of
from reports.selectors.gathering import _spread, counted_of, facts_of, gatherer_on, span_of
from tests.replicating import COMMUNES, adopted, on

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DAY = date(2023, 10, 15)
KINDS = ("thang", "quy", "sau-thang", "chin-thang", "tong-hop-15-10", "nam")


def said(facts: Facts, words: Any = tally) -> str:
    return str(words(facts)).format(**values_of(facts))


def facts(season: Any, unit: Any, kind: str = "tong-hop-15-10", key: str = "binh-thuan", day: date = DAY) -> Facts:
    found = kind_of(kind)
    assert found
    return facts_of(found, season, unit(key), day)


def test_the_paragraph_says_what_was_published(season: Any, unit: Any) -> None:
    assert said(facts(season, unit)) == (
        "Tính đến ngày 15/10/2023, toàn tỉnh có 746 mô hình được đăng ký ở cấp huyện, trong đó đăng ký năm 2023 là 480, tiếp tục "
        "duy trì và nhân rộng từ năm 2022 là 266; 13/14 đơn vị (trừ Đức Linh) công nhận 155; 13/14 đơn vị (trừ Đức Linh) đề nghị 39."
    )


def made(registered: list[int], recognised: list[int] | None = None, *, new: int | None = None) -> Facts:
    recognised = recognised or [0] * len(registered)
    total = sum(registered)
    numbers = dict.fromkeys(LINKS.values(), 0) | {
        "dang-ky": total,
        "moi": total if new is None else new,
        "duy-tri": 0 if new is None else total - new,
        "cap-huyen": sum(recognised),
    }
    units = [
        UnitFacts(f"u{n}", f"Huyện ủy {n}", f"Đơn vị {n}", True, {"dang-ky": r, "cap-huyen": c, "de-nghi": 0})
        for n, (r, c) in enumerate(zip(registered, recognised, strict=True), start=1)
    ]
    return Facts(2023, "2023-01-01", "2023-10-15", "", "Tỉnh ủy", "Tỉnh", True, "cấp huyện", numbers, {}, units, {})


@pytest.mark.parametrize(
    "given, words",
    [
        (made([0, 0]), "Tính đến ngày 15/10/2023, toàn tỉnh chưa có mô hình nào được đăng ký ở cấp huyện."),
        (made([3, 4]), "đều là đăng ký mới trong năm 2023; chưa đơn vị nào công nhận mô hình; chưa đơn vị nào đề nghị mô hình."),
        (made([3, 4], new=0), "đều là mô hình tiếp tục duy trì và nhân rộng từ năm 2022;"),
        (made([3, 4], [1, 2]), "; 2/2 đơn vị công nhận 3;"),
        (made([3, 4], [1, 0]), "; 1/2 đơn vị (trừ Đơn vị 2) công nhận 1;"),
        (made([1] * 9, [1, 1, *[0] * 7]), "; mới có 2/9 đơn vị (Đơn vị 1, Đơn vị 2) công nhận 2;"),
        (made([1] * 14, [*[1] * 7, *[0] * 7]), "; 7/14 đơn vị công nhận 7;"),
        (made([1500], new=1000), "có 1.500 mô hình"),
    ],
)
def test_none_one_all_and_lists(given: Facts, words: str) -> None:
    assert words in said(given)


def test_who_is_missing_is_named_in_sentences_of_their_own_where_the_paragraph_could_not() -> None:
    many = made([*[1] * 13, 0], [*[1] * 7, *[0] * 7])
    text = said(many, missing)
    assert "Chưa đăng ký: Đơn vị 14." in text
    assert "Chưa công nhận: 7 đơn vị (danh sách ở Phụ lục)." in text
    assert said(made([1, 1], [1, 0]), missing) == ""


def test_a_district_has_its_own(season: Any, unit: Any) -> None:
    found = facts(season, unit, key="ham-thuan-bac")
    assert not found.whole and found.units == []
    text = said(found)
    assert text.startswith(
        f"Tính đến ngày 15/10/2023, Hàm Thuận Bắc có {found.numbers['dang-ky']} mô hình được đăng ký, trong đó"
    )
    assert "đơn vị" not in text
    idle = said(facts(season, unit, key="duc-linh"))
    assert "chưa công nhận mô hình nào; chưa đề nghị mô hình nào." in idle


@pytest.mark.parametrize("slug", KINDS)
def test_every_section_of_every_kind_fills_in(season: Any, unit: Any, slug: str) -> None:
    kind = kind_of(slug)
    assert kind
    for key in ("binh-thuan", "ham-thuan-bac"):
        found = facts(season, unit, slug, key)
        for section in kind.sections:
            text = section.words(found).format(**values_of(found)) if section.words else ""
            assert "{" not in text and "  " not in text, (slug, section.key, text)
        assert Facts.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert len(kinds()) == len(KINDS)


@pytest.mark.parametrize(
    "slug, day, since, until, label",
    [
        ("thang", date(2023, 2, 10), date(2023, 2, 1), date(2023, 2, 28), "tháng 2 năm 2023"),
        ("quy", date(2023, 11, 1), date(2023, 10, 1), date(2023, 12, 31), "quý IV năm 2023"),
        ("sau-thang", date(2023, 6, 30), date(2023, 1, 1), date(2023, 6, 30), "6 tháng đầu năm 2023"),
        ("sau-thang", date(2023, 7, 1), date(2023, 7, 1), date(2023, 12, 31), "6 tháng cuối năm 2023"),
        ("chin-thang", date(2023, 9, 30), date(2023, 1, 1), date(2023, 9, 30), "9 tháng năm 2023"),
        ("tong-hop-15-10", date(2023, 9, 1), date(2023, 1, 1), date(2023, 9, 1), "đến ngày 01/09/2023"),
        ("nam", date(2023, 9, 1), date(2023, 1, 1), date(2023, 12, 31), "năm 2023"),
    ],
)
def test_spans(season: Any, slug: str, day: date, since: date, until: date, label: str) -> None:
    kind = kind_of(slug)
    assert kind
    span = span_of(kind, season, day)
    assert (span.since, span.until, span.label) == (since, until, label)


NO_NUMBER = {"ngay", "nam", "nam_truoc", "ky", "noi", "tinh", "cap"}  # days, and names of what the report is of


def test_every_number_of_the_text_opens_something(season: Any, unit: Any) -> None:
    for kind in kinds():
        found = facts(season, unit, kind.slug, day=DAY)
        links = links_of(found)
        raw = "\n".join(section.words(found) for section in kind.sections if section.words)
        for name in set(re.findall(r"{(\w+)}", raw)) - NO_NUMBER - {"linh_vuc"}:  # each field's own stands in the text
            assert name in links or not re.search(r"\d", values_of(found)[name]), (kind.slug, name)


@pytest.mark.parametrize(
    "slug, now, day, title",
    [
        ("tong-hop-15-10", date(2023, 12, 31), DAY, "Tổng hợp 15/10/2023"),
        ("tong-hop-15-10", date(2023, 9, 1), date(2023, 9, 1), "Tổng hợp 01/09/2023"),
        ("thang", DAY, date(2023, 9, 30), "Báo cáo tháng 9 năm 2023"),
        ("chin-thang", DAY, date(2023, 9, 30), "Báo cáo 9 tháng năm 2023"),
        ("sau-thang", DAY, DAY, "Báo cáo 6 tháng cuối năm 2023, tính đến 15/10/2023"),  # June was before the season
        ("nam", date(2024, 3, 1), date(2023, 12, 31), "Báo cáo năm 2023"),
    ],
)
def test_a_reports_day_and_name_follow_its_kind(slug: str, now: date, day: date, title: str) -> None:
    kind = kind_of(slug)
    assert kind
    assert kind.own_day(2023, DAY, date(2023, 8, 1), now) == day and kind.titled(2023, DAY, day) == title


def test_the_days_that_the_clock_makes(season: Any) -> None:
    due = {kind.slug: kind.due(2023, season.cutoff_on) for kind in kinds()}
    assert {slug: len(days) for slug, days in due.items()} == {
        "thang": 12,
        "quy": 4,
        "sau-thang": 2,
        "chin-thang": 1,
        "tong-hop-15-10": 1,
        "nam": 1,
    }
    assert due["tong-hop-15-10"] == [DAY] and due["thang"][1] == date(2023, 2, 28)


@pytest.mark.parametrize("key", ["binh-thuan", "ham-thuan-bac"])
@pytest.mark.parametrize("day", [date(2023, 3, 31), DAY, date(2023, 12, 31)])
def test_every_figure_is_the_number_of_its_rows(season: Any, unit: Any, key: str, day: date) -> None:
    found, counted = facts(season, unit, key=key, day=day), counted_of(season, unit(key), day)
    for slug, figure in FIGURES.items():
        rows = figure.rows(rows_of(season), day)
        rows = rows if key == "binh-thuan" else rows.filter(unit=unit(key))
        assert set(counted.of(slug)) == set(rows.values_list("pk", flat=True)), slug
        assert counted.number(slug) == found.numbers[slug] == len(counted.of(slug)), slug
    for line in found.units:
        for slug, number in line.numbers.items():
            assert len(counted.of(slug, (unit(line.key).pk,))) == number, (line.key, slug)
    assert Counted.unpacked(counted.packed()) == counted


def test_what_came_and_went_between_two_counts(season: Any, unit: Any) -> None:
    early, late = counted_of(season, unit("binh-thuan"), date(2023, 3, 31)), counted_of(season, unit("binh-thuan"), DAY)
    (slug, came, went), *_ = early.differs(late, ["dang-ky"])
    assert slug == "dang-ky" and len(came) - len(went) == 746 - 681 and len(went) > 0
    assert late.differs(late, FIGURES) == []


def test_what_arrived_in_a_month(season: Any, unit: Any) -> None:
    september = facts(season, unit, "thang", day=date(2023, 9, 30))
    rows = rows_of(season).filter(registered_on__gte=date(2023, 9, 1), registered_on__lte=date(2023, 9, 30))
    assert september.arrived["dang-ky"] == rows.filter(withdrawn_on__isnull=True).count()
    assert (september.since, september.label) == ("2023-09-01", "tháng 9 năm 2023")


def test_without_a_season_before_there_is_nothing_to_compare(season: Any, unit: Any) -> None:
    found = facts(season, unit)
    assert found.before is None
    section = next(one for one in kind_of("tong-hop-15-10").sections if one.key == "so-sanh")  # type: ignore[union-attr]
    assert section.words and "Chưa có số liệu năm 2022" in section.words(found).format(**values_of(found))


def test_beside_the_season_before_with_another_cutoff(season: Any, unit: Any, new_season: Any) -> None:
    """2024 beside 2023: the same day, and a word that the cut-off days differ (30/11 and 15/10)."""
    found = facts(new_season, unit, day=date(2024, 10, 15))
    assert found.before is not None
    assert (found.before.season, found.before.as_of, found.before.other_cutoff) == (2023, "2023-10-15", "2023-10-15")
    assert found.before.numbers["dang-ky"] == 746


def test_who_gathers(season: Any, unit: Any) -> None:
    then, now = gatherer_on(DAY), gatherer_on(date(2025, 8, 1))
    assert then and then.unit == unit("binh-thuan")
    assert now and now.unit == unit("lam-dong")


def test_the_facts_take_a_fixed_number_of_queries(season: Any, unit: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(45):
        facts(season, unit, "nam")


def test_places_that_took_a_model_on_count_where_their_unit_ended_since(unit: Any) -> None:
    """At the head that lives on, which stood above none of them, and at their heirs; not at another unit."""
    with on(2024, 4, 1):
        adopted()  # a commune of a district that ended on 30/6/2025
    heir = unit_tree().heir(unit(COMMUNES[0]).pk, date(2026, 1, 31))
    assert heir
    found = {
        key: _spread(unit(key), date(2026, 1, 1), date(2026, 1, 31), whole=key == "lam-dong").places
        for key in ("lam-dong", Unit.objects.get(pk=heir).key, "2025/phuong-phan-thiet")
    }
    assert list(found.values()) == [1, 1, 0]
