from uuid import UUID

from celery import shared_task

from common import jobs


@shared_task(name="common.run_job")
def run_job(job_id: str) -> None:
    jobs.run(UUID(job_id))


@shared_task(name="common.sweep_jobs")
def sweep_jobs() -> None:
    jobs.sweep()
