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


@work("look_at_file")
def look_at_file(progress: Progress, *, file_id: str) -> None:
    services.look_at_file(file_id=UUID(file_id))


@work("store_registers")
def store_registers(progress: Progress, *, import_ids: list[str]) -> None:
    ids = [UUID(import_id) for import_id in import_ids]
    services.store_imports(import_ids=ids, tell=lambda n: progress.beside(n, doing="Đang nạp sổ"))


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


@shared_task(name="models_registry.empty_bin")
def empty_bin() -> None:
    services.empty_bin()
    services.forget_papers()
