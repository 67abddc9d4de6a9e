"""Two at once about how uploads are read, with threads on PostgreSQL: locks in one order, one of two mappings stands, the other is
told.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import jobs
from common.exceptions import DomainError
from common.models import Job
from models_registry import services
from models_registry.models import RegisterImport, Registration, Season, UploadBatch
from models_registry.registers.mapping import Mapping, SheetMapping
from models_registry.selectors.mapping import token_of
from models_registry.services import NewSeason, open_season
from organisation.models import AuditEvent
from organisation.services import give_role
from tests import registers as made
from tests.models_registry.conftest import PROVINCE, unit_of
from tests.online import person
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SAID = SheetMapping(row=1)


@pytest.fixture
def season(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Season:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 12, 31)))
    give_role(user=officer(), role="chuyen-vien-tinh", unit=unit_of("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
    return season


def officer() -> Any:
    return person(PROVINCE)


def work() -> None:
    while waiting := list(Job.objects.filter(state="queued")):
        for job in waiting:
            jobs.run(job.pk)


def content(path: Path, *titles: str) -> bytes:
    rows = [made.row(title, subject="UBND xã", place="", day="15/3/2026") for title in titles]
    return made.xlsx(path, [made.HEAD, *rows]).read_bytes()


def read(season: Season, tmp_path: Path, *names: str) -> list[RegisterImport]:
    """Uploads that wait, of Tân Lập."""
    unit = unit_of("2025/xa-tan-lap")
    uploads = [
        services.upload_register(
            file=SimpleUploadedFile(f"{name}.xlsx", content(tmp_path / "x.xlsx", name)), season=season, unit=unit, actor=officer()
        )
        for name in names
    ]
    work()
    return [RegisterImport.objects.get(pk=upload.pk) for upload in uploads]


def test_two_map_the_same_uploads_from_different_ends_and_neither_waits_for_ever(season: Season, tmp_path: Path) -> None:
    uploads = read(season, tmp_path, "Một", "Hai", "Ba")
    ids = [upload.pk for upload in uploads]

    def mapped(upload: RegisterImport) -> Any:
        return lambda: services.map_import(
            import_id=upload.pk,
            mapping=Mapping((SAID,)),
            seen=token_of(upload),
            also=[pk for pk in reversed(ids) if pk != upload.pk],
            read_as=SAID,
            actor=officer(),
        )

    done = at_once(*map(mapped, uploads))
    assert sorted(one for one in done if isinstance(one, int)) == [2]  # the first reads all three
    assert all(isinstance(one, int | DomainError) for one in done)
    assert AuditEvent.objects.filter(action="map-import").count() == 3
    work()
    assert set(RegisterImport.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"read"}


def test_of_two_who_say_otherwise_how_one_upload_is_read_the_second_is_told(season: Season, tmp_path: Path) -> None:
    (upload,) = read(season, tmp_path, "Một")
    seen = token_of(upload)
    says = [Mapping((SheetMapping(row=1, rows=rows),)) for rows in (1, 2)]
    done = at_once(
        *(
            lambda said=said: services.map_import(import_id=upload.pk, mapping=said, seen=seen, actor=officer())  # type: ignore[misc]
            for said in says
        )
    )
    assert [one for one in done if not isinstance(one, DomainError)] == [0]
    kept = RegisterImport.objects.get(pk=upload.pk).mapping
    assert kept == says[done.index(0)].to_json()


def test_an_upload_is_mapped_while_it_is_confirmed(season: Season, tmp_path: Path) -> None:
    (upload,) = read(season, tmp_path, "Một")
    confirm = lambda: services.confirm_import(import_id=upload.pk, accept_valid=True, actor=officer()).state  # noqa: E731
    mapping = lambda: services.map_import(  # noqa: E731
        import_id=upload.pk, mapping=Mapping((SAID,)), seen=token_of(upload), actor=officer()
    )
    confirmed, mapped = at_once(confirm, mapping)
    work()
    state = RegisterImport.objects.get(pk=upload.pk).state
    if isinstance(mapped, DomainError):  # it was on its way into the register
        assert (confirmed, state) == ("storing", "stored")
    else:  # it is read anew: whoever confirmed sees it before it is stored
        assert (confirmed, mapped, state) == ("reading", 0, "read")


def test_two_confirm_one_upload(season: Season, tmp_path: Path) -> None:
    (upload,) = read(season, tmp_path, "Một")
    confirm = lambda: services.confirm_import(import_id=upload.pk, accept_valid=True, actor=officer()).state  # noqa: E731
    assert at_once(confirm, confirm) == ["storing", "storing"]
    storing = [job.pk for job in Job.objects.filter(kind="store_register")]
    assert len(storing) == 1
    at_once(*(lambda: jobs.run(storing[0]) for _ in range(2)))
    assert Registration.objects.filter(season=season).count() == 1


def test_a_send_is_undone_twice_at_once_and_while_a_file_of_it_is_undone(season: Season, tmp_path: Path) -> None:
    files = [SimpleUploadedFile(f"{name}.xlsx", content(tmp_path / "x.xlsx", name)) for name in ("tan lap", "la da", "ham liem")]
    batch: UploadBatch = services.send_files(files=files, season=season, actor=officer())
    work()
    services.store_batch(batch_id=batch.pk, actor=officer())
    work()
    assert Registration.objects.filter(season=season).count() == 3
    one = RegisterImport.objects.get(file_name="la da.xlsx")
    undo = lambda: services.undo_batch(batch_id=batch.pk, actor=officer())[0]  # noqa: E731
    alone = lambda: services.undo_import(import_id=one.pk, actor=officer())  # noqa: E731
    first, second, single = at_once(undo, undo, alone)
    assert first + second + (not isinstance(single, DomainError)) == 3
    assert not Registration.objects.filter(season=season).exists()
    assert AuditEvent.objects.filter(action="undo-import").count() == 3
