"""Lists of units and people on their pages: sent, columns said by hand and remembered, rows mended, stored, thrown away."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html as lxml_html
from openpyxl import load_workbook

from common.dates import today
from models_registry.models import RememberedList, SentList
from organisation.lists.reading import COLUMNS, PEOPLE
from organisation.models import Unit, UnitVersion, User
from tests.clicking import workbook
from tests.pages import confirmed, entered

HEADING = ["Tên đơn vị", "Cấp", "Cấp trên", "Từ ngày", "Đến trước ngày", "Đơn vị kế tục", "Mã đơn vị"]
TOP = "Huyện ủy Hàm Thuận Bắc"
NEW = ["Đảng ủy xã Mới", "commune", TOP, "01/07/2024", "01/07/2025", "", ""]
BAD = ["Đảng ủy xã Lạ", "commune", "Huyện ủy Không Có", "", "", "", ""]


@pytest.fixture
def admin(db: None) -> Client:
    return entered("quantri")


def send(client: Client, content: bytes, name: str = "don-vi.xlsx", of: str = "units") -> Any:
    return client.post(reverse(f"{of}:upload"), {"file": SimpleUploadedFile(name, content)})


def csv(*rows: list[str]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def fields(response: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    forms = [form for form in lxml_html.fromstring(response.content.decode()).forms if form.get("method") == "post"]
    form = next((form for form in forms if form.get("id") in ("soat", "cot-form")), forms[-1])
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def act(client: Client, address: str, what: str, **said: str) -> Any:
    told = fields(client.get(address)) | {"viec": what} | {name.replace("_", "-"): text for name, text in said.items()}
    return client.post(address, told, follow=True)


@pytest.mark.parametrize("name", ["don-vi.xlsx", "don-vi.csv"])
def test_a_file_is_shown_row_by_row_its_bad_row_mended_in_place_and_stored(admin: Client, name: str) -> None:
    rows = [HEADING, NEW, BAD]
    answer = send(admin, workbook(rows) if name.endswith("xlsx") else csv(*rows), name)
    sent = SentList.objects.get()
    page = reverse("units:review", args=[sent.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    said = admin.get(page).content.decode()
    assert "Sẽ tạo" in said and "Không có đơn vị cấp trên “Huyện ủy Không Có”" in said
    stored = act(admin, page, "ghi").content.decode()
    assert "Đã ghi 1 đơn vị. Còn 1 dòng chưa ghi được" in stored
    assert Unit.objects.filter(key="ham-thuan-bac/dang-uy-xa-moi").exists()
    assert "Đã giữ 1 ô" in act(admin, page, "giu", o_1_parent=TOP).content.decode()
    assert "Trong tệp: Huyện ủy Không Có" in admin.get(page + "?sua=1").content.decode()
    act(admin, page, "ghi")
    assert Unit.objects.filter(key="ham-thuan-bac/dang-uy-xa-la").exists()


def test_what_was_typed_is_kept_and_shown_before_it_is_stored(admin: Client) -> None:
    send(admin, csv(HEADING, BAD), "x.csv")
    page = reverse("units:review", args=[SentList.objects.get().pk])
    stored = act(admin, page, "ghi", o_0_parent=TOP).content.decode()
    assert "Xin xem rồi bấm ghi" in stored and not Unit.objects.filter(key__endswith="xa-la").exists()


def test_two_tabs_mend_two_cells_and_neither_is_lost(admin: Client) -> None:
    send(admin, csv(HEADING, BAD), "x.csv")
    page = reverse("units:review", args=[SentList.objects.get().pk])
    first, second = (fields(admin.get(page)) | {"viec": "giu"} for _ in range(2))
    admin.post(page, first | {"o-0-parent": TOP})
    admin.post(page, second | {"o-0-kind": "commune2"})
    assert list(SentList.objects.get().mends.values()) == [{"parent": TOP, "kind": "commune2"}]


def test_the_list_as_the_portal_hands_it_out_changes_nothing(admin: Client) -> None:
    file = b"".join(admin.get(reverse("units:list")))  # type: ignore[arg-type]
    send(admin, file)
    sent = SentList.objects.get()
    assert len(sent.rows) == UnitVersion.objects.count() and not sent.unused
    said = admin.get(reverse("units:review", args=[sent.pk]))
    assert said.context["review"].kept == said.context["review"].refused == 0
    assert "Không có gì phải ghi" in said.content.decode()


@pytest.mark.parametrize(
    "content, name, words",
    [
        (b"x", "don-vi.txt", "Tệp không phải bảng tính"),
        (b"", "don-vi.xlsx", "Tệp rỗng"),
        (b"PK\x03\x04", "don-vi.xlsx", "Tệp không phải bảng tính"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(admin: Client, content: bytes, name: str, words: str) -> None:
    page = send(admin, content, name)
    assert page.status_code == 422 and words in page.content.decode()


OTHER = ["Nơi công tác của đồng chí", "Ghi chú thêm"]


def test_columns_are_said_by_hand_with_a_value_for_all_rows_and_remembered(admin: Client) -> None:
    rows = [["DANH SÁCH"], ["STT", *OTHER], [1, "Đảng ủy xã Một", "x"], [2, "Đảng ủy xã Hai", "y"]]
    answer = send(admin, workbook(rows))
    sent = SentList.objects.get()
    mapping = reverse("units:columns", args=[sent.pk])
    assert answer["Location"] == mapping
    lacking = act(admin, mapping, "doc", tieu_de="2", **{"cot-B": "name"})
    said = lacking.content.decode()
    assert lacking.status_code == 422 and '<a href="#dien-kind">Cấp: chọn cột, hoặc điền cho cả cột.</a>' in said
    chosen = {"tieu-de": "2", "cot-B": "name", "dien-kind": "commune", "dien-parent": TOP, "nho": "1"}
    seen = act(admin, mapping, "xem", **chosen)
    assert seen.context["page"].rows_as_read[0] == (3, ["Đảng ủy xã Một", "commune", TOP])
    act(admin, mapping, "doc", **chosen)
    sent.refresh_from_db()
    assert [row[2] for row in sent.rows] == [
        {"name": f"Đảng ủy xã {n}", "kind": "commune", "parent": TOP} for n in ("Một", "Hai")
    ]
    again = send(admin, workbook([["Khác"], [], ["STT", *reversed(OTHER)], [1, "z", "Đảng ủy xã Ba"]]), "khac.xlsx")
    latest = SentList.objects.first()
    assert latest and again["Location"] == reverse("units:review", args=[latest.pk])
    assert [row[2] for row in latest.rows] == [{"name": "Đảng ủy xã Ba", "kind": "commune", "parent": TOP}]
    assert "Đã nhớ" in admin.get(reverse("units:columns", args=[latest.pk])).content.decode()
    upload = reverse("units:upload")
    assert "Nơi công tác của đồng chí" in admin.get(upload).content.decode()
    admin.post(upload, {"bo-nho": str(RememberedList.objects.get().pk)})
    assert not RememberedList.objects.exists()


def test_two_columns_of_one_meaning_are_told_at_both(admin: Client) -> None:
    send(admin, csv(HEADING, NEW), "x.csv")
    mapping = reverse("units:columns", args=[SentList.objects.get().pk])
    said = act(admin, mapping, "doc", **{"cot-B": "place", "cot-C": "place"})
    assert (
        said.status_code == 422 and '<a href="#cot-b">' in said.content.decode() and '<a href="#cot-c">' in said.content.decode()
    )


def test_people_are_opened_and_their_passwords_shown_once(admin: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    confirmed(admin)
    unit = UnitVersion.objects.on(today()).values_list("unit__key", flat=True)[0]
    rows = [
        ["Họ và tên", "Email", "Đơn vị", "Vai trò"],
        ["Lê Thị Chi", "chi@x.vn", unit, "Cán bộ cơ sở"],
        ["Vũ Dũng", "x", unit, "Vua"],
    ]
    send(admin, workbook(rows), of="people")
    page = reverse("people:review", args=[SentList.objects.get().pk])
    shown = act(admin, page, "ghi")
    ((user, initial),) = shown.context["handed"]
    assert user.username == "le.thi.chi" and user.check_password(initial) and initial in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    after = admin.get(page).content.decode()
    assert initial not in after and "1 người trong danh sách chưa vào cổng lần nào" in after
    ((_, again),) = act(admin, page, "mat-khau").context["handed"]
    assert User.objects.get(username="le.thi.chi").check_password(again)
    mended = act(admin, page, "giu", o_1_email="", o_1_role="Cán bộ cơ sở").content.decode()
    assert "Đã giữ 2 ô" in mended
    assert len(act(admin, page, "ghi").context["handed"]) == 1


def test_opening_accounts_asks_for_ones_own_password_first(db: None) -> None:
    client = entered("quantri")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp() - 100_000}]
    session.save()
    answer = client.get(reverse("people:upload"))
    assert answer.status_code == 302 and "/tai-khoan/xac-nhan/" in answer["Location"]


def test_a_list_is_thrown_away_with_its_file_after_a_page_that_asks(admin: Client) -> None:
    send(admin, csv(HEADING, NEW), "x.csv")
    sent = SentList.objects.get()
    discard = reverse("units:discard", args=[sent.pk])
    assert "Chưa có gì được ghi" in admin.get(discard).content.decode() and SentList.objects.exists()
    with_file = sent.file.name or ""
    assert default_storage.exists(with_file)
    admin.post(discard)
    assert not SentList.objects.exists()
    assert admin.post(reverse("units:review", args=[sent.pk]), {"viec": "ghi"}).status_code == 404


def test_a_long_list_is_looked_at_a_page_at_a_time(admin: Client) -> None:
    rows = [[f"Đảng ủy xã Số {n}", "commune", TOP, "", "", "", ""] for n in range(120)]
    send(admin, csv(HEADING, *rows), "dai.csv")
    page = reverse("units:review", args=[SentList.objects.get().pk])
    assert len(admin.get(page).context["review"].lines) == 100
    assert len(admin.get(page + "?trang=2").context["review"].lines) == 20


@pytest.mark.parametrize("of, columns", [("units", COLUMNS), ("people", PEOPLE)])
def test_every_column_is_explained_on_its_page_and_stands_in_the_template(admin: Client, of: str, columns: Any) -> None:
    confirmed(admin)
    said = admin.get(reverse(f"{of}:upload")).content.decode()
    assert [one.heading for one in columns if one.heading not in said] == []
    file = b"".join(admin.get(reverse(f"{of}:list")))  # type: ignore[arg-type]
    rows = load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)
    assert [one.heading for one in columns] in [[cell for cell in row if cell] for row in rows]
