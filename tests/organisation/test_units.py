"""Units by date: who reports on a day, names of their day, and lists that contradict themselves."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from organisation.models import Unit, UnitSuccession, UnitVersion
from organisation.selectors.units import children, reporting_units, unit_on, versions_on
from organisation.services import UnitsRefused, load_units
from organisation.tree import UnitTree
from tests.conftest import DEMO

pytestmark = pytest.mark.both

UNITS = "key,name,place,kind,parent,official_code,lat,lon,valid_from,valid_to\n"
FOLLOWS = "predecessor,successor,effective_on,kind\n"


def test_what_the_files_hold(db: None) -> None:
    assert (Unit.objects.count(), UnitSuccession.objects.count()) == (266, 128)


def test_loading_again_changes_nothing(db: None) -> None:
    assert load_units(units=DEMO / "units.csv", successions=DEMO / "unit_successions.csv")["changed"] == 0


@pytest.mark.parametrize(
    "day, number",
    [
        (date(2023, 10, 15), 14),
        (date(2025, 1, 31), 14),
        (date(2025, 2, 1), 13),
        (date(2025, 6, 30), 13),
        (date(2025, 7, 1), 124),
        (date(2026, 10, 15), 124),
    ],
)
def test_units_that_report_on_a_day_are_one_query(db: None, django_assert_num_queries: Any, day: date, number: int) -> None:
    with django_assert_num_queries(1):
        assert len(reporting_units(day)) == number


def test_a_unit_has_the_name_of_the_day_asked_for(db: None) -> None:
    unit = Unit.objects.get(key="tw")
    UnitVersion.objects.filter(unit=unit).update(valid_to=date(2020, 1, 1))
    UnitVersion.objects.create(
        unit=unit, name="Ban Dân vận Trung ương (mới)", level=unit.versions.get().level, valid_from=date(2020, 1, 1)
    )
    assert unit_on(unit, date(2019, 12, 31)).name == "Ban Dân vận Trung ương"
    assert unit_on(unit, date(2020, 1, 1)).name == "Ban Dân vận Trung ương (mới)"


def test_before_and_after_its_life_a_unit_is_what_it_first_and_last_was(db: None) -> None:
    unit = Unit.objects.get(key="lam-dong")
    assert unit_on(unit, date(2000, 1, 1)).name == "Tỉnh ủy Lâm Đồng"
    assert unit_on(Unit.objects.get(key="binh-thuan"), date(2030, 1, 1)).name == "Tỉnh ủy Bình Thuận"


def test_short_names(db: None) -> None:
    keys = ["phan-thiet", "ham-thuan-bac", "ham-thuan-bac/thi-tran-ma-lam", "khoi-co-quan-doanh-nghiep", "cong-an-tinh"]
    names = [unit_on(Unit.objects.get(key=key), date(2023, 1, 1)).short_name for key in keys]
    assert names == ["Phan Thiết", "Hàm Thuận Bắc", "TT Ma Lâm", "Khối CQ&DN", "Công an tỉnh"]


def test_subtree_on_a_day(db: None) -> None:
    district, province = Unit.objects.get(key="ham-thuan-bac"), Unit.objects.get(key="binh-thuan")
    assert len(UnitTree().below([district.pk], date(2023, 1, 1))) == 18
    assert len(children(district, date(2023, 1, 1))) == 17
    assert len(UnitTree().below([province.pk], date(2023, 1, 1))) == 1 + 14 + 124
    assert len(UnitTree().below([province.pk], date(2026, 1, 1))) == 1


def test_versions_of_many_units_are_one_query(db: None, django_assert_num_queries: Any) -> None:
    ids = list(Unit.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        assert len(versions_on(ids, date(2023, 1, 1))) == 266


def load(tmp_path: Path, units: str, follows: str = "") -> Any:
    (tmp_path / "u.csv").write_text(UNITS + units, encoding="utf-8")
    (tmp_path / "s.csv").write_text(FOLLOWS + follows, encoding="utf-8")
    return load_units(units=tmp_path / "u.csv", successions=tmp_path / "s.csv")


@pytest.mark.parametrize(
    "units, follows, words",
    [
        ("a,A,,commune,b,,,,,\nb,B,,commune,a,,,,,\n", "", "Cấp trên vòng tròn: a → b → a"),
        ("a,A,,commune,b,,,,,\nb,B,,commune,c,,,,,\nc,C,,commune,a,,,,,\n", "", "Cấp trên vòng tròn"),
        ("a,A,,commune,a,,,,,\n", "", "không thể là cấp trên của chính nó"),
        ("a,A,,commune,,,,,2020-01-01,2022-01-01\na,A2,,commune,,,,,2021-01-01,\n", "", "không được chồng lên nhau"),
        ("a,A,,commune,,,,,,\na,A2,,commune,,,,,2021-01-01,\n", "", "không được chồng lên nhau"),
        (
            "a,A,,commune,,,,,,2022-01-01\nb,B,,commune,,,,,2021-01-01,\n",
            "a,b,2021-06-01,merge\n",
            "trước khi “a” kết thúc (01/01/2022)",
        ),
        ("a,A,,commune,,,,,,\nb,B,,commune,,,,,2021-01-01,\n", "a,b,2021-06-01,merge\n", "chưa có ngày kết thúc"),
        (
            "a,A,,commune,,,,,,2021-01-01\nb,B,,commune,,,,,2022-01-01,\n",
            "a,b,2021-01-01,rename\n",
            "không tồn tại vào ngày 01/01/2021",
        ),
        ("a,A,,commune,,,,,,2021-01-01\n", "a,a,2021-01-01,merge\n", "không thể kế tục chính nó"),
        ("a,A,,commune,,,,,2022-01-01,2021-01-01\n", "", "kết thúc trước khi bắt đầu"),
        ("a,A,,galaxy,,,,,,\n", "", "không có cấp “galaxy”"),
        ("a,A,,commune,zz,,,,,\n", "", "không có đơn vị cấp trên “zz”"),
        ("a,,,commune,,,,,,\n", "", "chưa có tên"),
        ("a,A,,commune,,,,,31/2/2022,\n", "", "không có thật"),
        ("a,A,,commune,,,,,,\n", "a,zz,2021-01-01,merge\n", "không có đơn vị “zz”"),
        ("a,A,,commune,,,bac,,,\n", "", "không phải là số"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(db: None, tmp_path: Path, units: str, follows: str, words: str) -> None:
    before = Unit.objects.count()
    with pytest.raises(UnitsRefused) as refused:
        load(tmp_path, units, follows)
    assert words in str(refused.value)
    assert Unit.objects.count() == before


def test_a_rename_is_two_rows_of_one_key(db: None, tmp_path: Path) -> None:
    load(tmp_path, "a,Tên cũ,,commune,,,,,,2022-01-01\na,Tên mới,,commune,,,,,2022-01-01,\n")
    unit = Unit.objects.get(key="a")
    assert [unit_on(unit, date(year, 6, 1)).name for year in (2021, 2022)] == ["Tên cũ", "Tên mới"]


def test_the_form_refuses_the_same(db: None) -> None:
    version = UnitVersion.objects.get(unit__key="phan-thiet")
    twin = UnitVersion(unit=version.unit, name="x", level=version.level, valid_from=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="chồng lên nhau"):
        twin.full_clean()
