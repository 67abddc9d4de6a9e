"""What the province, its levels and the roles are called follows the day, and comes from data that an administrator edits."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import translation

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from organisation.models import AuditEvent, Level, Membership, Unit
from organisation.naming import LevelName, ProvinceRecord, RoleName, province_on, role_name, said_province
from organisation.selectors.names import lowest_level_on, own_level_on, role_of
from organisation.selectors.people import work_of
from organisation.selectors.units import unit_on
from organisation.services import give_role, load_units, save_name
from tests.online import person
from tests.pages import confirmed, entered
from tests.replicating import on

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/quan-tri/ten-goi/"
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)  # of Bình Thuận, of Lâm Đồng
TYPED = {"valid_from": "01/07/2031", "name": "Sông Mây", "full_name": "tỉnh Sông Mây", "committee": "Tỉnh ủy Sông Mây"}


def level(key: str) -> Level:
    return Level.objects.get(key=key)


def test_the_province_is_called_by_its_record_up_to_its_last_day_and_by_the_next_from_its_first() -> None:
    assert [province_on(day).committee for day in (date(1999, 1, 1), LAST, FIRST, date(2040, 1, 1))] == [
        "Tỉnh ủy Bình Thuận",
        "Tỉnh ủy Bình Thuận",
        "Tỉnh ủy Lâm Đồng",
        "Tỉnh ủy Lâm Đồng",
    ]
    assert [province_on(day).board for day in (LAST, FIRST)] == [
        "Ban Dân vận Tỉnh ủy Bình Thuận",
        "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng",
    ]


def test_a_record_speaks_english_where_it_has_english_words() -> None:
    with translation.override("en"):
        assert said_province(FIRST).committee == "Lâm Đồng Party Committee"
        ProvinceRecord.objects.filter(valid_from=FIRST).update(committee_en="")
        forget()
        assert said_province(FIRST).committee == "Tỉnh ủy Lâm Đồng"


def test_without_any_record_a_page_still_makes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisation.naming.Names.provinces", [])
    assert (said_province(FIRST).full_name, said_province(FIRST).committee) == ("tỉnh", "")
    assert Client().get("/").status_code == 200


def test_the_honour_of_a_level_is_called_by_the_day() -> None:
    assert [level("direct").names_on(day).honour_name for day in (LAST, FIRST)] == ["Cấp huyện", "Cấp trên cơ sở"]
    assert [own_level_on(day).honour for day in (LAST, FIRST)] == ["cấp huyện", "cấp cơ sở"]


def test_the_lowest_units_are_called_by_the_day() -> None:
    assert [lowest_level_on(day).said_counted for day in (LAST, FIRST)] == ["xã, phường, thị trấn", "xã, phường, đặc khu"]


@pytest.mark.parametrize(
    "key, called",
    [("ham-thuan-bac", "Chuyên viên huyện"), ("2025/xa-ham-thuan", "Chuyên viên đảng ủy")],
)
def test_a_role_is_called_by_the_days_of_its_unit(key: str, called: str) -> None:
    """The district's officer stays one of a district; the same role reads rightly in a commune of today."""
    unit = Unit.objects.get(key=key)
    member = person("duclinh.chuyenvien")
    Membership.objects.filter(user=member).update(ends_on=date(2023, 1, 2))
    with on(2026, 11, 26):
        membership = give_role(user=member, role="chuyen-vien-huyen", unit=unit, starts_on=date(2026, 1, 1), actor=None)
        assert role_of(membership, unit_on(unit, date(2026, 11, 26))) == called
        assert work_of(person("duclinh.chuyenvien")) == (unit_on(unit, date(2026, 11, 26)).name, called)
        assert str(membership) == f"{called}, {key}"


def test_roles_are_given_by_the_names_of_today() -> None:
    with on(2026, 11, 26):
        page = confirmed(entered("quantri")).get("/lam-viec/quan-tri/organisation/user/add/").content.decode()
    assert "Chuyên viên đảng ủy</option>" in page and "Chuyên viên huyện" not in page


def test_a_role_that_nobody_named_has_the_name_of_the_house() -> None:
    assert role_name("quan-tri", FIRST) == "Quản trị"


