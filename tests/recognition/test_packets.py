"""A packet: candidates chosen together, one set of papers for all of them, sent and taken back as a whole."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.exceptions import DomainError, NotAllowed
from models_registry.models import Registration
from models_registry.selectors.tasks import sourced_tasks
from models_registry.selectors.verdicts import with_verdicts
from models_registry.services import withdraw
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from papers.models import PaperNumber
from papers.services import save_letterhead
from recognition.enums import COMMON_PAPERS, DossierAction, PaperKind
from recognition.exports.packets import WRITERS
from recognition.models import Dossier, DossierFile, Packet, RecognitionRound
from recognition.selectors.candidates import candidates_on
from recognition.selectors.dossiers import checklist
from recognition.selectors.packets import open_packets, packets_visible_to, parts_of
from recognition.services import (
    Numbering,
    PacketIncomplete,
    UnitMeeting,
    add_common_paper,
    choose,
    declare_conflict,
    drop_paper,
    grant_round_extension,
    make_paper,
    number_papers,
    record_meeting,
    send_packet,
    set_quotas,
    sort_paper,
    withdraw_packet,
)
from recognition.services.papers import UNSORTED_AT_MOST
from recognition.validators import kind_by_name
from tests.online import person, sent
from tests.pages import entered, last_message, lines_of_word, plain, refused
from tests.photos import PDF
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    JUDGES,
    PROVINCE_STAFF,
    do,
    on,
    opened,
    paper,
    proposed,
    proposing,
    role,
    rows,
)

NEEDED = [kind.value for kind in COMMON_PAPERS]


@pytest.fixture
def packet(stage: RecognitionRound) -> Packet:
    """Hàm Hiệp's packet of two, nothing in it yet, in a round that asks for all common papers."""
    RecognitionRound.objects.filter(pk=stage.pk).update(papers=NEEDED)
    chosen = choose(round_id=stage.pk, registration_ids=[row.pk for row in rows(2)], reason="", actor=person(COMMUNE))
    return Packet.objects.get(pk=chosen.packets[0])


def sign(packet: Packet, *kinds: PaperKind) -> None:
    for kind in kinds or COMMON_PAPERS:
        file = SimpleUploadedFile("to.pdf", PDF + kind.encode())
        add_common_paper(packet_id=packet.pk, kind=kind, file=file, actor=person(COMMUNE))


