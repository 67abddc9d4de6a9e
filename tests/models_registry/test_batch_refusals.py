"""A send of many files where something is against it: left out, too late, of another, stopped half-way."""

import os
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import jobs
from common.exceptions import DomainError, FileRefused, NotAllowed
from models_registry import services
from models_registry.models import BatchFile, RegisterImport, Season, UploadBatch
from models_registry.registers import unzipping
from models_registry.selectors.batches import BROKEN, LEFT, NONE, READING, WRONG, board_of
from models_registry.services import folders
from tests.models_registry import test_batches
from tests.models_registry.test_batches import file, send, titles, told, work
from tests.online import person
from tests.pages import refused

officer, _no_queue = test_batches.officer, test_batches._no_queue
OF_ANOTHER = "Lần gửi này của đồng chí khác, có quyền ở đơn vị mà đồng chí không có."
LATE = "Đã hết hạn: năm 2026 nhận đăng ký đến hết ngày 03/05/2026."


def test_a_file_is_left_out_alone_and_what_is_no_file_of_the_send_is_passed_over(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "Book1.xlsx", "", "Hai"))
    sure, asks = batch.files.all()

    def answered(**answers: str) -> tuple[int, list[str]]:
        return services.answer_batch(batch_id=batch.pk, answers=answers, actor=batch.sent_by)

    assert answered(**{str(uuid4()): NONE, str(asks.pk): "", str(sure.pk): "2025/xa-la-da"}) == (0, [])
    assert told(batch) == {"la da.xlsx": ("imported", "", "xa-la-da"), "Book1.xlsx": ("asks", "unknown", "")}
    assert answered(**{str(sure.pk): NONE, str(asks.pk): NONE}) == (2, [])
    assert [one.state for one in batch.files.all()] == ["dropped", "dropped"]
    assert RegisterImport.objects.get(pk=sure.imported_id).state == "discarded"


def test_a_file_that_is_being_stored_is_stopped_and_one_that_was_stored_stays(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    first, second = batch.files.all()
    services.store_imports(import_ids=[], tell=None)
    services.store_batch(batch_id=batch.pk, actor=batch.sent_by)
    assert services.answer_batch(batch_id=batch.pk, answers={str(first.pk): NONE}, actor=batch.sent_by) == (1, [])
    work()
    assert titles() == ["Hai"]
    assert services.answer_batch(batch_id=batch.pk, answers={str(second.pk): NONE}, actor=batch.sent_by) == (0, [])
    assert services.discard_batch(batch_id=batch.pk, actor=batch.sent_by) == 0
    batch.refresh_from_db()
    assert batch.discarded_at is None and told(batch)["tan lap.xlsx"][0] == "imported"


def test_after_the_last_day_each_file_says_so(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "Book1.xlsx", "", "Hai"))
    Season.objects.filter(year=2026).update(closes_on="2026-05-03")
    asks = batch.files.get(name="Book1.xlsx")
    answers = {str(asks.pk): "2025/xa-tan-lap"}
    done, said = services.answer_batch(batch_id=batch.pk, answers=answers, actor=batch.sent_by)
    assert done == 0 and said[0].startswith(f"Book1.xlsx: {LATE}")
    assert told(batch)["Book1.xlsx"] == ("refused", "unknown", "")
    done, said = services.store_batch(batch_id=batch.pk, actor=batch.sent_by)
    assert done == 0 and len(said) == 1 and said[0].startswith(f"la da.xlsx: {LATE}")
    assert RegisterImport.objects.get(file_name="la da.xlsx").state == "read"


def test_who_uploads_for_no_unit_sends_nothing_and_touches_no_send(officer: Client, tmp_path: Path) -> None:
    batch, other = send(officer, file(tmp_path, "Book1.xlsx", "", "Một")), person("hamhiep.canbo")
    with refused("Vai trò của đồng chí không nạp sổ cho đơn vị nào của năm này.", NotAllowed):
        services.send_files(files=[], season=batch.season, actor=other)
    with refused(OF_ANOTHER, NotAllowed):
        services.discard_batch(batch_id=batch.pk, actor=other)
    with refused(OF_ANOTHER, NotAllowed):
        services.undo_batch(batch_id=batch.pk, actor=other)
    assert UploadBatch.objects.get() == batch and told(batch)["Book1.xlsx"][0] == "asks"