@pytest.mark.both
@pytest.mark.parametrize("since", [None, FIRST])
def test_no_two_names_begin_on_one_day(since: date | None) -> None:
    """Each is in force until the next begins: two of one day would be the only way to have two at once."""
    record = {"name": "A", "full_name": "tỉnh A", "committee": "Tỉnh ủy A", "board": "Ban A"}
    for make in (
        lambda: ProvinceRecord.objects.create(valid_from=since, **record),
        lambda: LevelName.objects.create(valid_from=since, level=level("commune"), name="A", honour_name="A"),
        lambda: RoleName.objects.create(valid_from=since, role="lanh-dao-huyen", name="A"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


@pytest.mark.both
@pytest.mark.parametrize("kind", [ProvinceRecord, LevelName, RoleName])
def test_a_name_of_past_days_is_never_deleted(kind: Any) -> None:
    with pytest.raises(DatabaseError, match="names of past days stay"), transaction.atomic():
        kind.objects.all()[0].delete()


@pytest.mark.both
def test_a_record_has_its_names() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvinceRecord.objects.create(valid_from=date(2031, 1, 1), name="A", full_name="tỉnh A", committee="", board="Ban A")


def test_an_administrator_writes_a_new_record_and_every_page_says_it(django_capture_on_commit_callbacks: Any) -> None:
    browser = entered("quantri")
    typed = TYPED | {"valid_from": "01/07/2026", "board": "Ban Dân vận Tỉnh ủy Sông Mây", "contact": "Số 1\n0252 000 000"}
    with django_capture_on_commit_callbacks(execute=True), on(2026, 11, 26):
        assert browser.post(f"{PAGE}tinh/moi/", typed).status_code == 302
    with on(2026, 11, 26):
        page = Client().get("/don-vi/").content.decode()
    assert "<small>Tỉnh ủy Sông Mây</small>" in page and "Ban Dân vận Tỉnh ủy Sông Mây." in page
    assert re.search(r"Số 1\s*<br>\s*0252 000 000", page) and re.search(r"Sông Mây\s*</title>", page)
    event = AuditEvent.objects.get(action="add-name")
    assert (event.actor, event.target_name, event.note) == (person("quantri"), "Tỉnh ủy Sông Mây", "dùng từ 01/07/2026")
    assert event.changes["name"] == ["", "Sông Mây"]


def test_the_unit_that_bears_the_committees_name_is_renamed_with_it() -> None:
    """From the day on, once; a correction of the new name is one of the unit's too."""
    browser, head = entered("quantri"), Unit.objects.get(key="lam-dong")
    typed = TYPED | {"valid_from": "01/07/2026", "board": "Ban Dân vận Tỉnh ủy Sông Mây"}
    told = browser.post(f"{PAGE}tinh/moi/", typed, follow=True).content.decode()
    assert "Đơn vị mang tên cũ cũng là Tỉnh ủy Sông Mây từ ngày ấy." in told
    names = [unit_on(head, day).name for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert names == ["Tỉnh ủy Lâm Đồng", "Tỉnh ủy Sông Mây"] and unit_on(head, date(2026, 7, 1)).place == "Tỉnh Sông Mây"
    record = ProvinceRecord.objects.get(valid_from=date(2026, 7, 1))
    browser.post(f"{PAGE}tinh/{record.pk}/", typed | {"committee": "Tỉnh ủy Sông May"})
    assert unit_on(head, date(2026, 7, 1)).name == "Tỉnh ủy Sông May" and head.versions.filter(name__contains="Sông").count() == 1
    changed = AuditEvent.objects.filter(action="name-unit").order_by("pk").values_list("changes__name", flat=True)
    assert list(changed) == [["Tỉnh ủy Lâm Đồng", "Tỉnh ủy Sông Mây"], ["Tỉnh ủy Sông Mây", "Tỉnh ủy Sông May"]]


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 9, 1)])
@pytest.mark.parametrize("committee", ["Tỉnh ủy Sông Mây", "Tỉnh ủy Sông May"])
def test_the_unit_bears_the_name_from_the_day_that_is_right(day: date, committee: str) -> None:
    """Where the day of the record is corrected afterwards, alone or with the name."""
    browser, head = entered("quantri"), Unit.objects.get(key="lam-dong")
    typed = TYPED | {"valid_from": "01/07/2026", "board": "Ban Dân vận Tỉnh ủy Sông Mây"}
    browser.post(f"{PAGE}tinh/moi/", typed)
    record = ProvinceRecord.objects.get(valid_from=date(2026, 7, 1))
    told = browser.post(
        f"{PAGE}tinh/{record.pk}/", typed | {"valid_from": f"{day:%d/%m/%Y}", "committee": committee}, follow=True
    )
    assert f"Đơn vị mang tên cũ cũng là {committee} từ ngày ấy." in told.content.decode()
    days = (date(2026, 4, 30), day - timedelta(days=1), day, date(2026, 10, 1))
    assert [unit_on(head, one).name for one in days] == [*["Tỉnh ủy Lâm Đồng"] * 2, *[committee] * 2]
    assert head.versions.count() == 2
    event = AuditEvent.objects.filter(action="name-unit").latest("pk")
    assert (event.note, event.changes["valid_from"]) == (f"dùng từ {day:%d/%m/%Y}", ["2026-07-01", str(day)])


