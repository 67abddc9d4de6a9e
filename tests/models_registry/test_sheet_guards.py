"""What must not come through a sheet: an older text, a closed box, another unit's eyes, rubbish."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from models_registry.models import Registration
from organisation.models import Membership
from tests.online import HAM_HIEP, WHOLE, Action, begin, do, fill, person, sent, stored

pytestmark = pytest.mark.django_db
WRITER, OTHER = "hamhiep.canbo", "hamthuanbac.chuyenvien"


def test_a_box_that_is_not_open_is_never_told_as_saved(writer: Client) -> None:
    from tests.online import Mark

    row = sent()
    do(row, Action.RETURN, OTHER, marks=[Mark(1, None, "Tên")])
    address = f"/lam-viec/dang-ky/{row.pk}"
    typed = {"situation": "Sửa chui", "title": "Tên mới", **{f"base:{name}": WHOLE[name] for name in ("situation", "title")}}
    response = writer.post(f"{address}/luu/", typed)
    html = response.content.decode()
    assert (response.status_code, "không mở để sửa" in html, "Bỏ chữ vừa viết" in html) == (409, True, True)
    assert json.loads(response["HX-Trigger"])["draft:saved"] == {
        "conflicts": {},
        "refused": ["situation"],
        "unread": {},
        "done": [*range(1, 10)],
    }
    assert stored(row.pk)["title"] == "Tên mới"  # what is open is kept all the same
    response = writer.post(f"{address}/viet/?muc=2", {"situation": "Sửa chui", "base:situation": WHOLE["situation"]})
    assert (response.status_code, "Sửa chui" in response.content.decode()) == (409, True)
    assert stored(row.pk)["situation"] == WHOLE["situation"]


@pytest.mark.parametrize("name", ["duclinh.chuyenvien", "phanthiet.chuyenvien", "hoidong1", "quantri"])
def test_a_public_line_does_not_open_its_working_copy_to_others(client: Client, name: str) -> None:
    from tests.online import accepted

    row = accepted()
    do(row, Action.REOPEN, OTHER, "Ghi chú nội bộ")
    client.force_login(person(name))
    for path in ("", "tep/danh-sach/", "giong/", "gui/"):
        assert client.get(f"/lam-viec/dang-ky/{row.pk}/{path}").status_code == 404


def test_the_checker_sees_what_will_be_accepted(client: Client) -> None:
    from tests.online import accepted

    row = accepted()
    do(row, Action.REOPEN, OTHER, "Sai loại hình")
    fill(Registration.objects.get(pk=row.pk), subject_kind="individual", subject="Ông Nguyễn Văn A")
    do(row, Action.SUBMIT, WRITER)
    client.force_login(person("hamthuanbac.lanhdao"))
    html = re.sub(r"\s+>", ">", client.get(f"/lam-viec/dang-ky/{row.pk}/xet/").content.decode())
    assert "<ins>Cá nhân</ins>" in html  # in the words of its reader, not as it is kept
    assert "<ins>Ông Nguyễn Văn A</ins>" in html


def test_whoever_sent_it_does_not_accept_it() -> None:
    from common.exceptions import NotAllowed

    row = fill(begin())
    do(row, Action.SUBMIT, OTHER)
    with pytest.raises(NotAllowed):
        do(row, Action.ACCEPT, OTHER)


def test_an_older_year_accepted_anew_leaves_the_models_page_at_its_newest(new_season: Any) -> None:
    from models_registry.selectors.sheets import carriable
    from models_registry.services import carry_on
    from tests.online import accepted

    old = accepted()
    row = next(one for one in carriable(person(WRITER), new_season).rows if one.pk == old.pk)
    draft = carry_on(season_id=new_season.pk, registration_ids=[row.pk], changed="Giữ như năm trước", actor=person(WRITER))[0]
    fill(draft, title="Tên mới của năm hai nghìn hai tư", kind="maintained")
    do(draft, Action.SUBMIT, WRITER)
    do(draft, Action.ACCEPT, OTHER)
    do(old, Action.REOPEN, OTHER, "Sửa số liệu")
    do(old, Action.SUBMIT, WRITER)
    old = do(old, Action.ACCEPT, OTHER)
    assert old.model is not None
    old.model.refresh_from_db()
    assert (old.model.title, old.is_latest) == ("Tên mới của năm hai nghìn hai tư", False)


def test_what_an_officer_wrote_on_the_models_page_meanwhile_is_kept() -> None:
    from models_registry.services import describe_model
    from tests.online import accepted

    row = accepted()
    do(row, Action.REOPEN, OTHER, "Sửa")
    do(row, Action.SUBMIT, WRITER)
    assert row.model is not None
    describe_model(model_id=row.model.pk, texts={"source": "Báo Bình Thuận", "why": "Theo báo"}, slug="ten-rieng", actor=None)
    row = do(row, Action.ACCEPT, "hamthuanbac.lanhdao")
    assert row.model is not None
    row.model.refresh_from_db()
    assert (row.model.slug, row.model.why, row.model.source) == ("ten-rieng", "Theo báo", "Báo Bình Thuận")


def test_a_carried_model_cannot_become_new_by_reopening(new_season: Any) -> None:
    from models_registry.selectors.sheets import carriable
    from models_registry.services import SheetIncomplete, carry_on

    row = carriable(person(WRITER), new_season).rows[0]
    draft = carry_on(season_id=new_season.pk, registration_ids=[row.pk], changed="Giữ như năm trước", actor=person(WRITER))[0]
    fill(draft, title=row.title, kind="maintained")
    do(draft, Action.SUBMIT, WRITER)
    do(draft, Action.ACCEPT, OTHER)
    do(draft, Action.REOPEN, OTHER, "Sửa")
    fill(Registration.objects.get(pk=draft.pk), title=row.title, kind="new")
    with pytest.raises(SheetIncomplete) as refused:
        do(draft, Action.SUBMIT, WRITER)
    assert "kind" in refused.value.errors


@pytest.mark.parametrize(
    "path, data, codes",
    [
        ("luu/", {"title": "x"}, (409, 409)),
        ("viet/", {"title": "x"}, (409, 409)),
        ("khac/", {"khac": "9" * 30, "ly-do": "khác hẳn"}, (302, 302)),
        ("khac/", {"khac": "9" * 5000, "ly-do": "khác hẳn"}, (302, 302)),
        ("xet/", {"viec": "tra-lai", "loi-1": "a"}, (None, 404)),
        ("xet/", {"viec": "tra-lai", "loi-1": "9" * 5000, "ly-do-1": "9" * 30}, (None, 404)),
        ("xet/", {"viec": "xyz"}, (404, 404)),
        ("rut/", {"ly-do": "a", "muc": ["1", "1"]}, (302, 422)),
        ("chu-de/", {"chu-de": "9" * 5000}, (302, 302)),
        (
            "ket-qua/",
            {"evidence": "rubbish", "what": "a", "quantity": "1", "counting_unit": "b", "as_of": "1/1/2023"},
            (302, 302),
        ),
        ("tep/", {}, (302, 302)),
    ],
)
@pytest.mark.parametrize("state", ["imported", "submitted", "accepted"])
def test_rubbish_is_answered(client: Client, path: str, data: dict[str, Any], codes: tuple[int | None, int], state: str) -> None:
    """`codes`: for who checks, for who writes; None: it is done while it waits, refused later."""
    from tests.online import accepted

    rows = {
        "imported": lambda: Registration.objects.filter(place__key=HAM_HIEP, season__year=2023, state="accepted")[0],
        "submitted": sent,
        "accepted": accepted,
    }
    row = rows[state]()
    for name, code in zip((OTHER, WRITER), codes, strict=True):
        client.force_login(person(name))
        expected = code or (302 if state == "submitted" else 409)
        assert client.post(f"/lam-viec/dang-ky/{row.pk}/{path}", data).status_code == expected
    assert client.get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 200


def test_no_control_letter_reaches_a_paper(client: Client) -> None:
    row = sent(title="Tuyến\x01 đường hoa ở thôn Phú Nhang\ufffe")
    assert row.title == "Tuyến đường hoa ở thôn Phú Nhang"
    client.force_login(person(OTHER))
    assert client.get("/lam-viec/nam/2023/?tt=cho-xet&tai=docx").status_code == 200


def test_a_bulk_act_that_is_none_does_nothing(client: Client) -> None:
    row = sent()
    client.force_login(person(OTHER))
    assert client.post("/lam-viec/nam/2023/hang-loat/", {"viec": "xyz", "chon": row.pk}).status_code == 404
    assert Registration.objects.get(pk=row.pk).state == "submitted"


def test_messages_go_to_nobody_whose_role_has_ended() -> None:
    from notifications.models import Message

    row = sent()
    Membership.objects.filter(user__username=WRITER).update(ends_on=date(2023, 2, 2))
    do(row, Action.RETURN, OTHER, "Sửa")
    assert not Message.objects.filter(recipient__username=WRITER).exists()
