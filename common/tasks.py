from uuid import UUID

from celery import shared_task

from common import jobs
from common.freed_memory import give_back
from common.held import forget_held as forget_held_files


@shared_task(name="common.run_job")
def run_job(job_id: str) -> None:
    jobs.run(UUID(job_id))
    give_back()


@shared_task(name="common.sweep_jobs")
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task(name="common.forget_held")
def forget_held() -> None:
    forget_held_files()
