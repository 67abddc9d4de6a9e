"""What a review found: each was a leak, a crash or a wrong figure once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from models_registry.models import EmulationModel, RegisterImport, Registration
from models_registry.services import NewSeason, import_register, open_season
from organisation.models import AuditEvent, Level, Unit, UnitVersion, User
from recognition.models import Decision, Recognition
from recognition.services import revoke
from reports.selectors import tally
from tests import registers as made
from tests.pages import confirmed
from tests.recognition.test_outcomes import FULL, counts, registered, take  # noqa: F401  the fixture and its maker

pytestmark = pytest.mark.both


@pytest.fixture
def administrator(client: Client, user: Any) -> Client:
    client.force_login(user("quantri"), backend="django.contrib.auth.backends.ModelBackend")
    return confirmed(client)


def test_a_password_never_reaches_the_audit_trail(administrator: Client) -> None:
    inline = {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    data = {
        "username": "moi",
        "full_name": "Người mới",
        "usable_password": "true",
        "password1": "Sieu-Bi-Mat-99",
        "password2": "Sieu-Bi-Mat-99",
    }
    response = administrator.post("/lam-viec/quan-tri/organisation/user/add/", data | inline)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert User.objects.get(username="moi").check_password("Sieu-Bi-Mat-99")
    event = AuditEvent.objects.get(action="add-by-administrator")
    assert event.changes["username"] == ["", "moi"]
    assert "Sieu-Bi-Mat-99" not in str(list(AuditEvent.objects.values()))


def test_a_title_that_comes_back_after_a_correction(new_season: Any, unit: Any, tmp_path: Path) -> None:
    def send(*lines: list[Any]) -> tuple[int, int, int]:
        path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines])
        report = import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
        return report.created, report.updated, report.unchanged

    other, old, mended = made.row("Khác hẳn"), made.row("Tuyến đường hoa"), made.row("Tuyến đường hoa đẹp")
    assert send(other, old) == (2, 0, 0)
    assert send(other, mended) == (0, 1, 1)
    assert send(other, mended, old) == (1, 0, 2)
    assert EmulationModel.objects.filter(registrations__season=new_season).values("slug").distinct().count() == 3


def test_a_day_after_the_withdrawal_is_refused_not_a_crash(new_season: Any, unit: Any, tmp_path: Path) -> None:
    for day, refused in (("15/3/2024", []), ("20/5/2024", ["withdrawn_before"])):
        path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(day=day)])
        report = import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
        assert [r["code"] for r in report.rejected] == refused
        Registration.objects.filter(season=new_season).update(withdrawn_on=date(2024, 4, 1), state="withdrawn")


def test_a_unit_that_ended_can_still_be_filtered_by(client: Client, db: None) -> None:
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 10, 15)))
    later, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    model = EmulationModel.objects.create(slug="m", title="m", unit=Unit.objects.get(key="2025/xa-tuyen-quang"), identity_key="m")
    template = Registration.objects.filter(is_latest=True)[0]
    template.pk, template.model, template.season, template.unit, template.identity_key = None, model, later, model.unit, "m"
    template.save()
    for address in ("/mo-hinh/?nam=2023&don-vi=phan-thiet", "/mo-hinh/?don-vi=phan-thiet"):
        html = " ".join(client.get(address).content.decode().split())
        assert "không hiểu" not in html
        assert '<span class="num">92</span> mô hình' in html


def test_recognised_anew_after_a_revocation(registered: Any, tmp_path: Path, unit: Any) -> None:  # noqa: F811
    take(registered, tmp_path, FULL)
    first = Recognition.objects.get(decision__number="12-QĐ/ThU")
    against = Decision.objects.create(
        number="20-QĐ/ThU",
        decided_on=date(2024, 11, 5),
        issuer=unit("phan-thiet"),
        issuer_name="x",
        level=Level.objects.get(key="district"),
    )
    revoke(recognition_id=first.pk, decision=against, actor=None)
    anew = FULL | {"district_decision": "30-QĐ/ThU", "district_on": "2024-12-01"}
    assert counts(take(registered, tmp_path, anew)) == (0, 1, 0)
    first.refresh_from_db()
    assert (first.decision.number, first.revoked_on) == ("12-QĐ/ThU", date(2024, 11, 5))
    on = {day: tally(registered, day).district_recognised for day in (date(2024, 10, 1), date(2024, 11, 6), date(2024, 12, 1))}
    assert list(on.values()) == [1, 0, 1]


def test_a_corrected_decision_is_on_record(registered: Any, tmp_path: Path) -> None:  # noqa: F811
    take(registered, tmp_path, FULL)
    assert counts(take(registered, tmp_path, FULL | {"district_decision": "13-QĐ/ThU"})) == (0, 1, 0)
    assert AuditEvent.objects.get(action="correct-recognition").changes == {"decision": ["12-QĐ/ThU", "13-QĐ/ThU"]}


@pytest.mark.parametrize(
    "address", ["/so-lieu/danh-sach/?don-vi=%00", "/mo-hinh/?q=a%00", "/so-lieu/danh-sach/?linh-vuc=a%00", "/mo-hinh/a%00/"]
)
def test_a_nul_is_turned_away(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/dang-nhap/", "/yeu-cau-sua/", "/lam-viec/nhan-rong/mo/"])
@pytest.mark.parametrize("sent", [{"mo-hinh": "a\x00"}, {"login": "\x00"}, {"a\x00": "b"}])
def test_a_nul_is_not_sent_either(administrator: Client, address: str, sent: dict[str, str]) -> None:
    """On PostgreSQL it was a failure of the page."""
    assert administrator.post(address, sent).status_code == 400


def test_a_body_that_no_page_takes_is_turned_away_unread(client: Client, db: None) -> None:
    response = client.post("/dang-nhap/", b"x", content_type="text/plain", CONTENT_LENGTH=str(60 * 1024 * 1024))
    assert response.status_code == 413


def test_officers_pages_are_kept_by_no_cache(administrator: Client) -> None:
    assert "no-store" in administrator.get("/lam-viec/")["Cache-Control"]
    assert administrator.get("/so-lieu/")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "proxies, forwarded, address",
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1:4711", "1.1.1.1"),
        (1, "::ffff:1.1.1.1", "1.1.1.1"),
        (1, "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::"),
        (1, "fe80::1%eth0", "fe80::"),
        (1, "6.6.6.6, unknown", "9.9.9.9"),
        (1, "1.1.1.1\x00", "9.9.9.9"),
        (2, "'; DROP TABLE, 1.1.1.1", "9.9.9.9"),
    ],
)
def test_the_visitors_address_behind_proxies(rf: Any, settings: Any, proxies: int, forwarded: str, address: str) -> None:
    from organisation.lockout import address_of

    settings.PROXY_COUNT = proxies
    assert address_of(rf.get("/", REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_an_upload_is_seen_by_the_season_it_belongs_to(user: Any, unit: Any, season: Any) -> None:
    from models_registry.selectors import imports_visible_to

    later, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 10, 15)))
    commune = unit("ham-thuan-bac/xa-ham-hiep")
    UnitVersion.objects.create(
        unit=commune,
        name="Đảng ủy xã mới",
        level=Level.objects.get(key="commune"),
        parent=unit("lam-dong"),
        valid_from=date(2025, 7, 1),
    )
    mine = RegisterImport.objects.create(season=season, unit=unit("ham-thuan-bac"), file_name="a")
    RegisterImport.objects.create(season=later, unit=commune, file_name="b")
    seen = set(imports_visible_to(user("hamthuanbac.chuyenvien")))
    assert mine in seen and not any(one.unit == commune for one in seen)


@pytest.mark.long
def test_the_demo_keeps_a_password_that_was_changed(user: Any, settings: Any) -> None:
    from portal import demo

    person = user("quantri")
    person.set_password("cua-rieng-toi")
    person.save()
    settings.DEMO_PASSWORD = ""
    demo.load()
    assert user("quantri").check_password("cua-rieng-toi")


@pytest.mark.parametrize("missing", ["predecessor", "successor", "effective_on"])
def test_an_empty_box_of_a_succession_is_told(administrator: Client, unit: Any, missing: str) -> None:
    data = {"predecessor": unit("phan-thiet").pk, "successor": unit("lam-dong").pk, "effective_on": "01/07/2025", "kind": "merge"}
    del data[missing]
    assert administrator.post("/lam-viec/quan-tri/organisation/unitsuccession/add/", data).status_code == 200


def test_a_year_out_of_reach_is_refused(administrator: Client, season: Any) -> None:
    data = {
        "year": 30000,
        "period": season.period_id,
        "opens_on": "01/01/2024",
        "closes_on": "31/12/2024",
        "cutoff_on": "15/10/2024",
        "check_days": 7,
        "mend_days": 7,
    }
    html = administrator.post(f"/lam-viec/quan-tri/models_registry/season/{season.pk}/change/", data).content.decode()
    assert "1990 đến 2100" in html


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_before_a_long_transaction_ends(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    from common import jobs
    from common.models import Job

    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    seen: list[int] = []

    @jobs.work("test-long")
    def _long(progress: jobs.Progress) -> None:
        with transaction.atomic():
            Level.objects.select_for_update().first()
            progress.beside(7, doing="Đang nạp sổ")
            seen.append(Job.objects.get(kind="test-long").progress)
            jobs.sweep()

    jobs.run(jobs.enqueue("test-long").pk)
    assert (seen, Job.objects.get(kind="test-long").state) == ([7], "done")


def test_outcomes_do_not_touch_what_they_do_not_name(registered: Any, tmp_path: Path) -> None:  # noqa: F811
    take(registered, tmp_path, FULL)
    before = list(Recognition.objects.order_by("pk").values())
    only = {
        **dict.fromkeys(FULL, ""),
        "unit": "phan-thiet",
        "title": "Tổ tự quản",
        "subject": "Công an",
        "proposed_on": "2024-10-03",
    }
    assert counts(take(registered, tmp_path, only)) == (1, 0, 0)
    assert list(Recognition.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("nothing_kept")
def test_uploads_cost_as_many_queries_in_five_seasons_as_in_one(user: Any, season: Any, django_assert_num_queries: Any) -> None:
    from models_registry.selectors import imports_visible_to

    for year in (2021, 2022, 2024, 2025):
        officer = user("hamthuanbac.chuyenvien")
        with django_assert_num_queries(5):  # memberships, the tree of units, what they followed, seasons, the uploads
            assert len(list(imports_visible_to(officer))) == 1
        open_season(NewSeason.of_year(year, "2021-2025", date(year, 10, 15)))
