"""How to copy a model: who writes it, what fits one sheet, two who write at once; the PDF as another library reads it."""

import io
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from common.exceptions import NotAllowed
from organisation.models import AuditEvent
from replication.exports.how_to import print_sheet
from replication.models import HowTo
from replication.permissions import can_write_how_to
from replication.selectors.how_to import PARTS, sheet_of
from replication.services import StaleHowTo, save_how_to
from replication.validators import ReplicationRefused
from tests.online import person
from tests.replicating import COMMUNE, OTHER, PROVINCE, SLUG, STAFF, source

pytestmark = [pytest.mark.django_db]
PUBLIC, WORK = f"/mo-hinh/{SLUG}/cach-lam/", f"/lam-viec/nhan-rong/cach-lam/{SLUG}/"


def saved(by: str = COMMUNE, seen: int = 0, **texts: str) -> HowTo:
    return save_how_to(model_id=source().pk, texts={"steps": "Họp thôn: bàn chỗ xây"} | texts, seen=seen, actor=person(by))


def words_of(pdf: bytes) -> tuple[int, str]:
    """(pages, text with single spaces)"""
    reader = PdfReader(io.BytesIO(pdf))
    return len(reader.pages), " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_who_writes_it() -> None:
    allowed = {name for name in (COMMUNE, STAFF, PROVINCE, OTHER, "hamthuanbac.lanhdao", "hoidong1", "quantri")
               if can_write_how_to(person(name), source())}  # fmt: skip
    assert allowed == {COMMUNE, STAFF, PROVINCE, "hamthuanbac.lanhdao"}
    with pytest.raises(NotAllowed):
        saved(by=OTHER)


def test_saving_keeps_lines_and_says_who_changed_what() -> None:
    first = saved(cost="  Gạch cũ: không mất tiền \n\n Xi măng: 2 bao  ")
    assert (first.revision, first.cost) == (1, "Gạch cũ: không mất tiền\n\nXi măng: 2 bao")
    assert saved(seen=1, cost=first.cost).revision == 1  # nothing new
    again = saved(by=STAFF, seen=1, cost="Xi măng: 3 bao")
    assert again.revision == 2 and again.updated_by == person(STAFF)
    event = AuditEvent.objects.filter(action="save-how-to").latest("pk")
    assert event.changes == {"cost": ["Gạch cũ: không mất tiền\n\nXi măng: 2 bao", "Xi măng: 3 bao"]}


@pytest.mark.parametrize(
    "texts, field, words",
    [
        ({"steps": ""}, "steps", "chưa ghi"),
        ({"steps": "x" * 2201}, "steps", "2201 ký tự, nhiều nhất 2200"),
        ({"steps": "\n".join("x" * 13)}, "steps", "13 dòng, nhiều nhất 12"),
        ({"cost": "x" * 601}, "cost", "601 ký tự"),
        ({"papers": "\n".join("x" * 7)}, "papers", "7 dòng, nhiều nhất 6"),
    ],
)
def test_what_fits_one_sheet(texts: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as refused:
        saved(**texts)
    assert words in refused.value.errors[field]
    assert not HowTo.objects.exists()


def test_who_writes_over_another_is_told_and_loses_nothing(client: Client) -> None:
    client.force_login(person(COMMUNE))
    page = client.get(WORK)
    assert 'name="ban" value="0"' in page.content.decode()
    saved(by=STAFF, pitfalls="Đừng xây sát nhà")
    mine = {"ban": "0", "steps": "Đi xem trước", "cost": "Không mất tiền"}
    answer = client.post(WORK, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "vừa lưu bản khác" in text and "Đừng xây sát nhà" in text  # theirs beside
    assert "Đi xem trước" in text and "Không mất tiền" in text and 'name="ban" value="1"' in text
    assert HowTo.objects.get().pitfalls == "Đừng xây sát nhà"
    again = client.post(WORK, mine | {"ban": "1"})
    assert again.status_code == 302 and again["Location"] == PUBLIC
    assert HowTo.objects.get().steps == "Đi xem trước"
    with pytest.raises(StaleHowTo):
        saved(seen=1, steps="Khác nữa")


def test_a_refused_text_stays_in_its_field(client: Client) -> None:
    client.force_login(person(COMMUNE))
    answer = client.post(WORK, {"ban": "0", "steps": "", "cost": "y" * 700})
    text = answer.content.decode()
    assert answer.status_code == 422 and "y" * 700 in text
    assert "Các bước: chưa ghi" in text and "700 ký tự, nhiều nhất 600" in text


def test_before_it_is_written_the_page_tells_what_the_model_says(client: Client) -> None:
    text = client.get(PUBLIC).content.decode()
    assert "thôn Xuân Điền làm trước" in text and "Chưa ghi" in text
    saved(pitfalls="Khói: xây xa nhà ở")
    text = client.get(PUBLIC).content.decode()
    assert "Họp thôn." in text and "Bàn chỗ xây" in text and "Xây xa nhà ở" in text
    assert WORK not in text  # the public has no way to write
    client.force_login(person(COMMUNE))
    assert WORK in client.get(PUBLIC).content.decode()


def test_the_sheet_is_one_page_with_all_its_words(client: Client) -> None:
    saved(pitfalls="Khói: xây xa nhà ở", papers="Biên bản họp thôn")
    answer = client.get(f"/mo-hinh/{SLUG}/cach-lam.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages, text = words_of(answer.content)
    assert pages == 1
    for words in ("Vận động nhân dân xây dựng lò đốt rác", "Bàn chỗ xây", "Xây xa nhà ở", "Biên bản họp thôn", "Cần những ai",
                  "Chưa ghi; xin hỏi đơn vị.", "Bắt đầu: 10/2020", "In ngày 01/04/2024", PUBLIC):  # fmt: skip
        assert words in text, words


def test_the_fullest_sheet_is_one_page_too() -> None:
    long = {part.name: "\n".join(["từ " * (part.limit // part.lines // 3 - 2)] * part.lines) for part in PARTS}
    saved(**{name: text.replace(" \n", "\n").strip() for name, text in long.items()})
    pages, text = words_of(print_sheet(sheet_of(source())))
    assert pages == 1 and "Ghi thêm khi đến xem" not in text
    assert text.count("từ") == sum(text_.count("từ") for text_ in long.values())


def test_a_longer_text_of_the_register_is_cut_with_where_to_read_on() -> None:
    model = source()
    model.how = "\n".join(f"Bước {n}: {'làm việc ' * 40}" for n in range(30))
    model.save()
    pages, text = words_of(print_sheet(sheet_of(model)))
    assert pages == 1 and "xem tiếp ở trang" in text


def test_the_sheet_takes_two_queries(django_assert_num_queries: Any) -> None:
    model = source()
    saved()
    with django_assert_num_queries(2):
        sheet_of(model)
