"""Lists of units stored: all at once, once, as they were looked at; and through the pages with a file."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from common.exceptions import DomainError, NotAllowed
from organisation.lists.reading import COLUMNS, Line, read_list
from organisation.models import AuditEvent, Unit, UnitSuccession, UnitVersion
from organisation.selectors import unit_on
from organisation.services import digest_of, plan_list, store_list
from tests.clicking import workbook
from tests.online import person
from tests.pages import entered

pytestmark = pytest.mark.both

HEADING = ["Tên đơn vị", "Cấp", "Cấp trên", "Từ ngày", "Đến trước ngày", "Đơn vị kế tục", "Mã đơn vị"]
OLD = ["Đảng ủy xã Cũ", "commune", "Huyện ủy Hàm Thuận Bắc", "", "01/07/2024", "Đảng ủy xã Mới"]
NEW = ["Đảng ủy xã Mới", "commune", "Huyện ủy Hàm Thuận Bắc", "01/07/2024", "01/07/2025"]
BAD = ["Đảng ủy xã Lạ", "commune", "Huyện ủy Không Có"]


def lines(*rows: list[str]) -> list[Line]:
    found = read_list(enumerate([HEADING, *rows], start=1))
    assert found is not None
    return found.lines


def store(*rows: list[str], by: str = "quantri") -> None:
    listed = lines(*rows)
    store_list(lines=listed, shown=digest_of(plan_list(listed)), actor=person(by))


def test_what_is_right_is_stored_and_the_rest_left(db: None) -> None:
    before = Unit.objects.count()
    store(OLD, NEW, BAD)
    assert Unit.objects.count() == before + 2
    old = Unit.objects.get(key="ham-thuan-bac/dang-uy-xa-cu")
    (succession,) = UnitSuccession.objects.filter(predecessor=old)
    assert (succession.successor.key, succession.effective_on) == ("ham-thuan-bac/dang-uy-xa-moi", date(2024, 7, 1))
    assert unit_on(succession.successor, date(2025, 1, 1)).parent == Unit.objects.get(key="ham-thuan-bac")
    event = AuditEvent.objects.filter(action="load-units").first()
    assert event and event.actor == person("quantri") and len(event.changes) == 2


def test_the_same_list_again_changes_nothing(db: None) -> None:
    store(OLD, NEW)
    events, versions = AuditEvent.objects.count(), UnitVersion.objects.count()
    assert {one.does for one in plan_list(lines(OLD, NEW))} == {"same"}
    store(OLD, NEW)
    assert (AuditEvent.objects.count(), UnitVersion.objects.count()) == (events, versions)


def test_the_list_as_the_portal_hands_it_out_changes_nothing(db: None) -> None:
    file = b"".join(entered("quantri").get(reverse("units:list")))  # type: ignore[arg-type]
    rows = load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)
    found = read_list((number, ["" if cell is None else cell for cell in row]) for number, row in enumerate(rows, start=1))
    assert found is not None and len(found.lines) == UnitVersion.objects.count() and not found.unused
    assert [(one.line.number, one.words) for one in plan_list(found.lines) if one.does != "same"] == []


def test_an_end_and_a_new_name_are_stored_over_what_is_there(db: None) -> None:
    key, parent = "phan-thiet/phuong-mui-ne", "Thành ủy Phan Thiết"
    store(
        ["Đảng ủy phường Mũi Né", "commune", parent, "", "01/01/2024", "", key],
        ["Đảng ủy phường Mũi Né Mới", "commune", parent, "01/01/2024", "01/07/2025", "", key],
    )
    unit = Unit.objects.get(key=key)
    assert [unit_on(unit, date(year, 6, 1)).name for year in (2023, 2024)] == [
        "Đảng ủy phường Mũi Né",
        "Đảng ủy phường Mũi Né Mới",
    ]


def test_what_is_known_of_a_succession_stays(db: None) -> None:
    key, heir = "phan-thiet/phuong-duc-nghia", "phan-thiet/phuong-lac-dao"
    UnitSuccession.objects.filter(predecessor__key=key).update(kind=UnitSuccession.Kind.RENAME)
    store(["Đảng ủy phường Đức Nghĩa cũ", "commune", "phan-thiet", "", "01/12/2024", heir, key])
    assert Unit.objects.get(key=key).versions.get().name == "Đảng ủy phường Đức Nghĩa cũ"
    (succession,) = UnitSuccession.objects.filter(predecessor__key=key)
    assert (succession.successor.key, succession.kind) == (heir, "rename")


def test_what_would_do_something_else_than_was_looked_at_is_not_stored(db: None) -> None:
    listed = lines(NEW)
    shown = digest_of(plan_list(listed))
    store(NEW)
    with pytest.raises(DomainError, match="vừa có thay đổi"):
        store_list(lines=listed, shown=shown, actor=person("quantri"))


@pytest.mark.parametrize("name", ["tinh.chuyenvien", "hamhiep.canbo"])
def test_only_an_administrator_stores(db: None, name: str) -> None:
    with pytest.raises(NotAllowed):
        store(NEW, by=name)


def test_planning_asks_the_same_number_of_queries_however_long_the_list(db: None, django_assert_num_queries: Any) -> None:
    for rows in ([NEW], [OLD, NEW, BAD]):
        listed = lines(*rows)
        plan_list(listed)
        with django_assert_num_queries(6):
            plan_list(listed)


def send(client: Client, content: bytes, name: str = "don-vi.xlsx") -> Any:
    return client.post(reverse("units:upload"), {"file": SimpleUploadedFile(name, content)})


def csv(*rows: list[str]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


@pytest.mark.parametrize("name", ["don-vi.xlsx", "don-vi.csv"])
def test_a_file_is_shown_line_by_line_then_stored(db: None, name: str) -> None:
    client = entered("quantri")
    rows = [HEADING, [*NEW, "", ""], [*BAD, "", "", "", ""]]
    page = send(client, workbook(rows) if name.endswith("xlsx") else csv(*rows), name)
    said = page.content.decode()
    assert page.status_code == 200 and "Sẽ tạo" in said and "Không có đơn vị cấp trên “Huyện ủy Không Có”" in said
    assert not Unit.objects.filter(key__endswith="xa-moi").exists()
    given = {name: page.context[key] for name, key in (("du-lieu", "data"), ("ban-xem", "shown"), ("ten-tep", "name"))}
    answer = client.post(reverse("units:store"), given, follow=True)
    assert "Đã ghi 1 đơn vị. Còn 1 dòng chưa ghi được" in answer.content.decode()
    assert Unit.objects.filter(key="ham-thuan-bac/dang-uy-xa-moi").exists()
    again = client.post(reverse("units:store"), given)
    assert again.status_code == 422 and "vừa có thay đổi" in again.content.decode()


@pytest.mark.parametrize(
    "content, name, words",
    [
        (b"x", "don-vi.txt", "Tệp không phải bảng tính"),
        (b"", "don-vi.xlsx", "Tệp rỗng"),
        (b"PK\x03\x04", "don-vi.xlsx", "Tệp không phải bảng tính"),
        (workbook([["STT", "Họ và tên"], [1, "An"]]), "don-vi.xlsx", "Không thấy dòng tiêu đề"),
        (workbook([HEADING]), "don-vi.xlsx", "Không thấy dòng tiêu đề"),
    ],
    ids=["text", "empty", "broken", "another list", "no lines"],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(db: None, content: bytes, name: str, words: str) -> None:
    page = send(entered("quantri"), content, name)
    assert page.status_code == 422 and words in page.content.decode()


def test_a_long_list_is_looked_at_a_page_at_a_time(db: None) -> None:
    client = entered("quantri")
    rows = [HEADING] + [[f"Đảng ủy xã Số {n}", "commune", "Huyện ủy Hàm Thuận Bắc", "", "", "", ""] for n in range(160)]
    page = send(client, csv(*rows), "dai.csv")
    assert "Dòng 1 đến 150" in page.content.decode() and "Các dòng trước" not in page.content.decode()
    more = client.post(reverse("units:upload"), {"du-lieu": page.context["data"], "trang": "2"})
    assert "Dòng 151 đến 160" in more.content.decode()


def test_what_a_page_sends_along_must_be_a_list(db: None) -> None:
    answer = entered("quantri").post(reverse("units:store"), {"du-lieu": "x"}, follow=True)
    assert "Cổng chưa nhận đủ danh sách" in answer.content.decode()


def test_every_column_of_the_list_is_explained_on_its_page(db: None) -> None:
    said = entered("quantri").get(reverse("units:upload")).content.decode()
    assert [one.heading for one in COLUMNS if one.heading not in said] == []
