"""A frozen report beside a later count: which rows came or went, when, by whom, why."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import jobs
from models_registry.models import Registration, Season
from models_registry.services import import_register
from models_registry.services.texts import withdraw
from recognition.models import Decision, Recognition
from recognition.services import revoke
from reports.exports.files import papers_of
from reports.models import Report
from reports.selectors import recounting
from reports.services import answer_finding, freeze_report, make_now
from tests import registers
from tests.online import person

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DAY = date(2023, 10, 15)


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


@pytest.fixture
def frozen(season: Season, unit: Any) -> Report:
    with time_machine.travel("2030-01-16T03:00:00Z", tick=False):
        staff = person("tinh.chuyenvien")
        report = make_now(kind="tong-hop-15-10", season=season, unit=unit("binh-thuan"), day=DAY)
        for one in report.problems:
            answer_finding(report_id=report.pk, key=one["key"], words="Đã hỏi.", actor=staff)
        return freeze_report(report_id=report.pk, build=1, suffix="", papers=papers_of, actor=person("tinh.lanhdao"))


def test_nothing_moved(frozen: Report) -> None:
    found = recounting.beside(frozen)
    assert {one.slug: (one.then, one.now) for one in found}["dang-ky"] == (746, 746)
    assert not recounting.moved_ids(found)


def test_a_withdrawal_dated_back_is_told_with_who_and_why(frozen: Report, unit: Any) -> None:
    rows = Registration.objects.filter(season=frozen.season, unit=unit("ham-thuan-bac"), registered_on__lte=date(2023, 10, 1))
    row = rows.filter(withdrawn_on=None, recognitions=None, dossiers=None).first()
    assert row
    with time_machine.travel("2030-01-20T02:30:00Z", tick=False):
        actor = person("hamthuanbac.chuyenvien")
        withdraw(registration=row, withdrawn_on=date(2023, 10, 10), note="Hộ chuyển đi nơi khác", actor=actor)
    found = recounting.beside(frozen)
    now = {one.slug: one for one in found}
    assert (now["dang-ky"].then, now["dang-ky"].now, now["dang-ky"].went) == (746, 745, frozenset({row.pk}))
    (moved,) = recounting.moved(frozen, found, recounting.moved_ids(found))
    assert moved.row == row and "ra khỏi mô hình đăng ký cấp huyện" in moved.moves
    (act,) = moved.acts
    assert (
        act.actor_name == str(actor)
        and act.note.endswith("Hộ chuyển đi nơi khác")
        and act.at.isoformat()[:16] == "2030-01-20T02:30"
    )
    assert act.action in recounting.ACTS


def test_an_upload_that_comes_later_is_told(frozen: Report, unit: Any, tmp_path: Any) -> None:
    htb = unit("ham-thuan-bac")
    with time_machine.travel("2030-02-02T02:30:00Z", tick=False):
        line = registers.row("Bếp ấm vùng biển", place="Xã Hàm Hiệp", subject="Chi bộ thôn Phú Lập", day="3/9/2023")
        file = registers.xlsx(tmp_path / "so.xlsx", [registers.HEAD, line])
        report = import_register(path=file, season=frozen.season, unit=htb, actor=person("hamthuanbac.chuyenvien"))
        assert report.saved, report.rejected
    found = recounting.beside(frozen)
    (pk,) = recounting.moved_ids(found, "dang-ky")
    (moved,) = recounting.moved(frozen, found, [pk])
    assert moved.row and moved.row.title == "Bếp ấm vùng biển" and moved.moves[0] == "thêm vào mô hình đăng ký cấp huyện"
    assert [recounting.ACTS[act.action] for act in moved.acts] == ["Nạp sổ"]


def test_a_revoked_recognition_is_told_and_a_deleted_row_is_still_listed(frozen: Report, unit: Any) -> None:
    given = Recognition.objects.filter(registration__season=frozen.season, decision__decided_on__lte=DAY).first()
    assert given
    with time_machine.travel("2030-03-01T02:00:00Z", tick=False):
        decision = Decision.objects.create(
            issuer=given.decision.issuer, number="9-QĐ/HU", decided_on=date(2023, 10, 14), issuer_name="x", level=given.level
        )
        revoke(recognition_id=given.pk, decision=decision, actor=person("tinh.chuyenvien"))
    found = recounting.beside(frozen)
    (pk,) = recounting.moved_ids(found, "cap-huyen")
    assert pk == given.registration_id
    acts = recounting.moved(frozen, found, [pk])[0].acts
    assert [recounting.ACTS[act.action] for act in acts] == ["Hủy công nhận"]
    free = Registration.objects.filter(
        season=frozen.season, recognitions=None, dossiers=None, registered_on__lte=DAY, withdrawn_on=None
    )
    lost = free.first()
    assert lost
    lost_pk = lost.pk
    lost.delete()
    found = recounting.beside(frozen)
    (gone,) = recounting.moved(frozen, found, recounting.moved_ids(found, "dang-ky"))
    assert (gone.pk, gone.row, gone.acts) == (lost_pk, None, [])


def test_the_same_number_of_queries_for_one_and_for_three(frozen: Report) -> None:
    ids = list(Registration.objects.filter(season=frozen.season, registered_on__lte=DAY).values_list("pk", flat=True)[:3])
    counts = []
    for number in (1, 3):
        Registration.objects.filter(pk__in=ids[:number]).update(withdrawn_on=date(2023, 10, 1), state="withdrawn")
        found = recounting.beside(frozen)
        with CaptureQueriesContext(connection) as queries:
            assert len(recounting.moved(frozen, found, recounting.moved_ids(found))) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10, counts
