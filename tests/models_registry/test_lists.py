"""The board as a list: filters, order, columns, files and views that a person keeps."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from common.exceptions import DomainError
from models_registry.enums import Kind
from models_registry.models import Registration, SavedView, Season
from models_registry.models.saved import MOST_VIEWS
from models_registry.selectors import board as boards
from models_registry.selectors.board_counting import board_counts, count_found
from models_registry.services import save_view
from tests.online import person

pytestmark = [pytest.mark.both, pytest.mark.django_db]
CHECKER, PAGE = "hamthuanbac.chuyenvien", "/lam-viec/nam/2023/"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(person(CHECKER), backend="django.contrib.auth.backends.ModelBackend")
    return client


def board() -> boards.Board:
    found = boards.board_of(person(CHECKER), Season.objects.get(year=2023))
    assert found
    return found


def test_filters_find_and_count_alike() -> None:
    shown, rows = board(), boards.rows_of(board())
    for wanted, same in (
        (boards.BoardFilter(kind=Kind.NEW), rows.filter(kind=Kind.NEW)),
        (boards.BoardFilter(subject_kind="individual"), rows.filter(subject_kind="individual")),
        (
            boards.BoardFilter(since=date(2023, 3, 1), until=date(2023, 5, 1)),
            rows.filter(registered_on__range=("2023-03-01", "2023-05-01")),
        ),
    ):
        counts = board_counts(shown, wanted)
        count_found(shown, wanted, counts)
        assert set(boards.board_rows(shown, wanted)) == set(same) and counts.states.total() == same.count() > 0


@pytest.mark.parametrize("order", [f"{way}{name}" for name in boards.ORDERS for way in ("", "-")])
def test_every_order_keeps_every_row(order: str) -> None:
    shown = board()
    found = list(boards.board_rows(shown, boards.BoardFilter(order=order)).values_list("pk", flat=True))
    assert len(found) == len(set(found)) == boards.rows_of(shown).count()


def test_what_has_no_day_stands_last_either_way() -> None:
    Registration.objects.filter(pk=boards.rows_of(board())[0].pk).update(registered_on=None, state="draft")
    for order in ("ngay-dang-ky", "-ngay-dang-ky"):
        assert list(boards.board_rows(board(), boards.BoardFilter(order=order)))[-1].registered_on is None


def test_the_page_says_which_day_it_cannot_read_and_keeps_the_rest(officer: Client) -> None:
    html = officer.get(PAGE + "?tu=31/2/2023&loai=moi&xep=ten&tt=da-nhan").content.decode()
    assert "Ngày “31/2/2023” không có thật" in html and 'value="31/2/2023"' in html and 'aria-sort="ascending"' in html


def test_chosen_columns_are_those_of_the_page_and_of_the_file(officer: Client) -> None:
    asked = PAGE + "?tt=da-nhan&cot=danh-gia&cot=doi-tuong"
    html = officer.get(asked).content.decode()
    assert "cot=doi-tuong%2Cdanh-gia" in html and 'data-label="Lĩnh vực"' not in html
    sheet = openpyxl.load_workbook(BytesIO(b"".join(officer.get(asked + "&tai=xlsx").streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows(values_only=True))
    top = next(n for n, row in enumerate(rows) if row[0] == "Tên mô hình")
    assert [word for word in rows[top] if word] == [
        "Tên mô hình",
        "Tập thể, cá nhân thực hiện",
        "Loại hình",
        "Đánh giá",
        "Đánh giá đến ngày",
        "Lý do đánh giá",
        "Minh chứng",
    ]
    assert sheet.auto_filter.ref == f"A{top + 1}:G{len(rows) - 1}"  # the total stays below what is filtered
    assert str(sheet.cell(len(rows), 1).value).startswith('="Cộng: "&SUBTOTAL(103')


def test_a_view_is_kept_for_its_owner_alone(officer: Client, client: Any) -> None:
    officer.post(PAGE + "kieu-xem/", {"ten": "Mới của tôi", "ve": "loai=moi&xep=ten&la=1&tt=da-nhan"})
    view = SavedView.objects.get()
    assert view.asked == {"loai": "moi", "xep": "ten", "tt": "da-nhan"}
    assert "Mới của tôi" in officer.get(PAGE).content.decode()
    other = Client()
    other.force_login(person("hamthuanbac.lanhdao"), backend="django.contrib.auth.backends.ModelBackend")
    assert "Mới của tôi" not in other.get(PAGE).content.decode()
    other.post(PAGE + "kieu-xem/", {"bo": str(view.pk), "ve": ""})
    assert SavedView.objects.count() == 1
    officer.post(PAGE + "kieu-xem/", {"bo": str(view.pk), "ve": ""})
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_there_are_not_too_many() -> None:
    owner = person(CHECKER)
    with pytest.raises(DomainError, match="đặt tên"):
        save_view(owner=owner, name="  ", asked={})
    for number in range(MOST_VIEWS):
        save_view(owner=owner, name=f"Kiểu {number}", asked={})
    with pytest.raises(DomainError, match="bỏ bớt"):
        save_view(owner=owner, name="Thêm", asked={})
    save_view(owner=owner, name="Kiểu 1", asked={"loai": "moi"})
    assert SavedView.objects.get(owner=owner, name="Kiểu 1").asked == {"loai": "moi"}


def test_queries_stay_the_same_whatever_is_asked(officer: Client, django_assert_max_num_queries: Any, nothing_kept: None) -> None:
    officer.get(PAGE)
    for asked in ("", "?tt=da-nhan", "?tt=da-nhan&loai=moi&xep=-ngay-dang-ky&cot=danh-gia"):
        with django_assert_max_num_queries(30):
            officer.get(PAGE + asked)
