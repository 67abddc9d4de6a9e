"""As of which day figures are told: of one that has not come never."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from common.remember import forget
from models_registry.models import Season
from reports.selectors import tally
from tests.pages import plain

pytestmark = [pytest.mark.django_db]
TODAY = date(2023, 9, 1)


@pytest.fixture(autouse=True)
def first_of_september(db: None) -> Iterator[None]:
    """Six weeks before the cut-off day of 2023."""
    with time_machine.travel("2023-09-01T03:00:00Z", tick=False):
        forget()
        yield
    forget()


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return plain(answer.content.decode())


def test_where_no_day_is_named_they_are_todays(client: Client, season: Season) -> None:
    page = words(client, "/so-lieu/?nam=2023")
    number = tally(season, TODAY).registered
    assert "Đến ngày 01/09/2023, toàn tỉnh có" in page and f"{number} mô hình" in page and "15/10/2023" not in page
    assert "chưa tới" not in page


@pytest.mark.parametrize("asked, said", [("2030-01-01", "01/01/2030"), ("2023-12-31", "31/12/2023")])
def test_a_day_to_come_is_answered_as_of_today_and_told(client: Client, asked: str, said: str) -> None:
    told = f"Ngày {said} chưa tới: số liệu tính đến hôm nay, 01/09/2023."
    assert told in words(client, f"/so-lieu/?nam=2023&ngay={asked}")
    for figure in ("dang-ky", "cap-tinh"):
        page = words(client, f"/so-lieu/danh-sach/?nam=2023&so={figure}&ngay={asked}")
        assert told in page and ", tính đến 01/09/2023." in page
    client.cookies["ngon-ngu"] = "en"
    english = words(client, f"/so-lieu/?nam=2023&ngay={asked}")
    assert "has not come yet: these are the figures as of today, 1 September 2023." in english


def test_days_that_are_offered_have_come(client: Client) -> None:
    page = client.get("/so-lieu/?nam=2023").content.decode()
    offered = page.partition('id="ngay-goi"')[2].partition("</ul>")[0]
    assert [day for day in ("31/03", "30/06", "01/09", "15/10", "31/12") if f"{day}/2023" in offered] == [
        "31/03",
        "30/06",
        "01/09",
    ]


def test_the_api_open_data_and_the_command_say_the_same(client: Client, season: Season) -> None:
    number = tally(season, TODAY).registered
    for asked in ("", "&ngay=2030-01-01"):
        told = client.get(f"/api/v1/so-lieu/?nam=2023{asked}").json()
        assert (told["as_of"], told["registered"]["total"]) == ("2023-09-01", number)
    file = b"".join(client.get("/du-lieu-mo/2023/so-lieu.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = csv.DictReader(io.StringIO(file.removeprefix("\ufeff")))
    assert sum(int(row["dang_ky"]) for row in rows) == number
    out = io.StringIO()
    call_command("tally", "--season", "2023", "--as-of", "2023-12-31", "--json", stdout=out)
    assert json.loads(out.getvalue())["as_of"] == "2023-09-01"
    out = io.StringIO()
    call_command("tally", "--season", "2023", "--as-of", "2023-12-31", stdout=out)
    assert out.getvalue().startswith(
        "Ngày 31/12/2023 chưa tới: số liệu tính đến hôm nay, 01/09/2023. Năm 2023, tính đến 01/09/2023:"
    )
