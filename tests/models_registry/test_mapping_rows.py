"""Rows far down a sheet can be looked at and chosen as its heading, of a register and of a list."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from models_registry.models import SentList
from tests import registers as made
from tests.clicking import workbook
from tests.models_registry.test_mapping_page import CHOSEN, LINES, PLAIN, officer, say, send, work
from tests.models_registry.test_sent_lists import send as send_list
from tests.pages import entered

assert officer
FAR = [[f"Dòng {n}"] for n in range(1, 120)]


def test_a_row_beyond_the_eightieth_is_shown_and_chosen_as_heading(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [*FAR, PLAIN, *LINES]))
    shown = say(officer, upload, "xem", tu="70").context["page"]
    assert [row.number for row in shown.rows] == list(range(70, 90)) and shown.after == 90
    further = say(officer, upload, "xem", tu="110").context["page"]
    assert [row.number for row in further.rows] == [*range(110, 121), *range(121, 121 + len(LINES))] and not further.after
    say(officer, upload, **CHOSEN | {"tieu-de": "120", "dien-kind": "new", "dien-field": "Kinh tế"})
    work()
    upload.refresh_from_db()
    assert (upload.state, upload.report["rows"]) == ("read", len(LINES))


@pytest.mark.parametrize("start", ["", "105"])
def test_a_heading_of_a_list_beyond_the_eightieth_row_is_chosen(db: None, start: str) -> None:
    client = entered("quantri")
    send_list(client, workbook([*FAR, ["Nơi", "Loại"], ["Đảng ủy xã Một", "commune"]]))
    columns = reverse("units:columns", args=[SentList.objects.get().pk])
    told = {"tieu-de": "120", "trang-cu": "Sheet", "cot-A": "name", "cot-B": "kind", "tu": start}
    answer = client.post(columns, told | {"viec": "xem"}).context["page"]
    assert (answer.heading_row, [row.texts for row in answer.rows_read]) == (120, [{"name": "Đảng ủy xã Một", "kind": "commune"}])
