"""What the background does for registers; `common.jobs` wakes these."""

from uuid import UUID

from celery import shared_task

from common.jobs import Progress, work
from models_registry import services


@work("read_register")
def read_register(progress: Progress, *, import_id: str) -> None:
    services.read_import(import_id=UUID(import_id), tell=lambda n: progress(n, doing="Đang đọc sổ"))


@work("store_register")
def store_register(progress: Progress, *, import_id: str) -> None:
    services.store_import(import_id=UUID(import_id), tell=lambda n: progress.beside(n, doing="Đang nạp sổ"))


@work("prepare_photo")
def prepare_photo(progress: Progress, *, attachment_id: str) -> None:
    services.prepare_photo(attachment_id=UUID(attachment_id), progress=progress)


@shared_task(name="models_registry.count_words")
def count_words() -> None:
    services.count_words()


@shared_task(name="models_registry.remind")
def remind() -> None:
    services.remind()


@shared_task(name="models_registry.forget_rows")
def forget_rows() -> None:
    services.forget_rows()
