"""Reports that communes of the demo sent: what a province sees of those that have, beside those that are late."""

from datetime import date, timedelta

from common.dates import today
from models_registry.models import Season
from organisation.selectors.units import reporting_units
from organisation.services import give_role, open_account
from portal.demo.accounts import head_unit
from portal.demo.files import of_season
from reports.exports.files import papers_of
from reports.selectors.dashboard import reports_due
from reports.selectors.overview import REMINDED
from reports.services import freeze_report, make_now
from reports.services.clock import due_between

SENDER, NAME, ROLE = "minhhoa.lanhdao", "Lãnh đạo các nơi đã gửi báo cáo (minh họa)", "lanh-dao-huyen"
EACH = 4  # of so many units one has sent its report
"""All by one person without a password, so that nobody comes in as their leader."""


def send_reports(season: Season) -> int:
    """The report that fell due last, of each fourth unit; and all that fell due, of the units that people come in to try, so that
    their lists begin with registrations. Returns how many were sent.
    """
    due, _ = reports_due(season, today())
    if due is None:
        return 0
    leader, _ = open_account(username=SENDER, full_name=NAME, password=None, actor=None)
    head = list(of_season("letterheads.csv", first=False))[-1]
    since = date.fromisoformat(head["valid_from"])
    tried = {row["unit"] for row in of_season("accounts.csv", first=False)}
    listed = list(reporting_units(due.day))
    each, own = listed[::EACH], [version for version in listed if version.unit.key in tried]
    for version in {version.pk: version for version in (*each, *own)}.values():
        give_role(user=leader, role=ROLE, unit=version.unit, starts_on=since, actor=None)
        head_unit(version.unit, head | {"body_name": version.name, "place": version.short_name})
    recent = Season.objects.order_by("-year")[:2]
    reminded = due_between(today() - REMINDED, today() - timedelta(days=1), recent)
    sending = {(due.kind.slug, season, due.day, version.unit): None for version in each}
    sending |= {(kind.slug, of, day, version.unit): None for version in own for kind, of, day in reminded}
    for kind, of, day, unit in sending:  # once the roles are there: a person remembers them
        report = make_now(kind=kind, season=of, unit=unit, day=day)
        freeze_report(report_id=report.pk, build=report.build, suffix=head["suffix"], papers=papers_of, actor=leader)
    return len(sending)
