"""Certificates: numbers from the register, one PDF/A each, a batch in the background, proof by code, layouts in millimetres."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from papers.models import PaperNumber
from recognition.exports.certificates import SAMPLE, default_blocks, page_of, print_pages, print_sample
from recognition.models import Certificate, CertificateBatch, CertificateLayout, Decision, Recognition
from recognition.selectors.certificates import verified
from recognition.services import StockLayout, ask_certificates, revoke, save_layout
from tests.online import person
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, on, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]


@pytest.fixture(autouse=True)
def _clean(september: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


def made(decision: Decision, stock: str = "") -> tuple[Any, list[Certificate]]:
    with on(10, 11):
        batch = ask_certificates(decision_id=decision.pk, stock=stock, actor=person(DISTRICT_STAFF))
        assert batch.job is not None
        jobs.run(batch.job.pk)
    assert Job.objects.get(pk=batch.job.pk).state == "done", Job.objects.get(pk=batch.job.pk).error
    return decision, list(Certificate.objects.order_by("paper__number"))


def read(file: Any) -> PdfReader:
    with file.open("rb") as source:
        return PdfReader(io.BytesIO(source.read()))


def words(reader: PdfReader, page: int = 0) -> str:
    return " ".join(reader.pages[page].extract_text().split())


@pytest.mark.stage("published")
def test_each_recognition_has_a_number_a_code_and_a_page_that_embeds_its_letters(stage: Any) -> None:
    _, (one, two) = made(stage[0])
    assert [row.paper.number for row in (one, two)] == [1, 2]
    assert {row.paper.term for row in (one, two)} == {"2023"} and {row.paper.symbol for row in (one, two)} == {"GCN"}
    assert one.code != two.code and len(one.code) == 20
    reader = read(one.file)
    box = reader.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4), len(reader.pages)) == (297, 210, 1)
    text = words(reader)
    for part in (one.recognition.title, "GIẤY CÔNG NHẬN", "Số giấy: 001/2023", "61-QĐ/HU, ngày 10/10/2023", "T/M BAN THƯỜNG VỤ"):
        assert part in text, part
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts and all(
        "/FontFile" in str(font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()) for font in fonts
    )
    assert b"pdfaid:part>2</pdfaid:part>" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    batch = CertificateBatch.objects.get()
    assert len(read(batch.file).pages) == 2 and two.recognition.title in words(read(batch.file), 1)


@pytest.mark.stage("published")
def test_again_prints_the_same_numbers_and_codes_and_leaves_no_old_file(settings: Any, stage: Any) -> None:
    decision, before = made(stage[0])
    with on(10, 12):
        batch = ask_certificates(decision_id=decision.pk, actor=person(DISTRICT_LEADER))
        assert ask_certificates(decision_id=decision.pk, actor=person(DISTRICT_LEADER)) == batch  # while it runs
        jobs.run(batch.job.pk)  # type: ignore[union-attr]
        jobs.run(batch.job.pk)  # type: ignore[union-attr]  a second delivery
    after = list(Certificate.objects.order_by("paper__number"))
    assert [(row.code, row.paper_id) for row in after] == [(row.code, row.paper_id) for row in before]
    assert PaperNumber.objects.filter(symbol="GCN").count() == 2
    files = list(settings.MEDIA_ROOT.rglob("certificates/**/*.pdf"))
    assert len(files) == 4  # one each, and one for each batch


@pytest.mark.stage("published")
def test_the_code_proves_what_was_recognised_and_whether_it_stands(client: Client, stage: Any) -> None:
    decision, (one, _) = made(stage[0])
    page = client.get(f"/xac-minh/{one.code}/")
    text = page.content.decode()
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
    for part in (one.recognition.title, "Huyện ủy Hàm Thuận Bắc", "61-QĐ/HU", "10/10/2023", "Còn hiệu lực"):
        assert part in text, part
    assert "Người ký" not in text and "chuyenvien" not in text
    other = type(decision).objects.create(
        number="70-QĐ/HU", decided_on=date(2023, 11, 1), issuer=decision.issuer, issuer_name="x", level=decision.level
    )
    revoke(recognition_id=one.recognition_id, decision=other, actor=None)
    with on(11, 2):
        text = client.get(f"/xac-minh/{one.code}/").content.decode()
    assert "thôi hiệu lực" in text and "01/11/2023" in text and "70-QĐ/HU" in text
    assert client.get("/xac-minh/khong-co-ma-nay/").status_code == 404
    assert client.get("/xac-minh/", {"ma": f" {one.code.upper()} "})["Location"] == f"/xac-minh/{one.code}/"
    assert client.get("/xac-minh/", {"ma": "<script>"}).status_code == 422
    assert verified("") is None


@pytest.mark.stage("published", count=1)
def test_who_prints(client: Client, stage: Any) -> None:
    (decision, _) = stage
    with pytest.raises(NotAllowed):
        ask_certificates(decision_id=decision.pk, actor=person(COMMUNE))
    Recognition.objects.filter(decision=decision).update(revoked_on=date(2023, 11, 1), revoked_by=decision)
    with pytest.raises(DomainError, match="không còn công nhận"):
        ask_certificates(decision_id=decision.pk, actor=person(DISTRICT_STAFF))


def layout(**changes: Any) -> CertificateLayout:
    given: dict[str, Any] = {
        "name": "Phôi 2023",
        "subject_kind": "",
        "width": 420,
        "height": 297,
        "is_blank": True,
        "shift_x": Decimal("1.5"),
        "shift_y": Decimal("-2"),
        "blocks": default_blocks(),
    } | changes
    staff = person(DISTRICT_STAFF)
    return save_layout(unit=staff.memberships.get().unit, layout=StockLayout(**given), actor=staff)


def test_blocks_stand_where_the_layout_puts_them() -> None:
    blocks = default_blocks()
    blocks.pop("kind")
    blocks["name"] |= {"x": 100, "y": 50, "size": 30}
    one = layout(blocks=blocks)
    page = page_of(SAMPLE, "ma", one)
    name = next(block for block in page["blocks"] if block["text"] == SAMPLE["name"])
    assert (name["x"], name["y"], name["size"], page["frame"]) == (101.5, 48.0, 30, False)
    assert SAMPLE["kind"] not in {block["text"] for block in page["blocks"]}
    reader = PdfReader(io.BytesIO(print_sample(one)))
    assert round(float(reader.pages[0].mediabox.width) / 72 * 25.4) == 420
    assert "GIẤY CÔNG NHẬN" not in words(reader)  # the stock has its own


def test_a_long_name_gets_smaller_letters() -> None:
    sizes = []

    def note(text: str, _cm: Any, _tm: Any, _font: Any, size: float) -> None:
        if "Chi hội" in text:
            sizes.append(size)

    for name in ("Chi hội A", "Chi hội " + "Phụ nữ khu phố văn hóa " * 14):
        page = page_of(SAMPLE | {"name": name}, "ma", None)
        PdfReader(io.BytesIO(print_pages([page], author=""))).pages[0].extract_text(visitor_text=note)
    assert len(sizes) >= 2 and sizes[0] > sizes[-1] >= 9


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"name": " "}, "đặt tên phôi"),
        ({"width": 90}, "từ 100 đến 500"),
        ({"shift_x": Decimal(21)}, "nhiều nhất 20 mm"),
        ({"blocks": {"name": default_blocks()["name"] | {"x": 400}}}, "ra ngoài tờ giấy"),
        ({"blocks": {"name": default_blocks()["name"] | {"size": 90}}}, "cỡ chữ"),
        ({"blocks": {"la": default_blocks()["name"]}}, "không biết"),
        ({"subject_kind": "x"}, "loại đối tượng"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        layout(**changes)
    assert not CertificateLayout.objects.exists()


@pytest.mark.stage("published")
def test_the_pages(client: Client, stage: Any) -> None:
    decision, (one, _) = made(stage[0])
    with on(10, 12):
        client.force_login(person(DISTRICT_STAFF), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/lam-viec/quyet-dinh/{decision.pk}/giay/").content.decode()
        assert "Tải cả lô" in page and one.recognition.title in page
        file = client.get(f"/lam-viec/quyet-dinh/{decision.pk}/giay/{one.pk}/")
        assert b"".join(file.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
        sent = {"ten": "Phôi A4", "rong": "297", "cao": "210", "dich-ngang": "1,5", "dich-doc": "-1", "phoi-san": "on"}
        for key, at in default_blocks().items():
            sent |= {f"{key}-in": "on", f"{key}-align": at["align"]} | {
                f"{key}-{name}": str(at[name]) for name in ("x", "y", "width", "height", "size")
            }
        assert client.post("/lam-viec/phoi-giay/", sent).status_code == 302
        saved = CertificateLayout.objects.get()
        assert (saved.shift_x, saved.shift_y, len(saved.blocks)) == (Decimal("1.5"), Decimal(-1), 11)
        wrong = client.post("/lam-viec/phoi-giay/", sent | {"name-x": "1.5"})
        assert wrong.status_code == 422 and "không phải số" in wrong.content.decode()
        huge = client.post("/lam-viec/phoi-giay/", sent | {"name-size": "9" * 400})
        assert huge.status_code == 422 and "cỡ chữ từ 6 đến 72" in huge.content.decode()
        sample = client.get(f"/lam-viec/phoi-giay/{saved.pk}/in-thu/")
        assert sample.content[:5] == b"%PDF-"
        client.force_login(person("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/lam-viec/quyet-dinh/{decision.pk}/giay/{one.pk}/").status_code == 404
        assert client.get(f"/lam-viec/phoi-giay/{saved.pk}/in-thu/").status_code == 404


# --- what a review found


def test_a_stock_must_have_a_layout_for_every_kind() -> None:
    layout(subject_kind="individual")
    decision, _ = published(3, against=())
    with on(10, 11), pytest.raises(DomainError, match="chưa khai vị trí cho: tập thể"):
        ask_certificates(decision_id=decision.pk, stock="Phôi 2023", actor=person(DISTRICT_STAFF))
    assert not Certificate.objects.exists()


@pytest.mark.stage("published")
def test_a_corrected_certificate_is_replaced_not_withdrawn(client: Client, stage: Any) -> None:
    from recognition.enums import Purpose
    from recognition.services import DraftTyped, LineTyped, begin_amendment, check_draft, publish, write_draft

    decision, (one, _) = made(stage[0])
    with on(11, 20):
        draft = begin_amendment(
            decision_id=decision.pk, purpose=Purpose.CORRECT, recognition_ids=[one.recognition_id], actor=person(DISTRICT_STAFF)
        )
        lines = {draft.lines.get().pk: LineTyped("retitle", title="Tên đúng")}
        given: dict[str, Any] = {"suffix": "HU", "number": None, "decided_on": date(2023, 11, 20), "texts": {}}
        write_draft(draft_id=draft.pk, typed=DraftTyped(lines=lines, **given), actor=person(DISTRICT_STAFF))
        check_draft(draft_id=draft.pk, actor=person(DISTRICT_LEADER))
        publish(draft_id=draft.pk, actor=person(DISTRICT_LEADER))
        text = client.get(f"/xac-minh/{one.code}/").content.decode()
    assert "Giấy này đã được thay; mô hình vẫn được công nhận" in text and "thôi hiệu lực" not in text


@pytest.mark.parametrize(
    ("place", "hamlet", "subject", "post"),
    [
        (False, "Thôn 13", "Chi hội Phụ nữ thôn 13", "Xã Hàm Thuận"),
        (False, "Thôn 5", "Hội Liên hiệp Phụ nữ xã Hàm Thuận", ""),
        (False, "", "Chi bộ thôn 2", "Đảng ủy xã Hàm Thuận"),
        (True, "Xã Hàm Hiệp", "Chi bộ thôn Xuân Điền", "Xã Hàm Hiệp"),
        (True, "Xã Hàm Hiệp", "Hội Nông dân xã Hàm Hiệp", ""),
    ],
)
@pytest.mark.stage("published")
def test_a_certificate_says_once_whose_commune_its_hamlet_is_in(
    stage: Any, place: bool, hamlet: str, subject: str, post: str
) -> None:
    from recognition.exports.certificates import texts_of

    one = Recognition.objects.select_related("registration__season", "decision", "level").filter(decision=stage[0])[0]
    row = one.registration
    one.subject, row.place_name, row.unit_name = subject, hamlet, "Đảng ủy xã Hàm Thuận"
    row.place_id = row.place_id if place else None
    assert texts_of(one, None, 1, "Xã Hàm Thuận")["post"] == post


@pytest.mark.parametrize(
    "body, superior, lines",
    [
        ("Ban Dân vận Tỉnh ủy Bình Thuận", "Tỉnh ủy Bình Thuận", ["TỈNH ỦY BÌNH THUẬN", "BAN DÂN VẬN"]),
        ("Ban Dân vận", "Tỉnh ủy Bình Thuận", ["TỈNH ỦY BÌNH THUẬN", "BAN DÂN VẬN"]),
        ("Đảng ủy xã Hàm Hiệp", "Huyện ủy Hàm Thuận Bắc", ["HUYỆN ỦY HÀM THUẬN BẮC", "ĐẢNG ỦY XÃ HÀM HIỆP"]),
        ("Ban Dân vận Huyện ủy Đức Linh", "Huyện ủy", ["BAN DÂN VẬN HUYỆN ỦY ĐỨC LINH"]),
        ("Tỉnh ủy Bình Thuận", "Tỉnh ủy Bình Thuận", ["TỈNH ỦY BÌNH THUẬN"]),
        ("Tỉnh ủy Bình Thuận", "", ["TỈNH ỦY BÌNH THUẬN"]),
    ],
)
def test_who_issued_stands_below_the_one_above_it_said_once(body: str, superior: str, lines: list[str]) -> None:
    from recognition.exports.certificates import issuer_lines

    assert issuer_lines(body, superior).splitlines() == lines


@pytest.mark.stage("published")
def test_the_states_certificate_has_its_own_head(stage: Any) -> None:
    from papers.services import save_letterhead
    from recognition.exports.certificates import texts_of

    decision, (one, _) = made(stage[0])
    head = save_letterhead(
        unit=decision.issuer,
        actor=None,
        suffix="UBND",
        valid_from=date(2021, 1, 1),
        layout="state",
        body_name="UBND huyện",
        superior_name="",
        place="Hàm Thuận Bắc",
        authority="",
        signer_title="CHỦ TỊCH",
        signer_name="Người ký",
        term="",
        recipients="",
    )
    page = page_of(texts_of(one.recognition, head, 1), "ma", None)
    text = words(PdfReader(io.BytesIO(print_pages([page], author=""))))
    assert "Độc lập - Tự do - Hạnh phúc" in text and "ĐẢNG CỘNG SẢN" not in text
