"""An upload is undone as a whole: what it leaves as it was, and what keeps it from being undone."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.exceptions import DomainError
from common.models import Job
from models_registry.models import BoardCount, CatalogueCount, EmulationModel, RegisterImport, Registration
from models_registry.services import add_attachment, describe_model, import_register, undo_import
from tests import registers as made
from tests.models_registry.test_mending import OFFICER, confirm, send, work
from tests.online import person
from tests.photos import PDF

pytestmark = pytest.mark.django_db


def figures() -> tuple[Any, ...]:
    return (
        list(Registration.objects.order_by("pk").values_list("pk", "title", "place", "is_latest", "title_key", "search_text")),
        list(EmulationModel.objects.order_by("pk").values_list("pk", "title", "identity_key")),
        sorted(
            CatalogueCount.objects.values_list("season", "unit", "field", "kind", "subject_kind", "honour_rank", "total"), key=str
        ),
        sorted(BoardCount.objects.values_list("season", "unit", "place", "field", "state", "total"), key=str),
    )


def test_an_undone_upload_leaves_all_as_it_was(officer: Client, tmp_path: Path) -> None:
    first = [made.HEAD, made.row("Một"), made.row("Hai"), made.row("Ba")]
    confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", first)))
    before = figures()
    second = [
        made.HEAD,
        made.row("Một", place="Phường Phú Thủy"),
        made.row("Hai", field="Kinh tế"),
        made.row("Ba"),
        made.row("Bốn"),
    ]
    upload = confirm(officer, send(officer, made.xlsx(tmp_path / "b.xlsx", second)))
    assert (upload.report["created"], upload.report["updated"]) == (1, 2)
    assert figures() != before
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/huy/").content.decode()
    assert "1 đăng ký mới sẽ bị bỏ, 2 đăng ký đã đổi" in html
    officer.post(f"/lam-viec/nap-so/{upload.pk}/huy/")
    upload.refresh_from_db()
    assert upload.state == "undone"
    assert figures() == before
    with pytest.raises(DomainError, match="hủy rồi"):
        undo_import(import_id=upload.pk, actor=person(OFFICER))


def test_what_was_carried_on_from_the_year_before_is_its_latest_again(
    officer: Client, tmp_path: Path, season: Any, unit: Any
) -> None:
    old = Registration.objects.filter(season=season, unit__key="phan-thiet", state="accepted").select_related("field", "place")[0]
    line = made.row(old.title, subject=old.subject, place=old.place_name, field=old.field.name, kind="Duy trì, nhân rộng")  # type: ignore[union-attr]
    before = figures()
    upload = confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", [made.HEAD, line])))
    assert not Registration.objects.get(pk=old.pk).is_latest
    undo_import(import_id=upload.pk, actor=person(OFFICER))
    assert figures() == before


@pytest.mark.parametrize("built", ["later", "file", "text", "measure", "withdrawn", "dossier"])
def test_what_was_built_on_is_not_undone(officer: Client, tmp_path: Path, new_season: Any, unit: Any, built: str) -> None:
    from models_registry.services import NewMeasure, measure_output
    from organisation.models import Level
    from recognition.models import Dossier

    upload = confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một")])))
    row = Registration.objects.get(season=new_season, title="Một")
    assert row.model is not None
    if built == "later":
        path = made.xlsx(tmp_path / "b.xlsx", [made.HEAD, made.row("Hai")])
        import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
    elif built == "file":
        add_attachment(registration_id=row.pk, file=SimpleUploadedFile("a.pdf", PDF), actor=person(OFFICER))
    elif built == "text":
        describe_model(model_id=row.model.pk, texts={"why": "Vì thế"}, actor=None)
    elif built == "measure":
        measure_output(
            model_id=row.model.pk,
            value=NewMeasure(what="lò", counting_unit="lò", quantity=Decimal(3), as_of=date(2024, 5, 5)),
            actor=None,
        )
    elif built == "withdrawn":
        Registration.objects.filter(pk=row.pk).update(withdrawn_on=date(2024, 5, 5), state="withdrawn")
    else:
        Dossier.objects.create(registration=row, level=Level.objects.get(key="province"), proposed_on=date(2024, 9, 9))
    before = figures()
    response = officer.post(f"/lam-viec/nap-so/{upload.pk}/huy/")
    assert (response.status_code, "Không hủy được" in response.content.decode()) == (409, True)
    assert figures() == before


def test_storing_twice_keeps_what_an_undo_needs(officer: Client, tmp_path: Path) -> None:
    from models_registry.services import store_import

    confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một"), made.row("Hai")])))
    second = [made.HEAD, made.row("Một", field="Kinh tế"), made.row("Hai")]
    upload = confirm(officer, send(officer, made.xlsx(tmp_path / "b.xlsx", second)))
    kept = dict(upload.undo)
    assert kept
    stale = RegisterImport.objects.get(pk=upload.pk)
    stale.state = "storing"
    from models_registry.services import uploads

    assert not uploads._run(stale, lambda n: None, dry_run=False).saved
    store_import(import_id=upload.pk, tell=lambda n: None)
    upload.refresh_from_db()
    assert (upload.undo, upload.report["updated"]) == (kept, 1)


def test_an_upload_whose_model_was_carried_on_is_not_undone(officer: Client, tmp_path: Path, new_season: Any) -> None:
    from models_registry.services import NewSeason, carry_on, grant_extension, open_season
    from organisation.models import Unit

    upload = confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một")])))
    later, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 1, 15), closes_on=date(2025, 1, 20)))
    province = Unit.objects.get(key="binh-thuan")
    grant_extension(season_id=later.pk, unit=province, until=date(2099, 1, 1), reason="Kiểm thử", actor=None)
    row = Registration.objects.get(season=new_season, title="Một")
    carry_on(season_id=later.pk, registration_ids=[row.pk], changed="Giữ", actor=person(OFFICER))
    with pytest.raises(DomainError, match="đã duy trì"):
        undo_import(import_id=upload.pk, actor=person(OFFICER))


def test_stopped_while_it_is_stored_nothing_stays_and_it_can_be_confirmed_again(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models_registry.services import imports

    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai")]))
    through = imports._go_through

    def stopped(*given: Any, **named: Any) -> None:
        through(*given, **named)
        RegisterImport.objects.filter(pk=upload.pk).update(state="read")  # its officer stops it at the last moment

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_go_through", stopped)
        officer.post(f"/lam-viec/nap-so/{upload.pk}/xac-nhan/")
        work()
    upload.refresh_from_db()
    assert (upload.state, Registration.objects.filter(season__year=2024).count()) == ("read", 0)
    Job.objects.filter(pk=upload.job_id).update(state="cancelled")
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert "Chưa nạp được sổ này" not in html and f"/lam-viec/nap-so/{upload.pk}/xac-nhan/" in html
    assert confirm(officer, upload).state == "stored"
    assert Registration.objects.filter(season__year=2024).count() == 2


def changed_rows(officer: Client, tmp_path: Path, count: int) -> RegisterImport:
    """Two uploads of the same rows, the second with another day: its undo puts `count` rows back."""
    for name, day in (("a.xlsx", "1/3/2024"), ("b.xlsx", "2/3/2024")):
        rows = [made.row(f"Mô hình {n}", place="Phường Phú Hài", day=day) for n in range(count)]
        upload = confirm(officer, send(officer, made.xlsx(tmp_path / name, [made.HEAD, *rows])))
    assert upload.report["updated"] == count
    return upload


def test_an_undo_puts_all_of_a_row_back(officer: Client, tmp_path: Path) -> None:
    upload = changed_rows(officer, tmp_path, 2)
    before = list(Registration.objects.filter(season__year=2024).order_by("pk").values())
    assert undo_import(import_id=upload.pk, actor=person(OFFICER)) == (0, 2)
    after = list(Registration.objects.filter(season__year=2024).order_by("pk").values())
    assert {row["registered_on"] for row in after} == {date(2024, 3, 1)}
    assert [row | {"registered_on": None} for row in after] == [row | {"registered_on": None} for row in before]


def test_what_was_withdrawn_after_an_upload_changed_it_is_told(officer: Client, tmp_path: Path) -> None:
    from models_registry.services import withdraw

    upload = changed_rows(officer, tmp_path, 2)
    row = Registration.objects.filter(season__year=2024)[0]
    withdraw(registration=row, withdrawn_on=date(2024, 3, 2), note="", actor=None)
    with pytest.raises(DomainError, match="có đăng ký đã rút"):
        undo_import(import_id=upload.pk, actor=person(OFFICER))


def test_an_undo_of_many_asks_as_often_as_of_few(officer: Client, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    upload = changed_rows(officer, tmp_path, 30)
    with django_assert_max_num_queries(48):
        undo_import(import_id=upload.pk, actor=person(OFFICER))