def states(packet: Packet) -> list[str]:
    return list(packet.dossiers.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize(
    "name, kind",
    [
        ("Tờ trình 05.pdf", "proposal"),
        ("05-TTr-DU.pdf", "proposal"),
        ("BIÊN BẢN họp.jpg", "minutes"),
        ("bieu_tong_hop.PDF", "summary"),
        ("Danh sách đề nghị.pdf", "summary"),
        ("Tờ trình và biên bản.pdf", ""),
        ("scan0001.pdf", ""),
        ("", ""),
    ],
)
def test_a_file_is_known_by_its_name_where_that_says_one_thing(name: str, kind: str) -> None:
    assert kind_by_name(name) == kind


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september"), pytest.mark.both]


@pytest.mark.stage("proposing")
def test_what_cannot_be_chosen_keeps_nothing_else_out(stage: Any) -> None:
    first, second, third = rows(3)
    withdraw(registration=second, withdrawn_on=date(2023, 9, 9), actor=None)
    ids = [first.pk, second.pk, third.pk, 999999]
    chosen = choose(round_id=stage.pk, registration_ids=ids, reason="", actor=person(COMMUNE))
    assert [one.registration for one in chosen.dossiers] == [first, third]
    assert [(row.pk, str(why)) for row, why in chosen.refused] == [
        (second.pk, "Chỉ đề nghị được đăng ký đã nhận vào sổ của năm này, chưa rút.")
    ]
    again = choose(round_id=stage.pk, registration_ids=[first.pk], reason="", actor=person(COMMUNE))
    assert (again.packets, Packet.objects.filter(round=stage).count()) == (chosen.packets, 1)
    with pytest.raises(NotAllowed):
        choose(round_id=stage.pk, registration_ids=ids, reason="", actor=person("duclinh.chuyenvien"))


@pytest.mark.stage("proposing")
def test_only_a_signed_paper_is_there(packet: Packet) -> None:
    make_paper(packet_id=packet.pk, kind="proposal", actor=person(COMMUNE))
    first = packet.dossiers.all()[0]
    line = next(line for line in checklist(first) if line.kind == PaperKind.PROPOSAL)
    assert (line.has, line.is_missing, line.is_common) == (False, True, True)
    paper = parts_of(packet).papers[0]
    assert (paper.signed, paper.draft is not None, paper.is_missing) == (None, True, True)
    sign(packet, PaperKind.PROPOSAL)
    paper = parts_of(packet).papers[0]
    assert (paper.signed is not None, paper.draft, paper.is_missing) == (True, None, False)
    make_paper(packet_id=packet.pk, kind="proposal", actor=person(COMMUNE))  # a new draft leaves the signed copy in force
    paper = parts_of(packet).papers[0]
    assert paper.signed is not None and paper.draft is not None
    assert all(next(line for line in checklist(one) if line.kind == "proposal").has for one in packet.dossiers.all())


@pytest.mark.stage("proposing")
def test_a_packet_goes_as_a_whole_or_not_at_all(packet: Packet) -> None:
    sign(packet, PaperKind.PROPOSAL, PaperKind.SUMMARY)
    first, second = packet.dossiers.order_by("number")
    withdraw(registration=second.registration, withdrawn_on=date(2023, 9, 9), actor=None)
    with pytest.raises(PacketIncomplete) as said:
        send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    assert said.value.lines == [
        "Thiếu bản ký của biên bản họp xét",
        f"Hồ sơ {second.number}, “{second.registration.title}”: đăng ký đã rút khỏi sổ",
    ]
    assert states(packet) == ["preparing", "preparing"]
    Registration.objects.filter(pk=second.registration_id).update(withdrawn_on=None, state="accepted")
    sign(packet, PaperKind.MINUTES)
    with refused("Danh sách vừa đổi sau khi đồng chí mở trang này. Xin xem lại rồi gửi."):
        send_packet(packet_id=packet.pk, actor=person(COMMUNE), seen={first.pk})
    send_packet(packet_id=packet.pk, actor=person(COMMUNE), seen={first.pk, second.pk})
    assert states(packet) == ["sent", "sent"]
    told = Message.objects.filter(recipient__username=DISTRICT_STAFF, subject__startswith="Hồ sơ đề nghị")
    assert [one.subject for one in told] == ["Hồ sơ đề nghị của Đảng ủy xã Hàm Hiệp: 2 mô hình"]
    assert AuditEvent.objects.filter(action="send-packet", target_id=str(packet.pk)).count() == 1
    with refused("Không có hồ sơ nào chờ gửi."):
        send_packet(packet_id=packet.pk, actor=person(COMMUNE))


@pytest.mark.stage("proposing")
def test_a_dossier_in_hand_is_not_sent_without_the_others(packet: Packet) -> None:
    sign(packet)
    first = packet.dossiers.order_by("number")[0]
    with refused("Hồ sơ này ở trong đề nghị chung với 1 hồ sơ khác. Xin gửi cả đề nghị."):
        do(first, DossierAction.SEND, COMMUNE)
    assert states(packet) == ["preparing", "preparing"]


@pytest.mark.stage("proposing")
def test_what_comes_back_goes_again_alone_with_the_common_paper_mended(packet: Packet) -> None:
    sign(packet)
    first, second = send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    do(second, DossierAction.COMPLETE, DISTRICT_STAFF)
    with refused("Đề nghị đã gửi nên giấy tờ không sửa được."):
        sign(packet, PaperKind.MINUTES)
    do(first, DossierAction.RETURN, DISTRICT_STAFF, minutes="Thiếu chữ ký thư ký")
    parts = parts_of(Packet.objects.get(pk=packet.pk))
    assert [paper.flaws for paper in parts.papers] == [[], ["Thiếu chữ ký thư ký"], []]
    file = SimpleUploadedFile("bien ban.pdf", PDF + b"moi")
    add_common_paper(packet_id=packet.pk, kind="minutes", file=file, actor=person(COMMUNE))
    with on(9, 25):  # past the last day
        assert [one.pk for one in send_packet(packet_id=packet.pk, actor=person(COMMUNE))] == [first.pk]
    assert states(packet) == ["sent", "complete"]


@pytest.mark.stage("proposing")
def test_what_is_chosen_later_is_the_next_packet(packet: Packet) -> None:
    sign(packet)
    send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    later = proposed(packet.round, rows(3)[2])
    assert later.packet is not None and (later.packet.number, str(later.packet)) == (
        2,
        "Đề nghị bổ sung lần 1 của Đảng ủy xã Hàm Hiệp",
    )
    assert [line.has for line in checklist(later) if line.kind == PaperKind.PROPOSAL] == [False]


@pytest.mark.stage("proposing")
def test_a_packet_is_taken_back_with_a_reason(packet: Packet) -> None:
    with refused("Không có hồ sơ nào đã gửi để rút."):
        withdraw_packet(packet_id=packet.pk, reason="Chưa họp", actor=person(COMMUNE))
    sign(packet)
    send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    with refused("Xin ghi lý do rút."):
        withdraw_packet(packet_id=packet.pk, reason=" ", actor=person(COMMUNE))
    assert states(packet) == ["sent", "sent"]
    withdraw_packet(packet_id=packet.pk, reason="Họp lại", actor=person(COMMUNE))
    assert states(packet) == ["withdrawn", "withdrawn"]
    assert packet.files.filter(replaced_at=None).count() == 3


@pytest.mark.stage("proposing")
def test_a_hostile_file_is_refused_in_its_place_and_nothing_else_is_lost(packet: Packet) -> None:
    files = [
        SimpleUploadedFile("To trinh.pdf", PDF),
        SimpleUploadedFile("Bien ban.pdf", b"MZ\x00"),
        SimpleUploadedFile("scan1.pdf", PDF + b"1"),
        SimpleUploadedFile("to trinh lan 2.pdf", PDF + b"2"),
    ]
    response = entered(COMMUNE).post(f"/lam-viec/de-nghi/{packet.pk}/giay-to/", {"tep": files}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "To trinh.pdf: tờ trình.",
        "Bien ban.pdf: Cổng không nhận tệp chương trình. Nhận được: ảnh JPEG, PNG, WebP, HEIC; tệp PDF, Word (.docx), "
        "Excel (.xlsx).",
        "scan1.pdf: chưa rõ là giấy gì, xin chọn ở dưới.",
        "to trinh lan 2.pdf: chưa rõ là giấy gì, xin chọn ở dưới.",  # a second one replaces nothing by itself
    ]
    scan, again = packet.files.filter(kind="").order_by("file_name")
    sort_paper(packet_id=packet.pk, file_id=scan.pk, kind="minutes", actor=person(COMMUNE))
    sort_paper(packet_id=packet.pk, file_id=again.pk, kind="proposal", actor=person(COMMUNE))
    there = packet.files.filter(replaced_at=None).order_by("kind").values_list("kind", "file_name")
    assert list(there) == [("minutes", "scan1.pdf"), ("proposal", "to trinh lan 2.pdf")]
    with refused("Xin chọn tệp này là giấy gì."):
        sort_paper(packet_id=packet.pk, file_id=scan.pk, kind="evidence", actor=person(COMMUNE))
    drop_paper(packet_id=packet.pk, file_id=scan.pk, actor=person(COMMUNE))
    assert packet.files.filter(replaced_at=None).count() == 1 and packet.files.count() == 3


MEETING = UnitMeeting(date(2023, 9, 9), "Hội trường", 12, 10, "Nguyễn Văn A", "Trần Thị B", 9, 10)


@pytest.mark.stage("proposing")
def test_the_papers_of_a_packet_as_word(packet: Packet) -> None:
    first, second = packet.dossiers.order_by("number")
    single = {second.pk: (10, 10)}
    record_meeting(packet_id=packet.pk, meeting=UnitMeeting(**(vars(MEETING) | {"single": single})), actor=person(COMMUNE))
    save_letterhead(
        unit=packet.unit,
        actor=None,
        suffix="ĐU",
        valid_from=date(2023, 1, 1),
        body_name="Đảng ủy xã Hàm Hiệp",
        superior_name="Huyện ủy Hàm Thuận Bắc",
        place="Hàm Hiệp",
        authority="T/M BAN CHẤP HÀNH",
        signer_title="BÍ THƯ",
        signer_name="Lê Văn C",
        term="2020-2025",
        recipients="Như trên",
    )
    PaperNumber.objects.create(unit=packet.unit, suffix="ĐU", symbol="TTr", term="2020-2025", number=6, dated_on=date(2023, 3, 1))
    asked = Numbering(date(2023, 9, 10), with_minutes=True)
    with refused("Ngày của giấy tờ không sau hôm nay, 10/09/2023."):
        number_papers(packet_id=packet.pk, numbering=Numbering(date(2023, 9, 11)), actor=person(COMMUNE))
    number_papers(packet_id=packet.pk, numbering=asked, actor=person(COMMUNE))
    with refused("Giấy tờ đã có số."):
        number_papers(packet_id=packet.pk, numbering=asked, actor=person(COMMUNE))
    words = {}
    for kind, (_, write) in WRITERS.items():
        words[kind] = "\n".join(lines_of_word(write(Packet.objects.get(pk=packet.pk))))
    titles = [one.registration.title for one in (first, second)]
    assert all(title in text for title in titles for text in words.values())
    for said in ("Số 07-TTr/ĐU", "Hàm Hiệp, ngày 10 tháng 9 năm 2023", "T/M BAN CHẤP HÀNH", "Lê Văn C"):
        assert said.lower() in words[PaperKind.PROPOSAL].lower().replace("tháng 09", "tháng 9"), said
    for said in (
        "Số 01-BB/ĐU",
        "Ngày họp: 09/09/2023. Địa điểm: Hội trường. Có mặt: 10/12.",
        "9/10",
        "90%",
        "10/10",
        "Trần Thị B",
    ):
        assert said in words[PaperKind.MINUTES], said
    assert "(kèm theo Tờ trình số 07-TTr/ĐU, ngày 10/09/2023 của Đảng ủy xã Hàm Hiệp)" in words[PaperKind.SUMMARY]


@pytest.mark.stage("proposing")
@pytest.mark.parametrize(
    "given, words",
    [
        ({"met_on": date(2023, 9, 11)}, "Ngày họp chưa tới. Họp xong mới ghi biên bản."),
        ({"present": None}, "Xin ghi cả số có mặt và số được triệu tập, hoặc để trống cả hai."),
        ({"present": 13}, "Số có mặt 13 phải từ 1 đến số được triệu tập 12."),
        ({"votes_for": None}, "Xin ghi cả số tán thành và số được biểu quyết, hoặc để trống cả hai."),
        ({"votes_for": 11}, "Số tán thành 11 không quá được số được biểu quyết 10."),
        ({"votes_of": 11}, "Số được biểu quyết 11 không quá được số có mặt 10."),
    ],
)
def test_figures_of_a_meeting_that_cannot_be(packet: Packet, given: dict[str, Any], words: str) -> None:
    with refused(words):
        record_meeting(packet_id=packet.pk, meeting=UnitMeeting(**(vars(MEETING) | given)), actor=person(COMMUNE))
    assert Packet.objects.get(pk=packet.pk).met_on is None


@pytest.mark.stage("proposing")
def test_without_a_letterhead_there_is_no_number_and_the_page_says_so(packet: Packet) -> None:
    with refused("Đơn vị chưa khai thể thức giấy tờ nên chưa có sổ số. Số ghi tay trên giấy."):
        number_papers(packet_id=packet.pk, numbering=Numbering(date(2023, 9, 10)), actor=person(COMMUNE))
    page = entered(COMMUNE).get(f"/lam-viec/de-nghi/{packet.pk}/").content.decode()
    assert "Đảng ủy xã Hàm Hiệp chưa khai thể thức giấy tờ" in page


@pytest.mark.stage("proposing")
def test_who_reads_a_packet(packet: Packet) -> None:
    def seen() -> list[str]:
        names = (COMMUNE, DISTRICT_STAFF, DISTRICT_LEADER, "duclinh.chuyenvien", JUDGES[0], "quantri")
        return [name for name in names if packets_visible_to(person(name)).filter(pk=packet.pk).exists()]

    assert seen() == [COMMUNE, DISTRICT_STAFF, DISTRICT_LEADER]
    leader = entered(DISTRICT_LEADER)
    for page in ("gui/", "rut/", f"bo/{packet.dossiers.all()[0].pk}/"):
        assert leader.post(f"/lam-viec/de-nghi/{packet.pk}/{page}").status_code == 404
    for what in ("hop/", "so/", "giay-to/"):
        assert leader.post(f"/lam-viec/de-nghi/{packet.pk}/{what}", {"viec": "lap", "loai": "proposal"}).status_code == 404
    for service in (send_packet, withdraw_packet):
        given = {"reason": "Rút"} if service is withdraw_packet else {}
        with pytest.raises(NotAllowed):
            service(packet_id=packet.pk, actor=person(DISTRICT_LEADER), **given)  # type: ignore[operator]


@pytest.mark.stage("proposing")
def test_the_page_sends_only_what_was_looked_at(packet: Packet) -> None:
    commune, page = entered(COMMUNE), f"/lam-viec/de-nghi/{packet.pk}/gui/"
    assert "Thiếu bản ký của tờ trình" in commune.get(page).content.decode()
    sign(packet)
    seen = [str(pk) for pk in packet.dossiers.values_list("pk", flat=True)]
    assert commune.post(page, {"ho-so": seen[:1]}).status_code == 409
    assert commune.post(page, {"ho-so": ["9" * 5000]}).status_code == 409  # no number that Python would read
    sent = commune.post(page, {"ho-so": seen})
    assert last_message(sent) == "Đã gửi 2 hồ sơ đến Huyện ủy Hàm Thuận Bắc."


@pytest.mark.stage("proposing")
def test_what_is_chosen_goes_along_from_page_to_page(stage: Any) -> None:
    commune, address = entered(COMMUNE), f"/lam-viec/dot-xet/{stage.pk}/de-nghi/"
    first, second, third = rows(3)
    moved = commune.post(address, {"da-chon": str(first.pk), "hien": [second.pk, third.pk], "chon": second.pk, "moi": "new"})
    assert moved["Location"] == f"{address}?moi=new&da-chon={first.pk}-{second.pk}"
    unticked = commune.post(address, {"da-chon": f"{first.pk}-{second.pk}", "hien": [first.pk], "trang": "2"})
    assert unticked["Location"] == f"{address}?da-chon={second.pk}&trang=2"
    commune.post(address, {"viec": "them", "da-chon": f"{first.pk}-{second.pk}"})
    page = commune.get(address, {"tt": "khong"})
    said = {row.registration.pk: row.why_not for row in page.context["rows"]}
    assert said[first.pk] == "Đã chọn, hồ sơ số 1: đang chuẩn bị"
    assert {row.pk for row in (first, second)} == set(said)
    hostile = commune.get(address, {"da-chon": "1-x-٣-" + "9" * 40, "lv": "'", "xep": "rank", "trang": "-1"})
    assert hostile.status_code == 200 and hostile.context["asked"].chosen == (1,)


@pytest.mark.stage("proposing")
def test_folded_filters_in_use_are_counted_on_the_fold(stage: Any) -> None:
    commune, address = entered(COMMUNE), f"/lam-viec/dot-xet/{stage.pk}/de-nghi/"
    for query, words in (({}, ""), ({"q": "lò"}, ""), ({"moi": "new", "xep": "ten"}, " (2 đang dùng)")):
        assert f"<summary>Lọc thêm, xếp{words}</summary>" in commune.get(address, query).content.decode()


@pytest.mark.stage("proposing")
def test_the_advice_on_numbers_is_said(stage: Any) -> None:
    unit = Unit.objects.get(key="ham-thuan-bac/xa-ham-hiep")
    set_quotas(round_id=stage.pk, quotas={unit.pk: 1}, actor=person(DISTRICT_STAFF))
    choose(round_id=stage.pk, registration_ids=[row.pk for row in rows(2)], reason="", actor=person(COMMUNE))
    page = " ".join(entered(COMMUNE).get(f"/lam-viec/dot-xet/{stage.pk}/de-nghi/").content.decode().split())
    assert "2 mô hình đã đề nghị, chỉ tiêu tham khảo 1 (đang nhiều hơn chỉ tiêu, không chặn đề nghị)" in page


@pytest.mark.stage("proposing")
def test_more_dossiers_ask_the_database_no_more(stage: Any, nothing_kept: Any) -> None:
    def asked() -> list[int]:
        counts, client = [], entered(COMMUNE)
        pages = (f"de-nghi/{Packet.objects.get(round=stage).pk}/", f"dot-xet/{stage.pk}/de-nghi/")
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/lam-viec/{page}").status_code == 200
            counts.append(len(queries))
        return counts

    proposed(stage, rows(1)[0])
    sign(Packet.objects.get(round=stage))
    asked()
    one = asked()
    for row in rows(3)[1:]:
        proposed(stage, row)
    assert asked() == one


@pytest.mark.stage("proposing")
def test_the_database_holds_packets_together(packet: Packet) -> None:
    first = packet.dossiers.order_by("number")[0]
    other = Packet.objects.create(round=opened(basis="Đợt 2"), unit=packet.unit, unit_name="x")
    for change in (
        lambda: Dossier.objects.filter(pk=first.pk).update(packet=other),  # of another round
        lambda: Packet.objects.create(round=packet.round, unit=packet.unit, unit_name="x", number=2),  # a second one in hand
        lambda: Packet.objects.filter(pk=packet.pk).update(votes_of=5),
        lambda: Packet.objects.filter(pk=packet.pk).update(present=5),
        lambda: Packet.objects.filter(pk=packet.pk).update(unit=Unit.objects.get(key="duc-linh")),
        lambda: DossierFile.objects.create(packet=packet, dossier=first, kind="proposal", size=1),
        lambda: DossierFile.objects.create(packet=packet, kind="evidence", size=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()  # type: ignore[no-untyped-call]
    sign(packet)
    send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    later = proposed(packet.round, rows(3)[2])
    for dossier_id, target in ((first.pk, later.packet_id), (later.pk, packet.pk), (first.pk, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=dossier_id).update(packet=target)
    with pytest.raises(IntegrityError), transaction.atomic():
        Packet.objects.filter(pk=packet.pk).update(sent_at=None)


@pytest.mark.stage("proposing")
def test_a_dossier_is_taken_out_before_it_is_sent(packet: Packet) -> None:
    commune, first = entered(COMMUNE), packet.dossiers.order_by("number")[0]
    page = f"/lam-viec/de-nghi/{packet.pk}/bo/{first.pk}/"
    assert commune.get(page).status_code == 200 and packet.dossiers.count() == 2
    gone = commune.post(page)
    assert (gone["Location"], packet.dossiers.count()) == (f"/lam-viec/de-nghi/{packet.pk}/", 1)
    sign(packet)
    (sent,) = send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    page = f"/lam-viec/de-nghi/{packet.pk}/bo/{sent.pk}/"
    for answer, status in ((commune.get(page), 200), (commune.post(page), 409)):
        html = answer.content.decode()
        assert answer.status_code == status and f"/lam-viec/ho-so/{sent.pk}/#ly_rut" in html and "Bỏ ra</button>" not in html
    assert 'id="ly_rut"' in commune.get(f"/lam-viec/ho-so/{sent.pk}/").content.decode()


@pytest.mark.stage("proposing")
def test_the_meeting_on_the_page_keeps_what_was_typed(packet: Packet) -> None:
    commune, (first, _) = entered(COMMUNE), packet.dossiers.order_by("number")
    typed = {"met_on": "31/2/2023", "met_at": "Hội trường", f"votes_{first.pk}": "chín"}
    page = commune.post(f"/lam-viec/de-nghi/{packet.pk}/hop/", typed)
    assert page.status_code == 422 and 'value="chín"' in page.content.decode() and 'value="Hội trường"' in page.content.decode()
    typed = {
        "met_on": "9/9/2023",
        "members": "12",
        "present": "10",
        "votes_for": "9",
        "votes_of": "10",
        f"votes_{first.pk}": "8/10",
    }
    assert commune.post(f"/lam-viec/de-nghi/{packet.pk}/hop/", typed).status_code == 302
    assert [str(row.votes) for row in parts_of(Packet.objects.get(pk=packet.pk)).rows] == ["8/10", "9/10"]
    with pytest.raises(DomainError):
        make_paper(packet_id=packet.pk, kind="evidence", actor=person(COMMUNE))


@pytest.mark.stage("proposing")
def test_a_paper_of_a_dossier_is_replaced_by_another_and_not_by_itself(stage: Any) -> None:
    dossier = proposed(stage, rows(1)[0])
    first = paper(dossier, PaperKind.EVIDENCE)
    assert paper(dossier, PaperKind.EVIDENCE) == first
    second = paper(dossier, PaperKind.EVIDENCE, data=PDF + b"2")
    files = dossier.files.order_by("pk").filter(kind=PaperKind.EVIDENCE)
    assert {one.pk: one.replaced_at is None for one in files} == {first.pk: False, second.pk: True}
    assert AuditEvent.objects.filter(action__in=["add-paper", "replace-paper"], target_id=str(dossier.pk)).count() == 2


@pytest.mark.stage("proposing")
def test_papers_of_a_packet_are_of_its_kinds_and_wait_unsorted_in_small_number(packet: Packet) -> None:
    by: dict[str, Any] = {"packet_id": packet.pk, "actor": person(COMMUNE)}
    with refused("Giấy tờ này thuộc về từng hồ sơ."):
        add_common_paper(kind=PaperKind.EVIDENCE, file=SimpleUploadedFile("to.pdf", PDF), **by)
    for n in range(UNSORTED_AT_MOST):
        add_common_paper(file=SimpleUploadedFile(f"scan{n}.pdf", PDF + str(n).encode()), **by)
    with refused(f"Đã có {UNSORTED_AT_MOST} tệp chưa rõ là giấy gì. Xin chọn loại cho các tệp ấy trước."):
        add_common_paper(file=SimpleUploadedFile("scan.pdf", PDF + b"x"), **by)
    one = packet.files.all()[0]
    for _ in range(2):
        drop_paper(file_id=one.pk, **by)
    assert AuditEvent.objects.filter(action="drop-paper").count() == 1
    with refused("Tệp này đã được thay hoặc bỏ trước đó."):
        sort_paper(file_id=one.pk, kind="proposal", **by)
    with refused("Vai trò của đồng chí không lập đề nghị của đơn vị này.", NotAllowed):
        make_paper(packet_id=packet.pk, kind="proposal", actor=person("duclinh.chuyenvien"))


@pytest.mark.stage("scoring", count=1)
def test_a_packet_is_kept_from_who_judges_and_has_an_interest_in_it(stage: Any) -> None:
    round_, (only,) = stage
    assert not packets_visible_to(AnonymousUser()).exists()
    role(JUDGES[0], "lanh-dao-huyen", "ham-thuan-bac")

    def opens(name: str) -> list[Any]:
        return [one.packet.pk for one in open_packets(person(name), round_)]

    assert [opens(name) for name in (COMMUNE, JUDGES[0])] == [[only.packet_id]] * 2
    declare_conflict(round_id=round_.pk, dossier_id=only.pk, reason="Người nhà", actor=person(JUDGES[0]))
    assert [opens(name) for name in (COMMUNE, JUDGES[0])] == [[only.packet_id], []]


@pytest.mark.stage("proposing")
def test_why_a_registration_is_no_candidate_is_said(stage: Any) -> None:
    first, second, third = rows(3)
    proposed(stage, first)
    Dossier.objects.create(registration=second, level=stage.level, unit=second.place, proposed_on=date(2023, 9, 2))
    withdraw(registration=third, withdrawn_on=date(2023, 9, 9), actor=None)
    waits = sent()
    listed = with_verdicts(Registration.objects.filter(pk__in=[first.pk, second.pk, third.pk, waits.pk]))
    found = {one.registration.pk: one.why_not for one in candidates_on(person(COMMUNE), stage, listed)}
    assert found == {
        first.pk: "Đã chọn, hồ sơ số 1: đang chuẩn bị",
        second.pk: "Đã đề nghị ở cấp này, theo danh sách đã nạp",
        third.pk: "Đã rút khỏi sổ ngày 09/09/2023",
        waits.pk: f"Chưa nhận vào sổ: đăng ký đang ở trạng thái “{waits.get_state_display().lower()}”",
    }


@pytest.mark.stage("scoring", count=1)
def test_a_unit_with_more_time_chooses_while_others_are_scored(stage: Any) -> None:
    round_, (only,) = stage
    late, page, unit = rows(2)[1], f"/lam-viec/dot-xet/{round_.pk}/de-nghi/", entered(COMMUNE)
    given: dict[str, Any] = {"round_id": round_.pk, "registration_ids": [late.pk], "reason": "Tốt", "actor": person(COMMUNE)}
    ((row, why),) = choose(**given).refused
    assert row == late and "thôi nhận đề nghị mới" in str(why)
    assert unit.get(page)["Location"] == f"/lam-viec/dot-xet/{round_.pk}/"
    assert "Đề nghị mô hình" not in unit.get(f"/lam-viec/dot-xet/{round_.pk}/").content.decode()
    assert not [task for task in sourced_tasks(person(COMMUNE)) if task.title.startswith("Chọn đề nghị")]
    grant_round_extension(round_id=round_.pk, unit=only.unit, until=date(2023, 9, 25), reason="Bão", actor=person(DISTRICT_STAFF))
    (waits,) = [task for task in sourced_tasks(person(COMMUNE)) if task.title.startswith("Chọn đề nghị")]
    assert waits.due == date(2023, 9, 25) and str(waits.href) == page
    assert "được gia hạn đến hết ngày 25/09/2023" in plain(unit.get(page).content.decode())
    assert "Đề nghị mô hình" in unit.get(f"/lam-viec/dot-xet/{round_.pk}/").content.decode()
    (dossier,) = choose(**given).dossiers
    assert unit.get(f"/lam-viec/de-nghi/{dossier.packet_id}/").context["may_add"]
    with on(9, 26):
        assert unit.get(page).status_code == 302


def test_a_reason_that_is_missing_is_asked_for_where_it_is_written() -> None:
    round_ = proposing(unit="binh-thuan", by=PROVINCE_STAFF)
    row = Registration.objects.filter(unit__key="ham-thuan-bac", state="accepted", recognitions=None)[0]
    unit, page = entered(DISTRICT_STAFF), f"/lam-viec/dot-xet/{round_.pk}/de-nghi/"
    Dossier.objects.filter(registration=row).delete()
    answer = unit.post(page, {"chon": row.pk, "hien": row.pk, "viec": "them"})
    assert answer.status_code == 422 and [at for at, _ in answer.context["errors"]] == ["ly-do"]
    assert unit.post(page, {"chon": row.pk, "hien": row.pk, "ly-do": "Tốt", "viec": "them"}).status_code == 302


@pytest.mark.stage("proposing")
def test_what_was_not_sent_in_time_says_so_and_offers_nothing_that_cannot_be(stage: Any) -> None:
    one = proposed(stage, rows(1)[0])
    unit, packet_page = entered(COMMUNE), f"/lam-viec/de-nghi/{one.packet_id}/"
    pages = (packet_page, f"{packet_page}gui/", f"/lam-viec/ho-so/{one.pk}/")
    assert not any("nay không gửi được" in unit.get(page).content.decode() for page in pages)
    RecognitionRound.objects.filter(pk=stage.pk).update(phase="joint")
    for page in pages:
        text = plain(unit.get(page).content.decode())
        assert "Chưa gửi, nay không gửi được Đợt xét đang ở bước “đối chiếu điểm”, không nhận đề nghị." in text, page
        assert not any(words in text for words in ("Gửi đề nghị…", "Gửi 1 hồ sơ", "Gửi hồ sơ", "gửi được Hạn")), page
    late = unit.post(f"{packet_page}gui/", {"ho-so": one.pk})
    assert late.status_code == 409 and "không nhận đề nghị" in plain(late.content.decode())
    assert "Thêm vào đề nghị" not in unit.post(f"/lam-viec/dot-xet/{stage.pk}/de-nghi/", {"viec": "them"}).content.decode()
