"""Another earlier model chosen for a row of an upload before it is stored: sought, kept, stored, undone, overtaken."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.test import Client

from common import jobs
from common.exceptions import DomainError
from models_registry.enums import LinkState
from models_registry.models import ImportRow, RegisterImport, Registration
from models_registry.registers.mapping import Mapping, SheetMapping
from models_registry.selectors.mapping import token_of
from models_registry.services import (
    NewSeason,
    answer_import,
    import_register,
    map_import,
    mend_cells,
    open_season,
    read_import,
    store_import,
    undo_import,
)
from organisation.models import Unit
from tests import registers as made
from tests.online import person
from tests.pages import entered, refused
from tests.threads import at_once

OFFICER, PROVINCE = "phanthiet.chuyenvien", "tinh.chuyenvien"
OLD = ("Tuyến đường hoa", "Bếp ăn nghĩa tình", "Tủ sách nhà văn hóa")
FLOWERS, KITCHEN, BOOKS = OLD
pytestmark = pytest.mark.django_db


@pytest.fixture
def read(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RegisterImport:
    """A register that was read: two rows that the portal links, one that has nothing before it."""
    return _read(tmp_path, settings, monkeypatch)


def _read(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RegisterImport:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = Unit.objects.get(key="phan-thiet")
    before, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    old = made.xlsx(tmp_path / "2024.xlsx", [made.HEAD, *(made.row(title, day="15/3/2024") for title in OLD)])
    assert import_register(path=old, season=before, unit=unit, actor=None).saved
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    upload = RegisterImport(season=season, unit=unit, file_name="so.xlsx", uploaded_by=person(OFFICER))
    titles = (FLOWERS, KITCHEN, "Lớp dạy nghề ban đêm miễn phí")
    rows = [made.row(title, kind="Duy trì", day="15/3/2025") for title in titles]
    with made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *rows]).open("rb") as file:
        upload.file.save("so.xlsx", File(file), save=False)
    upload.save()
    return read_again(upload)


def read_again(upload: RegisterImport) -> RegisterImport:
    RegisterImport.objects.filter(pk=upload.pk).update(state="reading")
    read_import(import_id=upload.pk, tell=lambda count: None)
    return RegisterImport.objects.get(pk=upload.pk)


@pytest.fixture
def officer(db: None) -> Client:
    return entered(OFFICER)


def row(upload: RegisterImport, title: str) -> ImportRow:
    return next(found for found in upload.rows.all() if found.said["title"] == title)


def earlier(title: str) -> Registration:
    return Registration.objects.get(season__year=2024, title=title)


def later(title: str) -> Registration:
    return Registration.objects.select_related("continuity", "model").get(season__year=2025, title=title)


def choose(upload: RegisterImport, title: str, chosen: str, who: str = OFFICER) -> None:
    source = row(upload, title).source
    answer_import(import_id=upload.pk, answers={source: earlier(chosen).pk}, sources=[source], actor=person(who))


def store_now(upload: RegisterImport) -> None:
    RegisterImport.objects.filter(pk=upload.pk).update(state="storing")
    store_import(import_id=upload.pk, tell=lambda count: None)


def test_another_model_is_sought_chosen_in_the_review_and_linked_by_storing(officer: Client, read: RegisterImport) -> None:
    found, models = row(read, FLOWERS), {title: earlier(title).model for title in OLD}
    page = f"/lam-viec/nap-so/{read.pk}/"
    asked = {"dong": found.source, "ve": "xem=noi#d2"}
    assert f"{page}nam-truoc/?dong=" in officer.get(page).content.decode()
    hits = officer.get(f"{page}nam-truoc/", asked | {"q": "tu sach"}).content.decode()
    assert BOOKS in hits and KITCHEN not in hits
    every = officer.get(f"{page}nam-truoc/", asked | {"q": ""}).content.decode()
    assert every.count("của sổ đang nối với mô hình này") == 2
    answer = officer.post(f"{page}nam-truoc/", asked | {"dang_ky": str(earlier(BOOKS).pk)})
    assert answer["Location"] == f"{page}?xem=noi#d2"
    assert "chọn bằng tay" in officer.get(page).content.decode()
    store_now(read)
    assert (later(FLOWERS).model, later(FLOWERS).continuity.state) == (models[BOOKS], LinkState.CONFIRMED)
    assert (later(KITCHEN).model, later(KITCHEN).continuity.state) == (models[KITCHEN], LinkState.AUTO)
    undo_import(import_id=read.pk, actor=person(OFFICER))
    assert not Registration.objects.filter(season__year=2025).exists()
    assert {title: earlier(title).model for title in OLD} == models


def test_two_rows_change_places(read: RegisterImport) -> None:
    rows = {FLOWERS: row(read, FLOWERS).source, KITCHEN: row(read, KITCHEN).source}
    answers = {rows[FLOWERS]: earlier(KITCHEN).pk, rows[KITCHEN]: earlier(FLOWERS).pk}
    models = {title: earlier(title).model for title in OLD}
    answer_import(import_id=read.pk, answers=answers, sources=answers, actor=person(OFFICER))
    store_now(read)
    assert (later(FLOWERS).model, later(KITCHEN).model) == (models[KITCHEN], models[FLOWERS])


def test_a_model_that_another_row_carries_on_is_not_chosen_again(read: RegisterImport) -> None:
    with refused(f"Dòng {row(read, KITCHEN).row} đang nối với mô hình ấy. Xin đổi dòng ấy trước."):
        choose(read, FLOWERS, KITCHEN)


def test_a_row_that_had_nothing_before_it_gets_a_model(read: RegisterImport) -> None:
    title = "Lớp dạy nghề ban đêm miễn phí"
    choose(read, title, BOOKS)
    assert row(read, title).link == "linked"
    store_now(read)
    assert later(title).model == earlier(BOOKS).model


def test_a_choice_stays_while_other_cells_are_mended_and_the_file_is_read_again(read: RegisterImport) -> None:
    choose(read, FLOWERS, BOOKS)
    typed: dict[str, dict[str, str | None]] = {row(read, FLOWERS).source: {"note": "Đã hỏi lại xã"}}
    mend_cells(import_id=read.pk, typed=typed, shown={}, actor=person(OFFICER))
    again = read_again(read)
    assert again.answers == {row(again, FLOWERS).source: earlier(BOOKS).pk}
    assert row(again, FLOWERS).link == "linked"


def test_a_choice_made_of_a_row_that_is_mapped_otherwise_meanwhile_is_given_up(read: RegisterImport) -> None:
    choose(read, FLOWERS, BOOKS)
    read.refresh_from_db()
    columns = {letter: use for sheet in read.report["mapping"]["sheets"] for letter, use in sheet["columns"].items()}
    titles = next(letter for letter, use in columns.items() if use == "title")
    doers = next(letter for letter, use in columns.items() if use == "subject")
    said = {"version": 1, "sheets": [{"sheet": "Danh sách", "columns": {titles: "subject", doers: "title"}}]}
    map_import(import_id=read.pk, mapping=Mapping.from_json(said), seen=token_of(read), actor=person(PROVINCE))
    with refused("Sổ này đang được xử lý, đã nạp hoặc đã bỏ; đã nạp thì trả lời ở trang “Nối với năm trước”."):
        choose(read, FLOWERS, BOOKS)
    again = read_again(read)
    assert again.answers == {} and not again.rows.filter(link="linked").exists()


@pytest.mark.parametrize("dong", ["", "Danh sách!999", "x' OR 1"])
def test_a_row_that_is_none_is_not_found(officer: Client, read: RegisterImport, dong: str) -> None:
    answer = officer.get(f"/lam-viec/nap-so/{read.pk}/nam-truoc/", {"dong": dong})
    assert answer.status_code == (302 if dong else 404)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_choose_one_model_for_two_rows_the_second_is_told(
    transactional_db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _read(tmp_path, settings, monkeypatch)
    rows = (FLOWERS, KITCHEN)
    works = [lambda n=n: choose(read, rows[n], BOOKS, (OFFICER, PROVINCE)[n]) for n in (0, 1)]
    results = at_once(*works)
    assert sorted(type(one) is DomainError for one in results) == [False, True]
    assert list((RegisterImport.objects.get(pk=read.pk).answers or {}).values()) == [earlier(BOOKS).pk]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_model_is_chosen_while_the_mapping_changes_and_nothing_is_linked_wrongly(
    transactional_db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever comes first, the row is still the one that was looked at when its model is kept."""
    read = _read(tmp_path, settings, monkeypatch)
    said = Mapping((SheetMapping(sheet="Danh sách", row=1),))
    map_it = lambda: map_import(import_id=read.pk, mapping=said, seen=token_of(read), actor=person(PROVINCE))  # noqa: E731
    chosen, mapped = at_once(lambda: choose(read, FLOWERS, BOOKS), map_it)
    assert mapped == 0 and (chosen is None or type(chosen) is DomainError)
    again = read_again(read)
    assert again.answers == ({row(again, FLOWERS).source: earlier(BOOKS).pk} if chosen is None else None)
