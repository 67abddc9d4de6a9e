"""What the background and the clock do for reports."""

from celery import shared_task

from common.exceptions import DomainError
from common.jobs import Progress, work
from reports import services
from reports.exports.files import papers_of
from reports.models import Report


@work("build_report")
def build_report(progress: Progress, *, report_id: int) -> None:
    def tell(step: int) -> None:
        progress(step, total=len(services.STEPS), doing=services.STEPS[step])

    def try_papers(report: Report) -> None:
        papers_of(report)

    try:
        services.build_report(report_id=report_id, progress=tell, try_papers=try_papers)
    except DomainError as refused:
        services.tell_failed(report_id=report_id, why=str(refused))
        raise
    except OSError as error:
        services.tell_failed(report_id=report_id, why=services.NO_ROOM)
        raise DomainError(services.NO_ROOM) from error


@shared_task(name="reports.make_due")
def make_due() -> None:
    services.make_due()


@shared_task(name="reports.remind")
def remind() -> None:
    services.remind_due()
