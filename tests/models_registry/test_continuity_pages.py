"""The page “Nối với năm trước”, the preview of an upload, joining and parting: what they show, what they do, what they refuse."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common.dates import today, write_day
from models_registry.enums import LinkState
from models_registry.models import Continuity, ContinuityProposal, EmulationModel, RegisterImport, Registration, Season
from models_registry.selectors.tasks import tasks_of
from models_registry.services import (
    NewSeason,
    answer_import,
    import_register,
    join_models,
    mend_cells,
    open_season,
    read_import,
    store_import,
    undo_import,
)
from organisation.models import Unit
from tests import registers as made
from tests.online import person

pytestmark = pytest.mark.django_db
OFFICER, PROVINCE = "phanthiet.chuyenvien", "tinh.chuyenvien"
PAGE = "/lam-viec/noi-nam-truoc/"


def store(tmp_path: Path, year: int, *titles: str, kind: str = "Đăng ký mới") -> Season:
    season, _ = open_season(NewSeason.of_year(year, "2021-2025", date(year, 11, 30)))
    rows = [made.row(title, kind=kind, day=f"15/3/{year}") for title in titles]
    path = made.xlsx(tmp_path / f"{year}.xlsx", [made.HEAD, *rows])
    assert import_register(path=path, season=season, unit=Unit.objects.get(key="phan-thiet"), actor=None).saved
    return season


@pytest.fixture
def asked(tmp_path: Path) -> Registration:
    """One registration of 2025 that is asked about, one that is linked, one that has nothing before it."""
    store(tmp_path, 2024, "Tuyến đường hoa", "Bếp ăn nghĩa tình")
    titles = ("Tuyến đường hoa (giai đoạn 2)", "Bếp ăn nghĩa tình", "Lớp dạy nghề ban đêm miễn phí")
    store(tmp_path, 2025, *titles, kind="Duy trì, nhân rộng")
    return Registration.objects.get(title=titles[0])


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(person(OFFICER), backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: Client, row: Registration, act: str, **more: Any) -> Any:
    return client.post(f"{PAGE}{row.pk}/", {"viec": act, "ve": "nam=2025&xem=cho-xac-nhan&x=1", **more}, follow=True)


def state(row: Registration) -> str:
    return Continuity.objects.get(registration=row.pk).state


def test_the_page_shows_what_is_open_linked_and_without_a_past(officer: Client, asked: Registration) -> None:
    shown = {tab: officer.get(f"{PAGE}?nam=2025&xem={tab}").content.decode() for tab in ("cho-xac-nhan", "da-noi", "khong-co")}
    assert "Tuyến đường hoa (giai đoạn 2)" in shown["cho-xac-nhan"] and "thêm phần như" in shown["cho-xac-nhan"]
    assert "Nối với “Bếp ăn nghĩa tình”" in shown["da-noi"]
    assert "Lớp dạy nghề ban đêm miễn phí" in shown["khong-co"]
    assert "Bếp ăn nghĩa tình" not in shown["cho-xac-nhan"]


def test_an_officer_links_undoes_and_refuses(officer: Client, asked: Registration) -> None:
    offered = ContinuityProposal.objects.get(continuity=asked.pk)
    response = post(officer, asked, "noi", **{"goi_y": offered.pk})
    assert response.redirect_chain == [(f"{PAGE}?nam=2025&xem=cho-xac-nhan", 302)]
    assert state(asked) == LinkState.CONFIRMED
    post(officer, asked, "go")
    assert state(asked) == LinkState.OPEN
    post(officer, asked, "khong")
    assert state(asked) == LinkState.REFUSED


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"viec": "noi"}, "xin chọn một mô hình"),
        ({"viec": "noi", "goi_y": "99999999"}, "Gợi ý này không còn"),
        ({"viec": "noi", "goi_y": "x' OR 1"}, "xin chọn một mô hình"),
        ({"viec": "go"}, "chưa nối với mô hình nào"),
        ({"viec": "gì đó"}, "Chưa chọn việc nào"),
        ({}, "Chưa chọn việc nào"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    officer: Client, asked: Registration, sent: dict[str, str], said: str
) -> None:
    assert said in officer.post(f"{PAGE}{asked.pk}/", sent, follow=True).content.decode()
    assert state(asked) == LinkState.OPEN


@pytest.mark.parametrize("query", ["?nam=1066", "?nam=20x5", "?nam=2025&don-vi=khong-co", "?xem=gi-do&trang=-3", "?trang=99"])
def test_odd_addresses_are_answered(officer: Client, asked: Registration, query: str) -> None:
    assert officer.get(PAGE + query).status_code == (404 if "1066" in query else 200)


def test_others_neither_see_nor_answer(client: Client, asked: Registration) -> None:
    client.force_login(person("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    assert "Tuyến đường hoa" not in client.get(f"{PAGE}?nam=2025").content.decode()
    assert client.post(f"{PAGE}{asked.pk}/", {"viec": "khong"}).status_code == 404
    assert client.post(f"{PAGE}tim-lai/", {"nam": "2025", "don_vi": "phan-thiet"}).status_code == 404


def test_looking_again_tells_what_it_found(officer: Client, asked: Registration) -> None:
    response = officer.post(f"{PAGE}tim-lai/", {"nam": "2025", "don_vi": "phan-thiet"}, follow=True)
    assert "Đã tìm lại: 0 nối thêm, 1 chờ xác nhận, 1 không thấy" in response.content.decode()


def test_what_is_open_is_a_task(asked: Registration) -> None:
    mine = tasks_of(person(OFFICER), Season.objects.get(year=2025))
    assert mine is not None
    [task] = [task for task in mine.tasks if "với năm trước" in task.title]
    assert (task.title, str(task.href)) == ("Nối 1 đăng ký duy trì với năm trước", f"{PAGE}?nam=2025")
    assert task.due == max(date(2025, 11, 30), today() + timedelta(days=7))  # a register that comes after the cut-off is not late


@pytest.mark.parametrize("number", [1, 15])
def test_the_page_asks_as_often_for_many_as_for_one(
    officer: Client, tmp_path: Path, number: int, django_assert_max_num_queries: Any, nothing_kept: None
) -> None:
    titles = [
        f"Tổ {word} giữ phố sạch"
        for word in ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "hoa", "lan", "cúc", "mai", "trúc"][
            :number
        ]
    ]
    store(tmp_path, 2024, *titles)
    store(tmp_path, 2025, *[f"{title} (đợt 2)" for title in titles], kind="Duy trì, nhân rộng")
    officer.get(f"{PAGE}?nam=2025")
    with django_assert_max_num_queries(20):
        assert officer.get(f"{PAGE}?nam=2025").content.decode().count("Có phải là mô hình này") == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_question_that_proposes_too_few_is_answered_by_a_search(
    officer: Client, tmp_path: Path, number: int, django_assert_max_num_queries: Any, nothing_kept: None
) -> None:
    """Of many that fit equally three are proposed; all are found, and one that was found is linked."""
    doers = [f"Chi bộ khu phố {n}" for n in range(4, 4 + 5 * number)]
    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    rows = [made.row("Vườn rau thủy canh", subject=doer, day="15/3/2024") for doer in doers]
    path = made.xlsx(tmp_path / "2024.xlsx", [made.HEAD, *rows])
    assert import_register(path=path, season=season, unit=Unit.objects.get(key="phan-thiet"), actor=None).saved
    store(tmp_path, 2025, "Vườn rau thủy canh", kind="Duy trì, nhân rộng")
    asked = Registration.objects.get(season__year=2025)
    page = f"{PAGE}{asked.pk}/tim/"
    assert f"{page}?ve=" in officer.get(f"{PAGE}?nam=2025").content.decode()
    with django_assert_max_num_queries(22):
        response = officer.get(page)
    assert response.context["page"].paginator.count == 5 * number
    wanted = Registration.objects.get(season__year=2024, subject=doers[-1])
    assert [row.pk for row in officer.get(page, {"q": doers[-1]}).context["page"]] == [wanted.pk]
    Registration.objects.filter(pk=asked.pk).update(title="Vườn rau không ai có")
    assert officer.get(page).context["q"] == ""  # what finds nothing is not begun with
    assert "Không thấy mô hình nào khớp" in officer.get(page, {"q": "không có"}).content.decode()
    back = {"ve": "nam=2025&xem=cho-xac-nhan"}
    response = officer.post(page, {"dang_ky": wanted.pk, **back}, follow=True)
    assert response.redirect_chain == [(f"{PAGE}?nam=2025&xem=cho-xac-nhan", 302)]
    asked.refresh_from_db()
    assert (asked.model, state(asked)) == (wanted.model, LinkState.CONFIRMED)
    assert "đã được nối với năm trước rồi" in officer.post(page, {"dang_ky": wanted.pk}).content.decode()


def test_a_search_links_nothing_that_the_unit_may_not_carry_on(officer: Client, client: Client, asked: Registration) -> None:
    page = f"{PAGE}{asked.pk}/tim/"
    taken = Registration.objects.get(season__year=2024, title="Bếp ăn nghĩa tình")
    foreign = Registration.objects.filter(season__year=2023).exclude(unit=asked.unit).earliest("pk")
    for sent, said in (
        (taken.pk, "vừa được nối với đăng ký khác"),
        (foreign.pk, "không còn"),
        ("", "Xin chọn"),
        ("9" * 30, "Xin chọn"),
    ):
        assert said in officer.post(page, {"dang_ky": sent}).content.decode()
    assert state(asked) == LinkState.OPEN
    client.force_login(person("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == client.post(page, {"dang_ky": taken.pk}).status_code == 404


def test_the_preview_of_an_upload_tells_what_it_will_link_and_ask(officer: Client, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    store(tmp_path, 2024, "Tuyến đường hoa", "Bếp ăn nghĩa tình")
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    upload = RegisterImport(
        season=season, unit=Unit.objects.get(key="phan-thiet"), file_name="so.xlsx", uploaded_by=person(OFFICER)
    )
    rows = [made.row(title, kind="Duy trì", day="15/3/2025") for title in ("Tuyến đường hoa (đợt 2)", "Bếp ăn nghĩa tình")]
    with made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *rows]).open("rb") as file:
        upload.file.save("so.xlsx", file, save=False)
    upload.save()
    read_import(import_id=upload.pk, tell=lambda count: None)
    upload.refresh_from_db()
    found = upload.report["continuity"]
    assert (found["linked"], found["open"], found["none"]) == (1, 1, 0)
    assert [one["title"] for one in upload.rows.get(link="asked").told["offered"]] == ["Tuyến đường hoa"]
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert html.count("Bếp ăn nghĩa tình") == 2 and "Dòng 2, có phải là…?" in html
    assert not Registration.objects.filter(season=season).exists()


@pytest.fixture
def two(tmp_path: Path) -> tuple[EmulationModel, EmulationModel]:
    store(tmp_path, 2024, "Tuyến đường hoa")
    store(tmp_path, 2025, "Con đường rợp bóng hoa giấy")
    kept, other = (EmulationModel.objects.get(title=title) for title in ("Tuyến đường hoa", "Con đường rợp bóng hoa giấy"))
    return kept, other


def test_the_province_finds_joins_and_parts_models(client: Client, two: tuple[EmulationModel, EmulationModel]) -> None:
    client.force_login(person(PROVINCE), backend="django.contrib.auth.backends.ModelBackend")
    kept, other = two
    page = f"/lam-viec/mo-hinh/{kept.slug}/nhap-tach/"
    assert f"?kia={other.slug}" in client.get(page, {"q": "hoa giấy"}).content.decode()
    assert "Vì sao là một" in client.get(page, {"kia": other.slug}).content.decode()
    refused = client.post(page, {"viec": "nhap", "kia": other.slug, "ly_do": "ờ"})
    assert (
        refused.status_code == 409 and "Xin ghi lý do" in refused.content.decode() and "ờ</textarea>" in refused.content.decode()
    )
    assert client.post(page, {"viec": "nhap", "kia": other.slug, "ly_do": "Cùng một tuyến."}).status_code == 302
    assert client.get(f"/mo-hinh/{other.slug}/").headers["Location"] == f"/mo-hinh/{kept.slug}/"
    assert client.post(page, {"viec": "tach", "tu_nam": "2025", "ly_do": "Thật ra là hai."}).status_code == 302
    assert Registration.objects.filter(model=kept).count() == 1


def test_the_second_who_parts_two_models_is_told_who_did_and_marks_stand_once(
    client: Client, two: tuple[EmulationModel, EmulationModel]
) -> None:
    client.force_login(person(PROVINCE), backend="django.contrib.auth.backends.ModelBackend")
    kept, other = two
    EmulationModel.objects.filter(pk=other.pk).update(title="“Hoa giấy” quanh làng")
    made = join_models(kept_id=kept.pk, joined_id=other.pk, reason="Cùng một tuyến.", actor=person(PROVINCE))
    page = f"/lam-viec/mo-hinh/{kept.slug}/nhap-tach/"
    told = client.post(page, {"viec": "tach-lai", "lan": made.pk}, follow=True).content.decode()
    assert "Đã tách lại “‘Hoa giấy’ quanh làng”." in told
    again = client.post(page, {"viec": "tach-lai", "lan": made.pk})
    assert again.status_code == 409
    said = f"{person(PROVINCE)} đã tách lại hai mô hình này rồi, ngày {write_day(today())}."
    assert said in again.content.decode()


def test_a_join_that_cannot_be_is_told_before_it_is_tried(client: Client, tmp_path: Path) -> None:
    client.force_login(person(PROVINCE), backend="django.contrib.auth.backends.ModelBackend")
    store(tmp_path, 2024, "Tuyến đường hoa", "Con đường hoa giấy")
    kept, other = (EmulationModel.objects.get(title=title) for title in ("Tuyến đường hoa", "Con đường hoa giấy"))
    html = client.get(f"/lam-viec/mo-hinh/{kept.slug}/nhap-tach/", {"kia": other.slug}).content.decode()
    assert "Năm 2024 cả hai đều có đăng ký" in html and "Vì sao là một" not in html


@pytest.fixture
def read(tmp_path: Path, settings: Any) -> RegisterImport:
    """A register that was read: two rows that are asked about, one that is linked."""
    settings.MEDIA_ROOT = tmp_path / "media"
    store(tmp_path, 2024, "Tuyến đường hoa", "Bếp ăn nghĩa tình", "Tủ sách nhà văn hóa")
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    unit = Unit.objects.get(key="phan-thiet")
    upload = RegisterImport(season=season, unit=unit, file_name="so.xlsx", uploaded_by=person(OFFICER))
    titles = ("Tuyến đường hoa (đợt 2)", "Bếp ăn nghĩa tình", "Tủ sách nhà văn hóa năm 2025")
    rows = [made.row(title, kind="Duy trì", day="15/3/2025") for title in titles]
    with made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *rows]).open("rb") as file:
        upload.file.save("so.xlsx", file, save=False)
    upload.save()
    read_import(import_id=upload.pk, tell=lambda count: None)
    upload.refresh_from_db()
    return upload


def store_now(upload: RegisterImport) -> None:
    RegisterImport.objects.filter(pk=upload.pk).update(state="storing")
    store_import(import_id=upload.pk, tell=lambda count: None)


def test_questions_are_answered_before_the_register_is_stored_and_storing_does_it(officer: Client, read: RegisterImport) -> None:
    page, asked = f"/lam-viec/nap-so/{read.pk}/", read.rows.filter(link="asked").order_by("row")
    first = asked[0].told["offered"][0]["pk"]
    sent = {f"q|{asked[0].source}": str(first), f"q|{asked[1].source}": "khong"}
    assert officer.post(f"{page}sua/", sent).headers["Location"] == page
    html = officer.get(page).content.decode()
    assert html.count("checked") == 3 and "có phải là…?" in html
    store_now(read)
    rows = Registration.objects.filter(season__year=2025).order_by("pk").select_related("continuity", "model")
    assert [row.continuity.state for row in rows] == ["confirmed", "auto", "refused"]
    assert rows[0].continuity.decided_by == person(OFFICER)
    assert rows[0].model == Registration.objects.get(pk=first).model


def test_a_link_that_the_portal_found_is_refused_before_the_register_is_stored(officer: Client, read: RegisterImport) -> None:
    page, found = f"/lam-viec/nap-so/{read.pk}/", read.rows.get(link="linked")
    officer.post(f"{page}sua/", {f"q|{found.source}": "khong"})
    found.refresh_from_db()
    read.refresh_from_db()
    assert (found.link, read.report["continuity"]) == ("none", {"linked": 0, "open": 2, "none": 1})
    assert "<b>Không nối với</b>" in officer.get(page).content.decode()
    earlier = Registration.objects.get(title="Bếp ăn nghĩa tình")
    store_now(read)
    row = Registration.objects.get(season__year=2025, title="Bếp ăn nghĩa tình")
    assert state(row) == LinkState.REFUSED and row.model != earlier.model


def test_a_refused_link_is_taken_up_again_before_storing(officer: Client, read: RegisterImport) -> None:
    page, found = f"/lam-viec/nap-so/{read.pk}/", read.rows.get(link="linked")
    for answer in ("khong", ""):
        officer.post(f"{page}sua/", {f"q|{found.source}": answer})
    store_now(read)
    assert state(Registration.objects.get(season__year=2025, title="Bếp ăn nghĩa tình")) == LinkState.AUTO


@pytest.mark.parametrize("link, answer", [("linked", "khong"), ("asked", "khong"), ("asked", "")])
def test_an_upload_answered_before_it_was_stored_is_undone_with_its_answers(
    officer: Client, read: RegisterImport, link: str, answer: str
) -> None:
    found = read.rows.filter(link=link).order_by("row")[0]
    offered = found.told["offered"][0]["pk"] if link == "asked" else ""
    officer.post(f"/lam-viec/nap-so/{read.pk}/sua/", {f"q|{found.source}": answer or str(offered)})
    store_now(read)
    assert Continuity.objects.filter(registration__season__year=2025, is_by_hand=True).exists()
    undo_import(import_id=read.pk, actor=person(OFFICER))
    assert not Registration.objects.filter(season__year=2025).exists()


def test_what_was_not_answered_is_asked_on_the_uploads_page_once_it_is_stored(officer: Client, read: RegisterImport) -> None:
    page = f"/lam-viec/nap-so/{read.pk}/"
    store_now(read)
    html = officer.get(page).content.decode()
    assert html.count("Có phải là mô hình này của năm trước") == 2
    row = Registration.objects.get(title="Tuyến đường hoa (đợt 2)")
    best = ContinuityProposal.objects.filter(continuity=row.pk)[0]
    answer = {"viec": "noi", "goi_y": best.pk, "ve": f"lan={read.pk}"}
    assert officer.post(f"{PAGE}{row.pk}/", answer).headers["Location"] == f"{page}#noi"
    assert state(row) == LinkState.CONFIRMED
    assert officer.get(page).content.decode().count("Có phải là mô hình này của năm trước") == 1


def test_an_answer_that_someone_else_was_quicker_with_stays_open(officer: Client, read: RegisterImport) -> None:
    """Between the answer and the storing, the earlier model was registered by another register."""
    asked = read.rows.filter(link="asked").order_by("row")[0]
    offered = asked.told["offered"][0]["pk"]
    officer.post(f"/lam-viec/nap-so/{read.pk}/sua/", {f"q|{asked.source}": str(offered)})
    taken = Registration.objects.get(pk=offered)
    Registration.objects.create(
        season=read.season,
        unit=taken.unit,
        model=taken.model,
        state="draft",
        is_latest=False,
        unit_name=taken.unit_name,
        identity_key="khac",
        search_text="",
        sort_key="",
    )
    store_now(read)
    row = Registration.objects.get(title="Tuyến đường hoa (đợt 2)")
    assert state(row) == LinkState.OPEN and row.model != taken.model


@pytest.mark.parametrize("sent", ["99999999", "x' OR 1"])
def test_an_answer_that_was_not_offered_is_refused(officer: Client, read: RegisterImport, sent: str) -> None:
    asked = read.rows.filter(link="asked")[0]
    response = officer.post(f"/lam-viec/nap-so/{read.pk}/sua/", {f"q|{asked.source}": sent}, follow=True)
    assert "không còn trong các gợi ý" in response.content.decode()
    assert RegisterImport.objects.get(pk=read.pk).answers is None


def test_answers_come_too_late_once_it_is_stored(officer: Client, read: RegisterImport) -> None:
    asked = read.rows.filter(link="asked")[0]
    store_now(read)
    sent = {f"q|{asked.source}": "khong"}
    said = officer.post(f"/lam-viec/nap-so/{read.pk}/sua/", sent, follow=True).content.decode()
    assert "trả lời ở trang “Nối với năm trước”" in said


def test_an_answer_goes_with_the_question_that_a_mend_takes_away(officer: Client, read: RegisterImport) -> None:
    asked, other = read.rows.filter(link="asked").order_by("row")
    offered = {asked.source: asked.offered[0], other.source: other.offered[0]}
    answer_import(import_id=read.pk, answers=offered, sources=list(offered), actor=person(OFFICER))
    mend_cells(import_id=read.pk, typed={asked.source: {"kind": "Đăng ký mới"}}, shown={}, actor=person(OFFICER))
    read.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.link, read.answers) == ("", {other.source: other.offered[0]})
