"""Site visits: planned, sent once whatever is repeated, photos without metadata, who reads what."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from common.exceptions import DomainError, NotAllowed
from common.files import FileRefused
from notifications.models import Message
from recognition.models import SiteVisit, VisitPhoto
from recognition.selectors.visits import claims_of, visits_of
from recognition.services import Checked, VisitFindings, add_visit_photo, plan_visit, remove_visit_photos, send_visit
from tests.online import person
from tests.photos import PDF, photo
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, on, scoring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF
KEY = UUID("00000000-0000-4000-8000-000000000001")


def planned() -> tuple[Any, SiteVisit]:
    _, (dossier,) = scoring(1)
    return dossier, plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 12), visitors="Ban Dân vận", actor=person(STAFF))


def send(visit: SiteVisit, key: UUID = KEY, **changes: Any) -> SiteVisit:
    given: dict[str, Any] = {
        "visited_on": date(2023, 9, 12),
        "people_met": "Bí thư chi bộ thôn",
        "verdict": "partly",
        "remark": "Hai lò chưa dùng",
        "checks": [Checked("lò đốt rác", "lò", Decimal(136), Decimal(134), "đếm ở hai thôn")],
    } | changes
    by = given.pop("actor", None) or person(STAFF)
    with on(9, 12):
        return send_visit(visit_id=visit.pk, key=key, findings=VisitFindings(**given), actor=by)


def test_the_unit_is_told_of_a_visit_and_a_second_tap_plans_no_other() -> None:
    dossier, visit = planned()
    assert plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 12), visitors="Khác", actor=person(STAFF)) == visit
    assert Message.objects.filter(recipient=person(COMMUNE), subject__startswith="Khảo sát thực tế ngày 12/09/2023").exists()
    for who in (COMMUNE, DISTRICT_LEADER, JUDGES[0]):
        with pytest.raises(NotAllowed):
            plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 13), visitors="Đoàn", actor=person(who))
    with pytest.raises(DomainError, match="hạn quyết định"):
        plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 12, 1), visitors="Đoàn", actor=person(STAFF))


def test_what_was_claimed_and_what_was_found_both_stand_and_twice_is_once() -> None:
    _, visit = planned()
    first = send(visit)
    assert send(visit, people_met="Người khác").people_met == "Bí thư chi bộ thôn"  # the same key again
    check = first.checks.get()
    assert (check.claimed, check.found, check.note) == (Decimal(136), Decimal(134), "đếm ở hai thôn")
    with pytest.raises(DomainError, match="đã gửi ngày 12/09/2023"):
        send(visit, key=uuid4())
    assert SiteVisit.objects.get().checks.count() == 1


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"visited_on": date(2023, 9, 13)}, "tương lai"),
        ({"verdict": "maybe"}, "chọn kết luận"),
        ({"people_met": " "}, "đã gặp ai"),
        ({"remark": ""}, "nhận xét"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(changes: dict[str, Any], said: str) -> None:
    _, visit = planned()
    with pytest.raises(DomainError, match=said):
        send(visit, **changes)
    assert SiteVisit.objects.get().sent_at is None


def test_the_database_holds_a_sent_visit_whole() -> None:
    _, visit = planned()
    visit.visited_on = date(2023, 9, 12)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


def upload(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.jpg", photo(width=3000, height=2000) if data is None else data)


def test_a_photo_is_shrunk_cleaned_and_kept_once() -> None:
    _, visit = planned()
    for _ in range(2):
        add_visit_photo(visit_id=visit.pk, key=KEY, file=upload(), actor=person(STAFF))
    kept = VisitPhoto.objects.get()
    with kept.file.open("rb") as file:
        image = Image.open(file)
        assert (image.format, max(image.size), len(image.getexif())) == ("WEBP", 1600, 0)
    with pytest.raises(FileRefused, match="Nhận được: ảnh JPEG"):
        add_visit_photo(visit_id=visit.pk, key=uuid4(), file=upload(PDF), actor=person(STAFF))
    with pytest.raises(NotAllowed):
        add_visit_photo(visit_id=visit.pk, key=uuid4(), file=upload(), actor=person(COMMUNE))


def test_who_reads_a_visit() -> None:
    dossier, visit = planned()
    send(visit)
    assert [len(visits_of(person(who), dossier)) for who in (STAFF, DISTRICT_LEADER, JUDGES[0])] == [1, 1, 1]
    assert visits_of(person("phanthiet.chuyenvien"), dossier) == visits_of(person(COMMUNE), dossier) == []
    SiteVisit.objects.update(sent_by=person(JUDGES[1]))  # what a judge found is the judge's own while all score alone
    assert [len(visits_of(person(who), dossier)) for who in (JUDGES[0], JUDGES[1])] == [0, 1]


def test_the_form_carries_the_claims_and_loses_nothing(client: Client) -> None:
    dossier, visit = planned()
    assert {one.what for one in claims_of(dossier)} == set(dossier.registration.model.measures.values_list("what", flat=True))
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/lam-viec/khao-sat/{visit.pk}/"
    assert client.get(address).status_code == 200
    sent = {"key": str(KEY), "ngay": "10/9/2023", "gap": "Trưởng thôn", "ket-luan": "as-claimed", "gi-0": "lò", "thay-0": "1.5"}
    wrong = client.post(address, sent)
    assert wrong.status_code == 409 and "không phải số" in wrong.content.decode() and "Trưởng thôn" in wrong.content.decode()
    assert client.post(address, sent | {"thay-0": "1.500"}, headers={"X-Visit": "1"}).json() == {"sent": True}
    assert client.post(address, sent | {"thay-0": "1.500"}, headers={"X-Visit": "1"}).json() == {"sent": True}
    assert SiteVisit.objects.get().checks.get().found == Decimal(1500)
    sent_photo = client.post(f"{address}anh/", {"key": str(KEY), "anh": upload()})
    assert sent_photo.json() == {"sent": True}
    shown = client.get(f"{address}anh/{KEY}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "1.500" in client.get(f"/lam-viec/ho-so/{dossier.pk}/").content.decode()
    worker = client.get("/lam-viec/khao-sat/sw.js")
    assert (worker.status_code, worker["Content-Type"]) == (200, "text/javascript")
    client.force_login(person("phanthiet.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    assert [client.get(one).status_code for one in (address, f"{address}anh/{KEY}/")] == [404, 404]


# --- what a review found


def test_who_has_an_interest_does_not_visit() -> None:
    dossier, visit = planned()
    dossier.writers.add(person(STAFF))
    with pytest.raises(NotAllowed, match="có liên quan"):
        send(visit)
    with pytest.raises(NotAllowed, match="có liên quan"):
        add_visit_photo(visit_id=visit.pk, key=KEY, file=upload(), actor=person(STAFF))


@pytest.mark.parametrize(
    "checks, said",
    [
        ([Checked("lò", "lò", None, Decimal(10) ** 13)], "quá lớn"),
        ([Checked("lò", "lò", None, Decimal(1)), Checked(" lò ", "lò", None, Decimal(2))], "hai dòng"),
    ],
)
def test_a_count_that_cannot_be_kept_is_said(checks: list[Checked], said: str) -> None:
    _, visit = planned()
    with pytest.raises(DomainError, match=said):
        send(visit, checks=checks)


def test_what_one_person_kept_is_not_sent_in_the_name_of_another(client: Client) -> None:
    _, visit = planned()
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    sent = {"key": str(KEY), "ngay": "10/9/2023", "gap": "Trưởng thôn", "ket-luan": "as-claimed", "nguoi": "999999"}
    refused = client.post(f"/lam-viec/khao-sat/{visit.pk}/", sent, headers={"X-Visit": "1"})
    assert refused.status_code == 409 and "người khác ghi" in refused.json()["error"]
    assert SiteVisit.objects.get().sent_at is None


def test_a_file_that_is_no_photo_is_refused_before_the_visit_is_sent(client: Client) -> None:
    """Without a script all goes at once: a visit that is sent is not opened again, so nothing may be refused after it."""
    _, visit = planned()
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/lam-viec/khao-sat/{visit.pk}/"
    sent = {"key": str(KEY), "ngay": "10/9/2023", "gap": "Trưởng thôn", "ket-luan": "as-claimed"}
    refused = client.post(address, sent | {"anh": [upload(), SimpleUploadedFile("to-khai.pdf", PDF)]})
    page = refused.content.decode()
    assert refused.status_code == 409 and "to-khai.pdf: Ở đây không nhận tệp PDF." in page and "Trưởng thôn" in page
    assert SiteVisit.objects.get().sent_at is None and VisitPhoto.objects.count() == 1
    assert client.post(address, sent | {"anh": [upload()]}).status_code == 302
    assert SiteVisit.objects.get().photos.count() == 2


def test_photos_are_kept_while_findings_are_put_right_and_may_be_left_out(client: Client) -> None:
    """A browser without scripts sends its photos along with the findings, and empties its box."""
    _, visit = planned()
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/lam-viec/khao-sat/{visit.pk}/"
    sent = {"key": str(KEY), "ngay": "10/9/2023", "gap": "Trưởng thôn"}
    refused = client.post(address, sent | {"ket-luan": "", "anh": [upload(), upload()]})
    keys = re.findall(r'name="bo-anh"[^>]*value="([^"]+)"', " ".join(refused.content.decode().split()))
    assert refused.status_code == 409 and "chọn kết luận" in refused.content.decode() and len(keys) == 2
    assert client.get(f"{address}anh/{keys[0]}/").status_code == 200
    assert client.post(address, sent | {"ket-luan": "as-claimed", "bo-anh": [keys[0], "?"]}).status_code == 302
    assert [str(photo.key) for photo in VisitPhoto.objects.all()] == keys[1:]
    remove_visit_photos(visit_id=visit.pk, keys=[UUID(keys[1])], actor=person(STAFF))
    assert VisitPhoto.objects.count() == 1  # what was sent stays as it was sent


def test_a_count_belongs_to_what_was_counted_whatever_is_measured_meanwhile(client: Client) -> None:
    from models_registry.services import NewMeasure, measure_output

    dossier, visit = planned()
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    model = dossier.registration.model
    built = NewMeasure("lò đã xây", "lò", Decimal(5), date(2023, 9, 1), "Báo cáo")
    measure_output(model_id=model.pk, value=built, actor=None)
    address = f"/lam-viec/khao-sat/{visit.pk}/"

    def names() -> dict[str, str]:
        page = client.get(address).content.decode()
        return {what: name for name, what in re.findall(r'type="hidden" name="gi-(\w+)" value="([^"]*)"', page)}

    before = names()["lò đã xây"]
    another = replace(built, what="an lò khác", as_of=date(2023, 8, 1))
    measure_output(model_id=model.pk, value=another, actor=None)
    assert names()["lò đã xây"] == before and len(set(names().values())) == len(names())
    sent = {"key": str(KEY), "ngay": "10/9/2023", "gap": "Trưởng thôn", "ket-luan": "as-claimed"}
    client.post(address, sent | {f"gi-{before}": "lò đã xây", f"thay-{before}": "4"})
    assert SiteVisit.objects.get().checks.get(what="lò đã xây").found == 4
