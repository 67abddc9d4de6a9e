"""What adoptions counted, clause by clause."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from common.exceptions import DomainError
from common.files import FileRefused
from organisation.models import AuditEvent
from replication.models import AdoptionOutput, CountedOutput
from replication.services import (
    record_output,
)
from replication.validators import ReplicationRefused
from tests.online import person
from tests.photos import PDF
from tests.replicating import (
    STAFF,
    adopted,
    counted,
    errors_of,
)

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def test_a_value_is_kept_once_a_day_and_a_correction_is_on_record() -> None:
    one = adopted()
    first = counted(one, "1.500")
    assert first.quantity == 1500 and counted(one, "1500") == first
    with pytest.raises(DomainError, match=r"đã ghi 1\.500 lò cho ngày 01/03/2024"):
        counted(one, "1600")
    assert counted(one, "1600", seen="1.500").quantity == 1600
    assert AdoptionOutput.objects.count() == 1 and CountedOutput.objects.count() == 1
    assert AuditEvent.objects.filter(action="record-output").order_by("pk").last().changes == {"quantity": ["1.500", "1.600"]}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "quantity, as_of, field, words",
    [
        ("-3", "1/3/2024", "quantity", "không âm"),
        ("1.5", "1/3/2024", "quantity", "1.500 cho một nghìn năm trăm"),
        ("", "1/3/2024", "quantity", "chưa ghi"),
        ("ba", "1/3/2024", "quantity", "viết 1.500"),
        ("1,555", "1/3/2024", "quantity", "hai chữ số lẻ"),
        ("9" * 14, "1/3/2024", "quantity", "viết 1.500"),
        ("3", "14/1/2024", "as_of", "nơi này bắt đầu 15/01/2024"),
        ("3", "2/4/2024", "as_of", "chưa tới"),
        ("3", "", "as_of", "chưa ghi"),
    ],
)
def test_what_is_wrong_in_a_value_is_said_at_its_field(quantity: str, as_of: str, field: str, words: str) -> None:
    one = adopted()
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, quantity, as_of)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]


def test_a_number_that_falls_needs_a_reason() -> None:
    one = adopted()
    counted(one, "20", "1/2/2024")
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, "15", "1/3/2024")
    assert "Ngày 01/02/2024 đã ghi 20" in errors_of(caught)["reason"]
    assert counted(one, "15", "1/3/2024", reason="Hỏng năm lò").reason == "Hỏng năm lò"
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, "25", "15/1/2024")  # over what was counted later
    assert "Ngày 01/02/2024 đã ghi 20" in errors_of(caught)["reason"]


def test_the_database_holds_a_value_not_negative_and_once_a_day() -> None:
    value = counted(adopted(), "3")
    with pytest.raises(IntegrityError), transaction.atomic():
        AdoptionOutput.objects.filter(pk=value.pk).update(quantity=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdoptionOutput.objects.create(adoption=value.adoption, counted=value.counted, as_of=value.as_of, quantity=4)


def test_evidence_is_taken_by_its_content() -> None:
    from replication.services import OutputTyped

    typed = OutputTyped(what="lò", counting_unit="lò", quantity="3", as_of="1/3/2024")
    given: dict[str, Any] = {"adoption_id": adopted().pk, "typed": typed, "actor": person(STAFF)}
    with pytest.raises(FileRefused):
        record_output(file=SimpleUploadedFile("anh.jpg", b"\x7fELF"), **given)
    made, _ = record_output(file=SimpleUploadedFile("bien-ban.pdf", PDF), **given)
    assert (made.file_name, made.file_type) == ("bien-ban.pdf", "application/pdf")