def test_a_corrected_day_moves_no_change_of_the_unit_that_was_none_of_its_name() -> None:
    """The unit bore the name before, and changed its place alone on the record's day."""
    browser, head = entered("quantri"), Unit.objects.get(key="lam-dong")
    typed = TYPED | {"valid_from": "01/07/2026", "board": "Ban Dân vận Tỉnh ủy Lâm Đồng", "committee": "Tỉnh ủy Lâm Đồng"}
    was = head.versions.get(valid_to=None)
    head.versions.filter(pk=was.pk).update(valid_to=date(2026, 7, 1))
    was.pk, was.valid_from, was.place, was._state.adding = None, date(2026, 7, 1), "Tỉnh Sông Mây", True
    was.save()
    browser.post(f"{PAGE}tinh/moi/", typed)
    record = ProvinceRecord.objects.get(valid_from=date(2026, 7, 1))
    browser.post(f"{PAGE}tinh/{record.pk}/", typed | {"valid_from": "01/05/2026"})
    assert ProvinceRecord.objects.get(pk=record.pk).valid_from == date(2026, 5, 1)
    assert [one.valid_from for one in head.versions.order_by("valid_from")] == [FIRST, date(2026, 7, 1)]


def test_a_day_before_the_unit_had_its_former_name_moves_nothing() -> None:
    browser, head = entered("quantri"), Unit.objects.get(key="lam-dong")
    typed = TYPED | {"valid_from": "01/07/2026", "board": "Ban Dân vận Tỉnh ủy Sông Mây"}
    browser.post(f"{PAGE}tinh/moi/", typed)
    record = ProvinceRecord.objects.get(valid_from=date(2026, 7, 1))
    browser.post(f"{PAGE}tinh/{record.pk}/", typed | {"valid_from": "01/06/2025"})
    assert [(one.name, one.valid_from) for one in head.versions.order_by("valid_from")] == [
        ("Tỉnh ủy Lâm Đồng", FIRST),
        ("Tỉnh ủy Sông Mây", date(2026, 7, 1)),
    ]


def test_earlier_records_stay_on_the_page_and_the_one_in_force_is_marked() -> None:
    with on(2026, 11, 26):
        page = " ".join(entered("quantri").get(PAGE).content.decode().split())
    first, second = page.index("Tỉnh ủy Lâm Đồng</a>"), page.index("Tỉnh ủy Bình Thuận</a>")
    assert "Đang dùng" in page[first:second] and "Đang dùng" not in page[second : page.index("Cấp: Trung ương")]
    assert f"{PAGE}tinh/moi/?theo=" in page


def test_a_level_that_no_unit_has_any_more_is_not_in_use() -> None:
    with on(2026, 11, 26):
        page = " ".join(entered("quantri").get(PAGE).content.decode().split())
    level_of_2023 = page[page.index("Cấp: Huyện ủy, thị ủy, thành ủy") : page.index("Cấp: Đảng ủy xã, phường, đặc khu")]
    assert "Nay không có đơn vị nào ở cấp này." in level_of_2023 and "Đang dùng" not in level_of_2023


def test_a_correction_keeps_what_stood_there_in_the_trail() -> None:
    record = ProvinceRecord.objects.get(valid_from=None)
    browser = entered("quantri")
    kept = {field.name: getattr(record, field.name) or "" for field in ProvinceRecord._meta.fields}
    assert browser.post(f"{PAGE}tinh/{record.pk}/", kept | {"contact": "Số 2"}).status_code == 302
    event = AuditEvent.objects.get(action="correct-name")
    assert (event.changes, event.note) == ({"contact": ["", "Số 2"]}, "dùng từ đầu")


