"""The paper on which a season rests: its file is sent before the season opens or later, survives errors, a draft and the last look."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from models_registry.models import BasisPaper, Season, SeasonDraft
from models_registry.selectors import basis_paper
from models_registry.services import NewSeason, forget_papers, open_season, receive_basis, record_basis
from organisation.models import AuditEvent
from tests.models_registry.test_opening_a_season import ADDRESS, PROVINCE, TYPED, stamp
from tests.online import person
from tests.pages import entered, refused
from tests.photos import PDF, photo

pytestmark = pytest.mark.django_db
BASIS = "Kế hoạch số 5-KH/TU ngày 02/01/2026"
WRITTEN = TYPED | {"basis": BASIS}
OPENED = "/lam-viec/nam/2023/can-cu/"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def pdf(name: str = "ke-hoach.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def post(client: Client, what: str, **more: Any) -> Any:
    return client.post(ADDRESS, WRITTEN | {"viec": what} | more)


def held(response: Any) -> str:
    found = re.search(r'name="paper" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_a_file_goes_along_from_an_error_to_the_last_look_to_the_season() -> None:
    client = entered(PROVINCE)
    wrong = post(client, "xem", basis_file=pdf(), cutoff_on="31/2/2026")
    assert wrong.status_code == 422 and "Đã chọn <b>ke-hoach.pdf</b>" in wrong.content.decode()
    look = post(client, "xem", paper=held(wrong))
    html = look.content.decode()
    assert look.status_code == 200 and f"Căn cứ: {BASIS} (tệp ke-hoach.pdf)" in html and "Chưa có tệp" not in html
    assert post(client, "mo", paper=held(look)).status_code == 302
    season = Season.objects.get(year=2026)
    paper = basis_paper(season)
    assert paper and (season.basis, paper.file_name, paper.sent_by) == (BASIS, "ke-hoach.pdf", person(PROVINCE))
    sent = client.get("/lam-viec/nam/2026/can-cu/tep/")
    assert b"".join(sent.streaming_content) == PDF and sent["Content-Disposition"] == 'attachment; filename="ke-hoach.pdf"'


@pytest.mark.parametrize(
    "what, file, words",
    [
        ("xem", ("anh.jpg", photo), "Ở đây không nhận ảnh JPEG. Nhận được: tệp PDF, Word (.docx)."),
        ("luu", ("rong.pdf", bytes), "Tệp rỗng, không có dữ liệu."),
        ("mo", ("lenh.pdf", lambda: b"#!/bin/sh"), "Cổng không nhận tệp lệnh. Nhận được: tệp PDF, Word (.docx)."),
    ],
)
def test_a_file_that_is_none_is_told_at_its_field_and_nothing_typed_is_lost(what: str, file: Any, words: str) -> None:
    name, made = file
    answer = post(entered(PROVINCE), what, basis_file=pdf(name, made()), nhap="")
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html and BASIS in html and 'href="#id_basis_file"' in html
    assert not (BasisPaper.objects.exists() or SeasonDraft.objects.exists() or Season.objects.filter(year=2026).exists())


def test_a_file_needs_its_words_and_is_dropped_by_a_tick() -> None:
    client = entered(PROVINCE)
    without = post(client, "xem", basis="", basis_file=pdf())
    assert without.status_code == 422 and "Ghi số, ngày, cơ quan ban hành của văn bản trong tệp." in without.content.decode()
    look = post(client, "xem", basis="", paper=held(without), drops_paper="on")
    assert look.status_code == 200 and "ke-hoach.pdf" not in look.content.decode()


def test_a_file_that_is_held_is_the_chosen_one_and_another_is_chosen_on_demand() -> None:
    """The box of a browser says that no file is chosen: it lies folded away, and opens where the file in it was refused."""
    client = entered(PROVINCE)
    assert "<details" not in _of_paper(post(client, "xem", basis=""))
    kept = post(client, "xem", basis="", basis_file=pdf())
    part = _of_paper(kept)
    assert "Bỏ tệp này" in part and part.index("Chọn tệp khác") < part.index('type="file"')
    assert re.search(r"<details[^>]*>", part)[0].split()[-1] != "open>"  # type: ignore[index]
    other = _of_paper(post(client, "xem", paper=held(kept), basis_file=pdf("anh.png", b"GIF89a")))
    assert (
        "Đã chọn <b>ke-hoach.pdf</b>" in other and re.search(r"<details[^>]*open", other) and "Cổng không nhận ảnh GIF" in other
    )


def _of_paper(response: Any) -> str:
    return str(response.content.decode()).partition("3. Văn bản căn cứ")[2].partition("</section>")[0]


def test_a_draft_keeps_the_file_for_whoever_goes_on() -> None:
    assert post(entered(PROVINCE), "luu", basis_file=pdf(), nhap="").status_code == 302
    other = entered("quantri")
    html = other.get(ADDRESS)
    assert "Đã chọn <b>ke-hoach.pdf</b>" in html.content.decode()
    again = post(other, "luu", nhap=stamp(html.content.decode()), paper=held(html), drops_paper="on")
    assert again.status_code == 302 and "paper" not in SeasonDraft.objects.get().answers


def test_a_file_that_is_gone_or_another_seasons_is_asked_for_again() -> None:
    paper = receive_basis(file=pdf(), actor=person(PROVINCE))
    open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30), basis=BASIS, paper=paper.pk))
    answer = post(entered(PROVINCE), "mo", paper=str(paper.pk))
    assert answer.status_code == 422 and "Tệp đã gửi không còn. Xin chọn lại." in answer.content.decode()
    with pytest.raises(DomainError, match="không còn"), transaction.atomic():
        open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15), paper=paper.pk))
    assert not Season.objects.filter(year=2026).exists()


def test_what_nobody_opened_is_forgotten_but_for_the_draft() -> None:
    old, drafted = (receive_basis(file=pdf(), actor=person(PROVINCE)) for _ in range(2))
    recent = receive_basis(file=pdf(), actor=person(PROVINCE))
    BasisPaper.objects.exclude(pk=recent.pk).update(sent_at=timezone.now() - timedelta(days=31))
    SeasonDraft.objects.create(answers={"paper": str(drafted.pk)}, saved_by=person(PROVINCE), saved_at=timezone.now())
    assert (forget_papers(), forget_papers()) == (1, 0)
    assert set(BasisPaper.objects.all()) == {drafted, recent} and not BasisPaper.objects.filter(pk=old.pk).exists()


def test_it_is_written_later_replaced_on_record_and_read_by_those_of_the_season() -> None:
    client, reader = entered(PROVINCE), entered("hamthuanbac.chuyenvien")
    Season.objects.filter(year=2023).update(basis="")
    assert "Bổ sung văn bản căn cứ" in client.get("/lam-viec/nam/2023/").content.decode()
    assert client.post(OPENED, {"basis": BASIS, "basis_file": pdf("cu.pdf")}).status_code == 302
    assert client.post(OPENED, {"basis": BASIS, "basis_file": pdf("moi.pdf")}).status_code == 302
    season = Season.objects.get(year=2023)
    paper = basis_paper(season)
    assert paper and paper.file_name == "moi.pdf" and season.basis_papers.count() == 2
    changes = [event.changes for event in AuditEvent.objects.filter(action="record-basis").order_by("pk")]
    assert [change["file"] for change in changes] == [["", "cu.pdf"], ["cu.pdf", "moi.pdf"]]
    html = reader.get(OPENED).content.decode()
    assert BASIS in html and "moi.pdf" in html and '<form class="panel"' not in html
    assert reader.get(f"{OPENED}tep/").status_code == 200 and reader.post(OPENED, {"basis": "x"}).status_code == 404
    assert entered("hoidong1").get(f"{OPENED}tep/").status_code == 404


def test_a_wrong_file_for_an_open_season_keeps_the_words_and_changes_nothing() -> None:
    before = Season.objects.get(year=2023).basis
    client = entered(PROVINCE)
    answer = client.post(OPENED, {"basis": "Kế hoạch khác", "basis_file": pdf("anh.png", b"GIF89a")})
    html = answer.content.decode()
    assert answer.status_code == 422 and "Kế hoạch khác" in html
    assert "Cổng không nhận ảnh GIF. Nhận được: tệp PDF, Word (.docx)." in html
    assert Season.objects.get(year=2023).basis == before and not BasisPaper.objects.exists()


def test_of_an_open_season_too_the_file_is_kept_while_its_words_are_put_right() -> None:
    client = entered(PROVINCE)
    without = client.post(OPENED, {"basis": "", "basis_file": pdf()})
    html = without.content.decode()
    assert without.status_code == 422 and "Ghi số, ngày, cơ quan ban hành" in html and "Đã chọn <b>ke-hoach.pdf</b>" in html
    assert client.post(OPENED, {"basis": BASIS, "paper": held(without)}).status_code == 302
    paper = basis_paper(Season.objects.get(year=2023))
    assert paper and paper.file_name == "ke-hoach.pdf" and BasisPaper.objects.count() == 1
    gone = client.post(OPENED, {"basis": BASIS, "paper": str(paper.pk)})
    assert gone.status_code == 422 and "Tệp đã gửi không còn. Xin chọn lại." in gone.content.decode()


def test_both_the_words_and_the_file_are_told_at_once() -> None:
    html = entered(PROVINCE).post(OPENED, {"basis": "", "basis_file": pdf("anh.jpg", photo())}).content.decode()
    assert "Ghi số, ngày, cơ quan ban hành của văn bản trong tệp." in html
    assert "Ở đây không nhận ảnh JPEG. Nhận được: tệp PDF, Word (.docx)." in html


def test_only_who_opens_seasons_sends_papers_and_a_season_has_one() -> None:
    season, officer = Season.objects.get(year=2023), person("hamthuanbac.chuyenvien")
    for act in (
        lambda: receive_basis(file=pdf(), actor=officer),
        lambda: record_basis(season_id=season.pk, words=BASIS, paper=None, actor=officer),
    ):
        with refused("Vai trò của đồng chí không mở năm thi đua.", NotAllowed):
            act()
    papers = [receive_basis(file=pdf(), actor=person(PROVINCE)) for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        BasisPaper.objects.filter(pk__in=[paper.pk for paper in papers]).update(season=season)
