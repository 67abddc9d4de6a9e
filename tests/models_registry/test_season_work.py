"""The board, my work, carrying on from last year, reminders, outputs, themes, history."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.dates import write_day
from common.exceptions import NotAllowed
from models_registry.models import OutputMeasure, Registration, Season, SeasonExtension, Theme, ThemeTag
from models_registry.selectors.sheets import carriable
from models_registry.selectors.tasks import tasks_of
from models_registry.services import (
    MeasureTyped,
    NewSeason,
    OutputRefused,
    carry_on,
    open_season,
    record_output,
    remind,
    remove_output,
    tag_themes,
)
from notifications.models import Message
from organisation.models import AuditEvent, Unit, UnitSuccession
from organisation.services import give_role
from tests.online import HAM_HIEP, Action, Mark, accepted, begin, do, fill, person, sent, write
from tests.pages import plain

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"


def at(client: Client, name: str, address: str) -> str:
    client.force_login(person(name))
    response = client.get(address)
    assert response.status_code == 200, (name, address, response.status_code)
    return str(response.content.decode())


def tabs(html: str) -> dict[str, int]:
    found = re.findall(r'<a\s+class="chip[^>]*>\s*(?:<svg.*?</svg>)?([^<]+?)\s+<span class="num">([\d.]+)', html)
    return {label.strip(): int(number.replace(".", "")) for label, number in found}


# --- the board


def test_the_boards_counts_tabs_and_cover(client: Client) -> None:
    sent()
    do(sent(title="Tổ tự quản an ninh thôn Xuân Điền"), Action.RETURN, CHECKER, "Sửa")
    begin()
    html = at(client, CHECKER, "/lam-viec/nam/2023/")
    assert tabs(html) == {"Chưa xong": 2, "Chờ xét": 1, "Trả lại": 1, "Đã nhận": 96, "Nháp": 1, "Tất cả": 98}
    assert "17/17</span> xã, phường, thị trấn đã đăng ký" in " ".join(html.split())
    assert "Hàm Hiệp 9 1 chờ xét 1 trả lại" in plain(html)
    assert html.count('<td role="cell" class="card-title">') == 2
    html = at(client, CHECKER, "/lam-viec/nam/2023/?tt=tat-ca&q=tuyen+duong+hoa+thay+co&xa=ham-thuan-bac/xa-ham-hiep")
    assert html.count('<td role="cell" class="card-title">') == 1


def test_who_registered_and_who_did_not(client: Client) -> None:
    Registration.objects.filter(season__year=2023, place__key=HAM_HIEP).update(place=None)
    from models_registry.services import refresh_counts

    refresh_counts(season_ids=[Season.objects.get(year=2023).pk], unit_ids=[Unit.objects.get(key="ham-thuan-bac").pk])
    html = at(client, CHECKER, "/lam-viec/nam/2023/")
    assert "16/17</span> xã, phường, thị trấn đã đăng ký; chưa có: Hàm Hiệp" in " ".join(html.split())
    address, here = "/lam-viec/nam/2023/nhac/", f"dv-{Unit.objects.get(key=HAM_HIEP).pk}"
    asked = client.post(address)
    ((one, is_chosen),) = asked.context["on_portal"]
    assert (one.key, one.name, is_chosen, [user.username for user in one.people]) == (here, "Đảng ủy xã Hàm Hiệp", True, [WRITER])
    typed = {"ai": [here], "loi": "{nơi nhận} {việc}, hạn {hạn}"}
    nobody = client.post(address, typed | {"ai": [], "viec": "gui"})
    assert (nobody.status_code, nobody.context["errors"]) == (422, [(here, "Chưa chọn ai để nhắc.")])
    assert nobody.context["words"] == typed["loi"]
    seen = f"Đảng ủy xã Hàm Hiệp chưa có đăng ký trên cổng, hạn {write_day(one.until)}"
    assert seen in client.post(address, typed | {"viec": "xem"}).content.decode() and not Message.objects.exists()
    html = client.post(address, typed | {"viec": "gui"}).content.decode()
    assert "Đã nhắc 1 nơi lúc" in html and "Kính gửi các đồng chí phụ trách dân vận: Xã Hàm Hiệp." in html and seen in html
    told = Message.objects.get()
    assert (told.recipient.username, told.body) == (WRITER, seen)
    again = client.post(address)
    assert [is_chosen for _, is_chosen in again.context["lines"]] == [False] and "Hôm nay đã nhắc" in again.content.decode()
    client.post(address, typed | {"viec": "gui"})
    assert Message.objects.count() == 1


def test_who_no_message_reaches_stands_apart_and_the_queries_are_as_many(client: Client) -> None:
    client.force_login(person(CHECKER))
    address, counts = "/lam-viec/nam/2023/nhac/", []
    for kept in ("", HAM_HIEP):
        Registration.objects.filter(season__year=2023, place__key__startswith="ham-thuan-bac/").exclude(place__key=kept).update(
            place=None
        )
        from models_registry.services import refresh_counts

        refresh_counts(season_ids=[Season.objects.get(year=2023).pk], unit_ids=[Unit.objects.get(key="ham-thuan-bac").pk])
        client.post(address)
        with CaptureQueriesContext(connection) as seen:
            page = client.post(address)
        counts.append((len(page.context["lines"]), len(seen)))
    assert counts[0][0] == 17 and {number for _, number in counts} == {counts[0][1]}
    assert page.context["elsewhere"] and not any(one.people for one, _ in page.context["elsewhere"])
    keys = [one.key for one, _ in page.context["elsewhere"]][:2]
    sent = " ".join(client.post(address, {"ai": keys, "loi": "Kính gửi {nơi nhận}", "viec": "gui"}).content.decode().split())
    assert "2 nơi chưa có ai nhận tin trên cổng" in sent and not Message.objects.exists()


@pytest.mark.parametrize(
    "query", ["?tt=xyz&trang=abc&lv=x&xa=y", "?trang=-1", "?trang=999999999999", "?q=" + "a" * 5000, "?tre=1&tt=", "?q=%27%3B--"]
)
def test_rubbish_in_the_boards_address(client: Client, query: str) -> None:
    at(client, CHECKER, f"/lam-viec/nam/2023/{query}")


def test_waiting_too_long_is_late(client: Client) -> None:
    with time_machine.travel(datetime(2023, 9, 1, 3, tzinfo=UTC), tick=False):
        sent()
    with time_machine.travel(datetime(2023, 9, 8, 3, tzinfo=UTC), tick=False):
        assert "Quá hạn xét" not in at(client, CHECKER, "/lam-viec/nam/2023/")
    with time_machine.travel(datetime(2023, 9, 9, 3, tzinfo=UTC), tick=False):
        html = at(client, CHECKER, "/lam-viec/nam/2023/?tt=cho-xet&tre=1")
        assert tabs(html)["Quá hạn xét"] == 1 and "Chờ 8 ngày" in html


def test_the_commune_sees_its_own_rows_and_the_province_all(client: Client) -> None:
    html = at(client, WRITER, "/lam-viec/nam/2023/")
    assert "Năm 2023 của Hàm Hiệp" in html and tabs(html)["Đã nhận"] == 9
    assert client.get("/lam-viec/nam/2023/?don-vi=phan-thiet").status_code == 404
    html = at(client, "tinh.chuyenvien", "/lam-viec/nam/2023/")
    assert tabs(html)["Đã nhận"] == 755 and "14/14</span> đơn vị đã đăng ký" in " ".join(html.split())


def test_excel_and_word_hold_exactly_what_is_shown(client: Client) -> None:
    sent(title="=1+1 mô hình nguy hiểm của xã")
    client.force_login(person(CHECKER))
    for query, number in (("?tt=cho-xet", 1), (f"?tt=da-nhan&xa={HAM_HIEP}", 9)):
        book = openpyxl.load_workbook(BytesIO(b"".join(client.get(f"/lam-viec/nam/2023/{query}&tai=xlsx").streaming_content)))  # type: ignore[attr-defined]
        rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
        heading = next(i for i, row in enumerate(rows) if row[0] == "Tên mô hình")
        assert len(rows) - heading - 2 == number and str(rows[-1][0]).startswith('="Cộng: ')
        word = docx.Document(BytesIO(b"".join(client.get(f"/lam-viec/nam/2023/{query}&tai=docx").streaming_content)))  # type: ignore[attr-defined]
        head, table = word.tables
        assert "ĐẢNG CỘNG SẢN VIỆT NAM" in head.rows[0].cells[1].text and table.rows[-1].cells[-1].text.strip()
        assert len(table.rows) == number + 3  # its head, its numbers of columns, who signs
    assert [cell.text for cell in table.rows[1].cells][:12] == [
        "TT",
        "Tên mô hình",
        "Tập thể, cá nhân thực hiện",
        "Địa bàn",
        "Kinh tế",
        "VH-XH",
        "QP-AN",
        "XDHTCT",
        "Tập thể",
        "Cá nhân",
        "Mới",
        "Duy trì",
    ]
    first = [cell.text for cell in table.rows[2].cells]
    assert first[0] == "1" and first[3] == "Xã Hàm Hiệp"
    assert first[4:8].count("x") == first[8:10].count("x") == first[10:12].count("x") == 1
    assert client.get("/lam-viec/nam/2023/?tai=exe").status_code == 404


def test_many_at_once_by_the_page(client: Client) -> None:
    one, two = sent(), sent(title="Tổ tự quản an ninh thôn Xuân Điền")
    other = Registration.objects.filter(unit__key="phan-thiet")[0]
    client.force_login(person(CHECKER))
    do(two, Action.RETURN, LEADER, "Sửa")
    address, chosen = "/lam-viec/nam/2023/hang-loat/", [one.pk, two.pk, other.pk, "x", "9" * 40]
    assert client.get(address)["Location"] == "/lam-viec/nam/2023/"
    assert client.post(address, {"viec": "nhan", "chon": chosen})["Location"] == address
    html = client.get(address).content.decode()
    assert "Đã nhận 1 đăng ký, 1 chưa được" in client.get(address).content.decode()  # loaded again it says the same
    assert "Đã nhận 1 đăng ký, 1 chưa được" in html and "đang ở trạng thái “trả lại”" in html
    assert other.title not in html.replace(one.title, "")


def test_returning_many_asks_why_first(client: Client) -> None:
    ids = [sent().pk, sent(title="Tổ tự quản an ninh thôn Xuân Điền").pk]
    client.force_login(person(CHECKER))
    address = "/lam-viec/nam/2023/hang-loat/"
    html = client.post(address, {"viec": "tra-lai", "chon": ids}).content.decode()
    assert "Trả lại 2 đăng ký" in html and Registration.objects.filter(pk__in=ids, state="submitted").count() == 2
    assert client.post(address, {"viec": "tra-lai", "chon": ids, "xac-nhan": "1"}).status_code == 422
    client.post(address, {"viec": "tra-lai", "chon": ids, "xac-nhan": "1", "muc": "8", "loi-8": "Đếm cái gì?"})
    assert Registration.objects.filter(pk__in=ids, state="returned").count() == 2
    client.force_login(person(WRITER))
    assert client.post(address, {"viec": "nhan", "chon": ids}).status_code == 404


# --- my work


def titles(name: str, year: int = 2023) -> list[str]:
    mine = tasks_of(person(name), Season.objects.get(year=year))
    return [task.title for task in mine.tasks] if mine else []


def test_what_waits_for_the_commune_by_deadline() -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 12, 20, 3, tzinfo=UTC), tick=False):
        row = sent()
        fill(begin(), title="Nhà sạch vườn đẹp ở thôn Phú Nhang")
        do(row, Action.RETURN, CHECKER, marks=[Mark(8, None, "Đếm cái gì?")])
        mine = tasks_of(person(WRITER), Season.objects.get(year=2023))
        assert mine is not None
        found = [(task.title, task.due, task.button) for task in mine.tasks]
        assert found[:2] == [
            (f"Sửa theo ý kiến: “{row.title}”", date(2023, 12, 27), "Sửa tiếp"),
            ("Viết tiếp bản nháp: “Nhà sạch vườn đẹp ở thôn Phú Nhang”", date(2023, 12, 31), "Viết tiếp"),
        ]
        assert mine.tasks[0].why == "Trả lại ngày 20/12/2023. Mục 8: Đếm cái gì?"
        assert mine.late == 0
    with time_machine.travel(datetime(2024, 1, 3, 3, tzinfo=UTC), tick=False):
        mine = tasks_of(person(WRITER), Season.objects.get(year=2023))
        assert mine is not None and mine.late == 2


def test_what_waits_for_the_district() -> None:
    assert titles(CHECKER) == []
    sent()
    assert titles(CHECKER) == ["Xét 1 đăng ký đang chờ"]
    assert titles(LEADER) == ["Xét 1 đăng ký đang chờ"]
    assert titles("duclinh.chuyenvien") == []
    assert tasks_of(person("hoidong1"), Season.objects.get(year=2023)) is None


# --- carrying on


def test_last_years_models_are_carried_on_as_the_same_models(new_season: Any) -> None:
    offered = carriable(person(WRITER), new_season)
    rows = list(offered.rows)
    assert len(rows) == 9 and {row.place.key for row in rows if row.place} == {HAM_HIEP}
    made = carry_on(
        season_id=new_season.pk, registration_ids=[rows[0].pk, rows[1].pk], changed="Mở thêm 2 thôn", actor=person(WRITER)
    )
    assert [(one.model_id, one.kind, one.state, one.title) for one in made] == [
        (row.model_id, "maintained", "draft", row.title) for row in rows[:2]
    ]
    assert made[0].sheet.answers["changed"] == "Mở thêm 2 thôn"
    assert len(carriable(person(WRITER), new_season).rows) == 7
    assert carry_on(season_id=new_season.pk, registration_ids=[rows[0].pk], actor=person(WRITER)) == []
    assert carry_on(season_id=new_season.pk, registration_ids=[rows[3].pk], actor=person("duclinh.chuyenvien")) == []


def test_a_carried_model_keeps_its_origin_and_counts_once(new_season: Any) -> None:
    row = carriable(person(WRITER), new_season).rows[0]
    draft = carry_on(season_id=new_season.pk, registration_ids=[row.pk], changed="Giữ như năm trước", actor=person(WRITER))[0]
    fill(draft, title=row.title, kind="maintained", starts_on="01/10/2020")
    do(draft, Action.SUBMIT, WRITER)
    now = do(draft, Action.ACCEPT, CHECKER)
    row.refresh_from_db()
    assert (now.model_id, now.is_latest, row.is_latest) == (row.model_id, True, False)
    assert [str(one.season) for one in Registration.objects.filter(model=row.model).order_by("season__year")] == ["2023", "2024"]
    with pytest.raises(Exception, match="duy trì"):
        from models_registry.services import SheetIncomplete

        other = carry_on(
            season_id=new_season.pk, registration_ids=[carriable(person(WRITER), new_season).rows[0].pk], actor=person(WRITER)
        )[0]
        write(other, WRITER, kind="new")
        try:
            do(other, Action.SUBMIT, WRITER)
        except SheetIncomplete as refused:
            raise AssertionError(refused.errors["kind"]) from refused


def test_what_a_unit_that_ended_did_is_offered_to_its_heir() -> None:
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 10, 15)))
    heir = UnitSuccession.objects.filter(predecessor__key=HAM_HIEP).get().successor

    user = person("hoidong1")
    give_role(user=user, role="can-bo-co-so", unit=heir, starts_on=date(2025, 7, 1), actor=None)
    with time_machine.travel(datetime(2025, 8, 1, 3, tzinfo=UTC), tick=False):
        season = Season.objects.get(year=2025)
        offered = carriable(user, season)
        rows = list(offered.rows)
        assert any(row.place and row.place.key == HAM_HIEP for row in rows)
        one = next(row for row in rows if row.place and row.place.key == HAM_HIEP)
        made = carry_on(season_id=season.pk, registration_ids=[one.pk], actor=user)[0]
        assert (made.unit, made.place, made.model_id) == (heir, None, one.model_id)


# --- reminders


def test_reminders_at_14_7_and_1_days_to_those_who_have_not_done_it() -> None:
    SeasonExtension.objects.all().delete()
    Registration.objects.filter(season__year=2023, place__key=HAM_HIEP).update(place=None)

    def on(month: int, day: int) -> list[str]:
        with time_machine.travel(datetime(2023, month, day, 0, 30, tzinfo=UTC), tick=False):
            remind()
            remind()
        return list(Message.objects.filter(recipient__username=WRITER).order_by("pk").values_list("event_key", flat=True))

    key = "remind:2023:ham-thuan-bac/xa-ham-hiep:20231231:"
    assert on(12, 10) == []
    assert on(12, 17) == [key + "14"]
    assert on(12, 20) == [key + "14"]
    assert on(12, 25) == [key + "14", key + "7"]  # the 24th was missed: made up for on the 25th
    assert on(12, 30) == [key + "14", key + "7", key + "1"]
    assert len(on(12, 31)) == 3
    assert len(on(1, 2)) == 3


def test_who_has_sent_is_not_reminded_but_a_draft_is() -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 12, 24, 3, tzinfo=UTC), tick=False):
        remind()
        assert not Message.objects.filter(recipient__username=WRITER).exists()
        fill(begin())
        remind()
        assert "còn 1 đăng ký chưa gửi" in Message.objects.get(recipient__username=WRITER).subject


# --- measured outputs


def typed(**other: str) -> dict[str, str]:
    return {
        "what": "lò đốt rác",
        "counting_unit": "lò",
        "quantity": "136",
        "as_of": "15/10/2023",
        "source": "Khối Dân vận",
    } | other


def test_a_row_of_dated_values() -> None:
    row = accepted()
    for quantity, day in (("41", "30/06/2023"), ("1.500", "30/09/2023"), ("136,5", "15/10/2023")):
        record_output(registration_id=row.pk, typed=MeasureTyped(**typed(quantity=quantity, as_of=day)), actor=person(WRITER))
    series = OutputMeasure.objects.filter(model=row.model).order_by("as_of").values_list("as_of", "quantity")
    assert [(f"{day:%d/%m}", float(number)) for day, number in series] == [("30/06", 41), ("30/09", 1500), ("15/10", 136.5)]
    record_output(registration_id=row.pk, typed=MeasureTyped(**typed(quantity="137")), actor=person(WRITER))
    assert OutputMeasure.objects.filter(model=row.model).count() == 3
    event = AuditEvent.objects.filter(action="measure-output").first()
    assert event is not None and event.changes == {"quantity": ["136,5 lò", "137 lò"]}
    one = OutputMeasure.objects.filter(model=row.model).first()
    assert one is not None
    with pytest.raises(NotAllowed):
        remove_output(measure_id=one.pk, registration_id=row.pk, actor=person("duclinh.chuyenvien"))
    remove_output(measure_id=one.pk, registration_id=row.pk, actor=person(WRITER))
    assert OutputMeasure.objects.filter(model=row.model).count() == 2


@pytest.mark.parametrize(
    "name, text",
    [
        ("quantity", "-3"),
        ("quantity", "1.5"),
        ("quantity", "1,234"),
        ("quantity", "nhiều"),
        ("as_of", "31/02/2023"),
        ("as_of", "01/01/2999"),
        ("what", ""),
        ("counting_unit", "x" * 31),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_box(client: Client, name: str, text: str) -> None:
    row = accepted()
    with pytest.raises(OutputRefused) as refused:
        record_output(registration_id=row.pk, typed=MeasureTyped(**typed(**{name: text})), actor=person(WRITER))
    assert list(refused.value.errors) == [name]
    client.force_login(person(WRITER))
    response = client.post(f"/lam-viec/dang-ky/{row.pk}/ket-qua/", typed(**{name: text}))
    assert response.status_code == 422
    assert f'href="#id_{name}"' in response.content.decode()


def test_nothing_is_measured_before_it_is_accepted() -> None:
    from common.exceptions import DomainError

    with pytest.raises(DomainError, match="chưa được nhận"):
        record_output(registration_id=sent().pk, typed=MeasureTyped(**typed()), actor=person(WRITER))


# --- themes


def test_themes_are_tagged_and_counted(client: Client) -> None:
    from reports.selectors import tally

    row, season = accepted(), Season.objects.get(year=2023)
    first, second = Theme.objects.filter(period=season.period)[:2]
    Theme.objects.filter(pk=first.pk).update(label="Không hộ nghèo")
    notes = {first.pk: "Giúp 3 hộ", second.pk: "nhãn còn trống"}
    assert tag_themes(registration_id=row.pk, notes=notes, actor=person(WRITER)) == 1
    assert list(ThemeTag.objects.values_list("theme__label", "note")) == [("Không hộ nghèo", "Giúp 3 hộ")]
    assert tag_themes(registration_id=row.pk, notes={first.pk: "Giúp 3 hộ"}, actor=person(WRITER)) == 0
    day = date(2031, 1, 1)
    assert tally(season, day).themes == [(first.pk, "Không hộ nghèo", 1)]
    assert "themes" not in tally(season, day).as_dict()
    html = client.get("/so-lieu/?nam=2023&ngay=31/12/2023").content.decode()
    address = f"/so-lieu/danh-sach/?nam=2023&ngay=2023-12-31&so=dang-ky&chu-de={first.pk}"
    assert "Không hộ nghèo" in html and address.replace("&", "&amp;") in html
    page = " ".join(client.get(address).content.decode().split())
    assert "Đúng 1 đăng ký được đếm" in page and row.title in page
    assert client.get(address + "999").status_code == 404
    assert client.get("/so-lieu/danh-sach/?nam=2023&so=dang-ky&chu-de=abc").status_code == 404
    with pytest.raises(NotAllowed):
        tag_themes(registration_id=row.pk, notes={}, actor=person("duclinh.chuyenvien"))
    assert tag_themes(registration_id=row.pk, notes={}, actor=person(CHECKER)) == 1
    assert tally(season, day).themes == []