@pytest.mark.parametrize(
    "typed, field, told",
    [
        (TYPED, "board", "Chưa ghi."),
        (TYPED | {"board": "Ban A", "valid_from": "40/13/2026"}, "valid_from", "Nhập một ngày hợp lệ"),
        (TYPED | {"board": "Ban A", "valid_from": "01/07/2025"}, "valid_from", "Đã có bản dùng từ ngày này"),
    ],
)
def test_what_is_wrong_is_told_where_it_is_and_nothing_typed_is_lost(typed: dict[str, str], field: str, told: str) -> None:
    answer = entered("quantri").post(f"{PAGE}tinh/moi/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and f'href="#id_{field}"' in page
    assert 'value="Tỉnh ủy Sông Mây"' in page and not ProvinceRecord.objects.filter(name="Sông Mây").exists()


def test_a_new_record_begins_with_the_words_of_the_one_before_without_its_day() -> None:
    record = ProvinceRecord.objects.get(valid_from=FIRST)
    page = entered("quantri").get(f"{PAGE}tinh/moi/?theo={record.pk}").content.decode()
    assert 'value="Tỉnh ủy Lâm Đồng"' in page and 'value="01/07/2025"' not in page
    assert entered("quantri").get(f"{PAGE}tinh/moi/?theo=x").status_code == 200


def test_a_role_without_a_name_of_its_own_leads_to_a_form_with_the_role_chosen() -> None:
    page = entered("quantri").get(PAGE).content.decode()
    assert f"{PAGE}vai-tro/moi/?role=quan-tri" in page and "Vai trò: Quản trị" in page
    form = entered("quantri").get(f"{PAGE}vai-tro/moi/?role=quan-tri").content.decode()
    assert '<option value="quan-tri" selected>' in form


def test_a_new_name_of_a_level_begins_with_the_level_chosen() -> None:
    name = LevelName.objects.get(level__key="commune", valid_from=FIRST)
    form = entered("quantri").get(f"{PAGE}cap/moi/?theo={name.pk}").content.decode()
    assert f'<option value="{name.level_id}" selected>' in form


def test_of_two_administrators_at_once_the_second_is_told() -> None:
    """Both forms were valid when they were sent."""
    second = ProvinceRecord(valid_from=FIRST, name="A", full_name="tỉnh A", committee="Tỉnh ủy A", board="Ban A")
    with pytest.raises(DomainError, match="Đã có bản dùng từ ngày này"):
        save_name(row=second, actor=person("quantri"))
    assert not AuditEvent.objects.filter(action="add-name").exists()


def test_a_level_that_an_administrator_adds_must_be_named() -> None:
    typed = {"key": "lang", "rank": "0", "honour_slug": "lang"}
    formset = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "names-0-name": "", "names-0-honour_name": ""}
    page = entered("quantri").post("/lam-viec/quan-tri/organisation/level/add/", typed | formset)
    assert (page.status_code, Level.objects.filter(key="lang").exists()) == (200, False)
    named = typed | formset | {"names-0-name": "Làng", "names-0-honour_name": "Cấp làng"}
    assert entered("quantri").post("/lam-viec/quan-tri/organisation/level/add/", named).status_code == 302
    assert str(level("lang")) == "Làng"


@pytest.mark.parametrize("who", ["tinh.lanhdao", "hamhiep.canbo"])
def test_only_administrators_write_names(who: str) -> None:
    assert entered(who).get(PAGE).status_code == 404
    with pytest.raises(NotAllowed):
        save_name(row=ProvinceRecord(valid_from=date(2031, 1, 1), name="A"), actor=person(who))


def test_the_administrators_page_leads_to_the_names() -> None:
    assert f'href="{PAGE}"' in entered("quantri").get("/lam-viec/quan-tri/").content.decode()


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


UNITS = "key,name,kind,parent,valid_from,valid_to\nso,Sở,commune,,,\n"
NONE = "predecessor,successor,effective_on,kind\n"


def test_a_list_of_units_brings_its_names_and_again_changes_nothing(tmp_path: Path) -> None:
    names = "level,valid_from,name,honour_name\ncommune,2031-01-01,Chi bộ,Cấp chi bộ\n"
    folder = written(tmp_path, units=UNITS, unit_successions=NONE, level_names=names)
    files = {"units": folder / "units.csv", "successions": folder / "unit_successions.csv"}
    load_units(**files)
    forget()
    assert level("commune").names_on(date(2031, 1, 1)).honour == "cấp chi bộ"
    assert load_units(**files)["changed"] == 0


def test_a_name_that_an_administrator_wrote_stays_when_the_list_is_loaded_again(tmp_path: Path) -> None:
    folder = written(tmp_path, units=UNITS, unit_successions=NONE, role_names="role,valid_from,name\nlanh-dao-huyen,,Khác\n")
    load_units(units=folder / "units.csv", successions=folder / "unit_successions.csv")
    assert RoleName.objects.get(role="lanh-dao-huyen", valid_from=None).name == "Lãnh đạo huyện"


@pytest.mark.parametrize(
    "files, told",
    [
        ({"level_names": "level,valid_from,name,honour_name\nlang,,A,B\n"}, "level_names.csv, dòng 2: không có cấp “lang”."),
        ({"role_names": "role,valid_from,name\nvua,,A\n"}, "role_names.csv, dòng 2: không có vai trò “vua”."),
        (
            {"role_names": "role,valid_from,name\nquan-tri,hôm qua,A\n"},
            "role_names.csv, dòng 2: ngày “hôm qua” không có thật; viết ngày/tháng/năm.",
        ),
    ],
)
def test_a_wrong_list_of_names_is_refused_with_its_line(tmp_path: Path, files: dict[str, str], told: str) -> None:
    folder = written(tmp_path, units=UNITS, unit_successions=NONE, **files)
    with pytest.raises(DomainError, match=told):
        load_units(units=folder / "units.csv", successions=folder / "unit_successions.csv")
