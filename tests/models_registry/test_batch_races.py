"""Two at once about one send, with threads on PostgreSQL: one wins, the other finds it done, nothing is stored twice."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import jobs
from common.exceptions import DomainError
from common.models import Job
from models_registry import services
from models_registry.models import RegisterImport, Registration, UploadBatch
from models_registry.services import NewSeason, open_season
from organisation.services import give_role
from tests import registers as made
from tests.models_registry.conftest import PROVINCE, unit_of
from tests.online import person
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def batch(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UploadBatch:
    """A send of two files that were read, of Tân Lập and La Dạ."""
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 12, 31)))
    officer = person(PROVINCE)
    give_role(user=officer, role="chuyen-vien-tinh", unit=unit_of("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
    files = []
    for name in ("tan lap.xlsx", "la da.xlsx"):
        row = made.row(name, subject="UBND xã", place="", day="15/3/2026")
        files.append(SimpleUploadedFile(name, made.xlsx(tmp_path / name, [made.HEAD, row]).read_bytes()))
    sent = services.send_files(files=files, season=season, actor=officer)
    work()
    return sent


def work() -> None:
    while waiting := list(Job.objects.filter(state="queued")):
        for job in waiting:
            jobs.run(job.pk)


def titles() -> list[str]:
    return sorted(Registration.objects.filter(season__year=2026).values_list("title", flat=True))


def test_two_confirm_one_send(batch: UploadBatch) -> None:
    store = lambda: services.store_batch(batch_id=batch.pk, actor=batch.sent_by)[0]  # noqa: E731
    assert sorted(at_once(store, store)) == [0, 2]
    jobs_of_it = [job.pk for job in Job.objects.filter(kind="store_registers")]
    assert len(jobs_of_it) == 2
    at_once(*(lambda pk=pk: jobs.run(pk) for pk in jobs_of_it * 2))
    assert titles() == ["la da.xlsx", "tan lap.xlsx"]


def test_a_unit_is_changed_while_the_send_is_stored(batch: UploadBatch) -> None:
    one = batch.files.get(name="la da.xlsx")
    change = lambda: services.answer_batch(  # noqa: E731
        batch_id=batch.pk, answers={str(one.pk): "2025/xa-ham-liem"}, actor=batch.sent_by
    )
    store = lambda: services.store_batch(batch_id=batch.pk, actor=batch.sent_by)  # noqa: E731
    (changed, refused), (stored, _) = at_once(change, store)
    work()
    unit = RegisterImport.objects.get(file_name="la da.xlsx").unit.key
    if changed:  # it came first: read anew, and not stored
        assert (unit, stored, titles()) == ("2025/xa-ham-liem", 1, ["tan lap.xlsx"])
    else:
        assert "không đổi đơn vị được nữa" in refused[0]
        assert (unit, stored, titles()) == ("2025/xa-la-da", 2, ["la da.xlsx", "tan lap.xlsx"])


def test_a_send_is_thrown_away_while_it_is_stored(batch: UploadBatch) -> None:
    store = lambda: services.store_batch(batch_id=batch.pk, actor=batch.sent_by)  # noqa: E731
    discard = lambda: services.discard_batch(batch_id=batch.pk, actor=batch.sent_by)  # noqa: E731
    stored, discarded = at_once(store, discard)
    work()
    assert discarded == 2
    assert isinstance(stored, DomainError) or stored[0] == 2
    assert titles() == []
    assert not RegisterImport.objects.filter(state__in=["reading", "read", "storing", "stored"], season=batch.season).exists()


def test_a_file_is_looked_at_twice_at_once(batch: UploadBatch, tmp_path: Path) -> None:
    content = made.xlsx(
        tmp_path / "x.xlsx", [["ĐẢNG ỦY XÃ HÀM LIÊM"], made.HEAD, made.row(day="15/3/2026", place="")]
    ).read_bytes()
    file = SimpleUploadedFile("x.xlsx", content)
    services.send_files(files=[file], season=batch.season, actor=batch.sent_by, batch_id=batch.pk)
    one = batch.files.get(name="x.xlsx")
    look = lambda: services.look_at_file(file_id=one.pk)  # noqa: E731
    assert at_once(look, look) == [None, None]
    assert RegisterImport.objects.filter(file_name="x.xlsx").count() == 1
    assert Job.objects.filter(kind="read_register", arguments__import_id=str(batch.files.get(pk=one.pk).imported_id)).count() == 1
