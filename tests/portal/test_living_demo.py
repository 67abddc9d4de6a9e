"""The demo of today on top of its first season: figures, work for each account, nothing twice, whatever the clock says."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from common.dates import today
from common.exceptions import DomainError
from common.remember import forget
from models_registry.models import Attachment, Registration, RegistrationStep, Season
from models_registry.selectors import seasons, working_season
from models_registry.selectors.scope import DRAWN
from models_registry.selectors.tasks import tasks_of
from organisation.models import AuditEvent, User
from organisation.selectors.units import reporting_units
from portal import demo
from portal.demo import reset, sent
from portal.demo.files import DEMO, rows_of, years
from recognition.enums import Phase
from recognition.models import Decision, Dossier, Recognition, RecognitionRound, ScoreSheet
from reports.models import Report
from reports.selectors import tally
from reports.selectors.dashboard import dashboard
from reports.services.freezing import is_intact
from reports.views.dashboard import _deadlines
from tests.conftest import DEMO as PAPERS
from tests.stages import step

FIRST, LATER = years()[0].year, [known.year for known in years()[1:]]
WORK = {  # account -> how its tasks begin, each once
    "quantri": ["Xác nhận 1 vai trò"],
    "quantri2": ["Xác nhận 1 vai trò"],
    "tinh.chuyenvien": ["Giao", "Nối", f"Xét 3 đăng ký năm {FIRST}"],
    "tinh.lanhdao": ["Giao", "Xem và chốt báo cáo năm"],
    "hamthuanbac.chuyenvien": ["Nối", f"Xét 3 đăng ký năm {FIRST}"],
    "hamthuanbac.lanhdao": [f"Xét 3 đăng ký năm {FIRST}"],
    "hamhiep.canbo": ["Sửa theo ý kiến năm 2023"],
    "phanthiet.chuyenvien": ["Nối"],
    "duclinh.chuyenvien": ["Nối"],
    "lamdong.chuyenvien": [
        "Giao",
        "Xem 1 hồ sơ",
        "Xét 6",
        f"Xét 3 đăng ký năm {FIRST}",
        "4 nơi chưa đăng ký",
        "Nối",
        "3/4 đơn vị nhân rộng chậm",
    ],
    "lamdong.lanhdao": ["Giao", "Xem và chốt báo cáo tháng", "Duyệt dự thảo"],
    "lamdong.hoidong1": ["Biểu quyết 2", "Chấm 1"],
    "lamdong.hoidong2": ["Biểu quyết 2", "Chấm 2"],
    "lamdong.hoidong3": ["Xem lại điểm hồ sơ 1", "Biểu quyết 2", "Chấm 2"],
    "binhthuan.canbo": [
        "Sửa theo ý kiến: “Tổ",
        "Sửa theo ý kiến năm 2023: “Tiếng",
        "Viết tiếp",
        "Chép",
        "Ghi kết quả",
        "Nhân rộng: Học theo",
    ],
    "binhthuan.chuyenvien": [
        "Xét 3 đăng ký đang chờ",
        f"Xét 3 đăng ký năm {FIRST}",
        "Chép",
        "Nhân rộng: Học theo",
    ],
    "binhthuan.lanhdao": ["Xét 3 đăng ký đang chờ", f"Xét 3 đăng ký năm {FIRST}"],
    "hamthuan.canbo": ["Làm tiếp 1 hồ sơ", "Sửa theo ý kiến", "Viết tiếp", "Chép", "Ghi kết quả", "Nhân rộng: Học theo"],
    "hamthuan.chuyenvien": [
        "Xét 3 đăng ký đang chờ",
        "Làm tiếp 1 hồ sơ",
        "Chép",
        "Nối",
        "Nhân rộng: Học theo",
    ],
    "hamthuan.lanhdao": ["Xét 3 đăng ký đang chờ"],
}
IN_EXTRAS = {"hoidong1", "hoidong2", "hoidong3"}  # their round comes with `load_extras`
NEXT_YEAR = datetime(years()[-1].year + 1, 2, 10, 3, tzinfo=UTC)


@step("living")
def _living() -> Season:
    """All after the first season, loaded on a day late in the year of the newest registers."""
    with time_machine.travel(datetime(years()[-1].year, 11, 26, 3, tzinfo=UTC), tick=False):
        assert demo.load_living() > 0
    return Season.objects.latest("year")


@pytest.fixture
def november() -> Any:
    with time_machine.travel(datetime(years()[-1].year, 11, 26, 4, tzinfo=UTC), tick=False):
        yield


pytestmark = [pytest.mark.long, pytest.mark.stage("living"), pytest.mark.usefixtures("november")]


@pytest.mark.parametrize("year", [FIRST, *LATER])
def test_each_season_has_its_figures(stage: Season, year: int) -> None:
    season = Season.objects.get(year=year)
    for expected in json.loads((PAPERS / f"season-{year}" / "expected.json").read_text())["tallies"]:
        assert _asked(tally(season, date.fromisoformat(expected["as_of"])).as_dict(), expected) == expected


def _asked(found: Any, expected: Any) -> Any:
    """Of what was found that of which something is expected."""
    return {name: _asked(found[name], asked) for name, asked in expected.items()} if isinstance(expected, dict) else found


def test_the_newest_season_is_open_with_its_cutoff_ahead(stage: Season) -> None:
    assert (stage.year, stage.opens_on <= today() <= stage.closes_on, stage.cutoff_on >= today()) == (today().year, True, True)
    assert [season.is_illustrative for season in seasons()] == [True] * len(years())


def test_each_account_opens_on_work_of_its_own(stage: Season) -> None:
    assert set(WORK) | IN_EXTRAS == set(demo.names())
    for name, wanted in WORK.items():
        person = User.objects.get(username=name)
        season = working_season(person)
        assert season is not None
        mine = tasks_of(person, season)
        assert mine is not None, name
        titles = [task.title for task in mine.tasks]
        assert [sum(title.startswith(begin) for title in titles) for begin in wanted] == [1] * len(titles), (name, titles)


def test_the_province_has_a_round_in_each_phase(stage: Season) -> None:
    rounds = list(RecognitionRound.objects.filter(unit__key="lam-dong").order_by("number"))
    assert [one.phase for one in rounds] == list(reversed(Phase))  # the one that is over was opened first


def test_each_phase_of_a_round_stands_on_its_own_day(stage: Season) -> None:
    """A fortnight lies between two; what was recognised by the unit comes before its proposal, all of that before today."""
    for one in RecognitionRound.objects.filter(unit__key="lam-dong"):
        steps = list(one.steps.order_by("pk"))
        opened = AuditEvent.objects.get(action="open-round", target_type=one._meta.label_lower, target_id=one.pk)
        days = [timezone.localdate(at) for at in (opened.at, *(step.at for step in steps))]
        assert {after - before for before, after in pairwise(days)} <= {timedelta(days=14)}
        assert days[-1] == today() - timedelta(days=8)
        planned = [one.propose_from, one.propose_until, one.score_until, one.meet_on, one.decide_by]
        assert planned == sorted(planned)
    proposed = Dossier.objects.filter(round__unit__key="lam-dong", proposed_on__isnull=False)
    own = Recognition.objects.filter(registration__in=proposed.values("registration"), level__gathers_registers=False)
    recognised = dict(own.values_list("registration", "decision__decided_on"))
    for dossier in proposed.select_related("registration"):
        assert dossier.registration.registered_on < recognised[dossier.registration_id] < dossier.proposed_on < today()
    sheets = ScoreSheet.objects.filter(member__round__unit__key="lam-dong", sent_at__isnull=False)
    assert len({timezone.localdate(at) for at in sheets.values_list("sent_at", flat=True)}) == 5
    decided = Decision.objects.filter(round__unit__key="lam-dong")
    assert [one.decided_on for one in decided] == [today() - timedelta(days=17)]


def test_what_was_sent_and_returned_stands_on_days_of_its_own(stage: Season) -> None:
    steps = RegistrationStep.objects.filter(registration__in=Registration.objects.filter(sheet__isnull=False))
    sent = {timezone.localdate(at) for at in steps.filter(action="submit").values_list("at", flat=True)}
    back = {timezone.localdate(at) for at in steps.filter(action="return").values_list("at", flat=True)}
    assert (len(sent), max(sent) < today(), back) == (4, True, {today() - timedelta(days=2)})


def test_the_dashboard_has_numbers_of_a_year_under_way(stage: Season) -> None:
    """Some have sent the report that fell due last, some are late; one step of a round falls on one day, none is long past."""
    staff = User.objects.get(username="lamdong.chuyenvien")
    found = dashboard(staff, stage, list(reporting_units(today())), today())
    assert 24 <= sum(line.has_reported for line in found.lines) <= 100
    frozen = Report.objects.filter(season=stage, state="frozen")
    assert all(is_intact(report) for report in frozen[:2])
    days = [one.day for one in _deadlines(found, {}) if one.linked.startswith("đợt")]
    assert len(days) >= 6 and days.count(today()) <= 1
    mine = tasks_of(staff, stage)
    assert mine is not None and mine.late == 0
    assert not User.objects.get(username=sent.SENDER).has_usable_password()


@pytest.mark.parametrize("unit", ["binhthuan", "hamthuan"])
@pytest.mark.parametrize("who", ["canbo", "chuyenvien", "lanhdao"])
def test_a_communes_list_begins_with_registrations(stage: Season, unit: str, who: str) -> None:
    mine = tasks_of(User.objects.get(username=f"{unit}.{who}"), stage)
    assert mine is not None and mine.tasks[0].kind == "dang-ky" and mine.late == 0


@pytest.mark.parametrize("address", ["/lam-viec/", "/", "/mo-hinh/"])
def test_each_first_page_answers(stage: Season, address: str) -> None:
    for name in demo.names():
        client = Client()
        client.force_login(User.objects.get(username=name))
        assert client.get(address).status_code == 200, name


def test_loading_again_changes_nothing_and_leaves_alone_what_people_made_of_it(stage: Season) -> None:
    row = Registration.objects.in_register().filter(season=stage).latest("pk")
    Registration.objects.filter(pk=row.pk).update(title="Tên do cán bộ sửa")
    before = AuditEvent.objects.count()
    assert (demo.load_living(), AuditEvent.objects.count(), demo.is_whole()) == (0, before, True)
    assert Registration.objects.get(pk=row.pk).title == "Tên do cán bộ sửa"


def test_what_was_typed_is_not_marked_as_made_up(stage: Season) -> None:
    typed = Registration.objects.filter(season=stage, sheet__isnull=False)
    assert typed.exists() and not any(row.is_illustrative for row in typed)
    assert Registration.objects.in_register().filter(season=stage)[0].is_illustrative


def test_pictures_say_that_they_are_illustrations(stage: Season) -> None:
    photos = Attachment.objects.filter(sent_by=None)
    assert {photo.file_name for photo in photos} == {row["file"] for row in rows_of(DEMO / "pictures" / "pictures.csv")}
    assert all(photo.caption.startswith(f"{DRAWN}: ") and photo.may_be_shown for photo in photos)


def test_what_the_units_of_the_year_recognised_and_proposed_comes_before_what_the_province_did(stage: Season) -> None:
    found = tally(stage, today())
    assert found.registered > found.district_recognised > found.province_proposed > found.province_recognised > 0
    assert found.recognising_units > 60 and found.proposing_units > 20
    proposed = Dossier.objects.filter(registration__season=stage, proposed_on__isnull=False)
    assert not proposed.filter(registration__own_rank__isnull=True).exists()
    days = set(proposed.values_list("proposed_on", flat=True))
    assert len(days) > 10 and max(days) <= today()


def test_a_new_year_opens_its_season_and_most_models_go_on(stage: Season) -> None:
    with time_machine.travel(NEXT_YEAR, tick=False):
        forget()
        assert not demo.is_whole() and demo.load_living() > 0
        assert demo.is_whole() and demo.load_living() == 0
        season = Season.objects.latest("year")
        assert (season.year, season.cutoff_on >= today()) == (NEXT_YEAR.year, True)
        rows = Registration.objects.in_register().filter(season=season)
        assert rows.exists() and not rows.filter(registered_on__gte=today()).exists()
        gone_on = rows.filter(model__registrations__season__year=years()[-1].year).count()
        assert gone_on > 0.9 * rows.count()  # of some, two models fit equally: those are asked about
        mine = tasks_of(User.objects.get(username="binhthuan.canbo"), season)
        assert mine is not None
        titles = " ".join(task.title for task in mine.tasks)
        assert all(begin in titles for begin in ("Sửa theo ý kiến", "Viết tiếp bản nháp", "Chép "))


def test_the_login_page_of_a_demo_alone_says_what_to_try(stage: Season, client: Client, settings: Any) -> None:
    assert "Thử trong 5 phút" not in client.get("/dang-nhap/").content.decode()
    settings.DEMO = True
    page = client.get("/dang-nhap/?login=quantri").content.decode()
    assert "Thử trong 5 phút" in page and 'value="quantri"' in page
    User.objects.filter(username="quantri").update(is_active=False)
    assert 'login=quantri"' not in client.get("/dang-nhap/").content.decode()


def test_a_portal_in_earnest_is_never_reset(stage: Season) -> None:
    reset.check_demo()
    Season.objects.filter(pk=stage.pk).update(is_illustrative=False)
    with pytest.raises(DomainError, match="đã dùng thật"):
        reset.check_demo()