def test_a_file_of_the_system_and_one_with_a_virus_are_not_kept(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(sent: Any) -> None:
        if sent.name == "vi rut.xlsx":
            raise FileRefused("Tệp có vi-rút.")

    monkeypatch.setattr(services.batches, "scan", scan)
    batch = send(
        officer,
        SimpleUploadedFile("Thumbs.db", b"x"),
        SimpleUploadedFile("vi rut.xlsx", b"x"),
        file(tmp_path, "b.xlsx", "", "Một"),
    )
    assert [(one.state, one.error, bool(one.file)) for one in batch.files.all()] == [
        ("refused", unzipping.OF_SYSTEM, False),
        ("refused", "Tệp có vi-rút.", False),
        ("asks", "", True),
    ]


def test_a_register_that_is_called_a_zip_is_read_as_the_register_that_it_is(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.zip", "", "Một"))
    assert told(batch) == {"la da.zip": ("imported", "", "xa-la-da")}


def test_a_file_left_out_while_it_is_looked_at_stays_out(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.batches.whose_register

    def meanwhile(*arguments: Any) -> Any:
        BatchFile.objects.update(state="dropped")
        return real(*arguments)

    monkeypatch.setattr(services.batches, "whose_register", meanwhile)
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "Book1.xlsx", "", "Hai"))
    assert [one.state for one in batch.files.all()] == ["dropped", "dropped"] and not RegisterImport.objects.filter(
        season=batch.season
    )


def test_a_zip_is_opened_once(officer: Client, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "so.zip", "w") as archive:
        archive.writestr("Book1.xlsx", b"x")
    batch = send(officer, SimpleUploadedFile("so.zip", (tmp_path / "so.zip").read_bytes()))
    packed = batch.files.get(name="so.zip")
    assert services.batches._open_archive(packed, Path(packed.file.path))  # a second worker, which began beside the first
    assert batch.files.count() == 2


def test_uploads_are_stored_in_turn_and_one_that_breaks_stops_no_other(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    services.store_batch(batch_id=batch.pk, actor=batch.sent_by)
    first, second = (one.imported_id for one in batch.files.all())
    tried: list[Any] = []
    raised: dict[Any, Exception] = {first: ValueError("hỏng"), second: DomainError("Quá hạn.")}

    def store(import_id: Any, tell: Any) -> None:
        tried.append(import_id)
        raise raised[import_id]

    monkeypatch.setattr(services.batches, "store_import", store)
    with pytest.raises(ValueError, match="hỏng"):
        services.store_imports(import_ids=[first, second], tell=None)
    assert tried == [first, second]
    states = RegisterImport.objects.order_by("file_name").values_list("state", "error")
    assert list(states.filter(season=batch.season)) == [("storing", ""), ("read", "Quá hạn.")]
    raised[first] = jobs.Cancelled()
    with pytest.raises(jobs.Cancelled):
        services.store_imports(import_ids=[first, second], tell=None)
    assert tried == [first, second, first]


def test_an_upload_that_others_built_on_is_named_and_the_rest_of_the_send_undone(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    services.store_batch(batch_id=batch.pk, actor=batch.sent_by)
    work()
    later = send(officer, file(tmp_path, "la da.xlsx", "", "Một", "Ba"))
    services.store_batch(batch_id=later.pk, actor=later.sent_by)
    work()
    done, said = services.undo_batch(batch_id=batch.pk, actor=batch.sent_by)
    assert done == 1 and len(said) == 1 and said[0].startswith("la da.xlsx: Không hủy được")
    assert titles() == ["Ba", "Một"]


def test_each_state_of_a_file_has_its_words_on_the_page(officer: Client, tmp_path: Path) -> None:
    names = ("la da", "tan lap", "ham liem")
    batch = send(officer, *(file(tmp_path, f"{name}.xlsx", "", "Một") for name in names))
    uploads = {one.file_name: one for one in RegisterImport.objects.filter(season=batch.season)}
    uploads["la da.xlsx"].state, uploads["la da.xlsx"].error = "refused", "Tệp hỏng."
    uploads["tan lap.xlsx"].state = "discarded"
    uploads["ham liem.xlsx"].report |= {"other_unit": {"name": "Đảng ủy xã La Dạ", "units": []}}
    for upload in uploads.values():
        upload.save()
    waits = BatchFile.objects.create(batch=batch, position=8, name="cho.xlsx", job=jobs.enqueue("look_at_file", file_id="x"))
    BatchFile.objects.create(batch=batch, position=9, name="gay.xlsx")
    board = board_of(batch, batch.sent_by)
    assert {line.file.name: (line.group, line.word, line.error) for line in board.lines} == {
        "la da.xlsx": (BROKEN, "Không đọc được", "Tệp hỏng."),
        "tan lap.xlsx": (LEFT, "Đã bỏ", ""),
        "ham liem.xlsx": (WRONG, "Có thể sai đơn vị", "Tiêu đề trong sổ ghi đơn vị khác; xin mở ra xem."),
        "cho.xlsx": (READING, "Đang đọc", ""),
        "gay.xlsx": (BROKEN, "Chưa đọc được", "Cổng đọc hỏng giữa chừng. Xin gửi lại tệp này."),
    }
    assert [line.file.name for line in board.of(READING)] == [waits.name] and board.ready == []


def test_what_lies_in_a_folder_besides_registers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "so"
    source.mkdir()
    os.mkfifo(source / "a-ong")
    with zipfile.ZipFile(source / "b.zip", "w") as archive:
        archive.writestr("../ngoai.xlsx", b"x")
        archive.writestr("trong.xlsx", b"y")
    with zipfile.ZipFile(source / "c.zip", "w") as archive:
        archive.writestr("[Content_Types].xml", b"x")
    (source / "d.zip").write_bytes(b"0" * 1000)
    monkeypatch.setattr(folders, "ARCHIVE_LIMIT", 999)
    (tmp_path / "ra").mkdir()
    found = [
        (sent.name, sent.path.read_bytes() if sent.path and sent.path.suffix != ".zip" else sent.path, sent.error)
        for sent in folders.files_in(source, tmp_path / "ra")
    ]
    assert found == [
        ("a-ong", None, "Không phải tệp."),
        ("b.zip/../ngoai.xlsx", None, unzipping.OUTSIDE),
        ("b.zip/trong.xlsx", b"y", ""),
        ("c.zip", source / "c.zip", ""),
        ("d.zip", None, "Tệp nén lớn hơn 0 MB. Xin chia thành nhiều tệp."),
    ]
    assert list((tmp_path / "ra").iterdir()) == []
