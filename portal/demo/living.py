"""The demo of today: the seasons after the first, up to this year's, and work for each account."""

from datetime import date, timedelta

from common.dates import today
from common.remember import forget
from models_registry.models import Season
from models_registry.services import count_words
from organisation.models import Unit, User
from organisation.services import give_role, load_units
from portal.demo import accounts
from portal.demo.files import DEMO, years
from portal.demo.phases import STAFF, show_phases
from portal.demo.pictures import show_pictures
from portal.demo.seasons import load_later_seasons
from portal.demo.sent import send_reports
from portal.demo.spread import show_living_spread
from portal.demo.steps import WHOLE, once
from portal.demo.work import show_work
from reports.enums import Weight
from reports.services import answer_finding, make_now

FIRST_STAFF = "tinh.chuyenvien"
WAITING_ROLES = (  # who gives it, to whom, in which unit of today
    ("quantri", "phanthiet.chuyenvien", "2025/phuong-phan-thiet"),
    ("quantri2", "duclinh.chuyenvien", "2025/xa-duc-linh"),
)
SEEN = "Đã xem lại (minh họa)."


def load_living() -> int:
    """All after the first season. Returns how much was new; begun again where it was cut off."""
    made: int = load_units(units=DEMO / "later_units.csv", successions=DEMO / "later_unit_successions.csv")["changed"]
    forget()  # a process that has read the units before does not know these
    made += load_later_seasons()
    made += accounts.open_accounts(first=False)
    accounts.head_papers(first=False)
    first = Season.objects.get(year=years()[0].year)
    newest, yesterday = Season.objects.latest("year"), today() - timedelta(days=1)
    made += once("work", first, lambda: show_work(first, first=True))
    if newest.opens_on <= today():  # else the clock is wrong: there is nothing to do in a year to come
        made += once("work", newest, lambda: show_work(newest, first=False))
        made += once("rounds", newest, show_phases)
        made += once("reports sent", newest, lambda: send_reports(newest))
        made += once("spread", newest, lambda: show_living_spread(newest))
        made += once("roles that wait", first, _give_roles)
        made += once("report", newest, lambda: _report("thang", newest, STAFF, max(newest.opens_on, yesterday)))
    made += once("report", first, lambda: _report("nam", first, FIRST_STAFF, first.ends_on))
    made += once("pictures", first, show_pictures)
    if made:
        count_words()
    return made + once(WHOLE, newest, lambda: 0)


def _give_roles() -> None:
    """Each administrator gives a role over results, for the other to confirm."""
    for administrator, name, key in WAITING_ROLES:
        person = User.objects.get(username=name)
        give_role(
            user=person,
            role=person.memberships.earliest("pk").role,
            unit=Unit.objects.get(key=key),
            starts_on=today(),
            actor=User.objects.get(username=administrator),
        )


def _report(kind: str, season: Season, writer: str, day: date) -> None:
    """A report for the leader to freeze: counted, its questions answered."""
    staff = User.objects.get(username=writer)
    if not staff.is_active:  # closed since, by who tries the demo
        return
    report = make_now(kind=kind, season=season, unit=accounts.unit_of(writer), day=day)
    for finding in report.problems:
        if finding["weight"] == Weight.ASKS:
            answer_finding(report_id=report.pk, key=finding["key"], words=SEEN, actor=staff)
