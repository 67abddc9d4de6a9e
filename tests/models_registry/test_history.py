"""The history of a registration and of a model; what was withdrawn, and what is given back."""

import re
from datetime import date

import pytest
from django.test import Client

from common.exceptions import NotAllowed
from models_registry.models import Registration, Season
from models_registry.selectors import in_register, timeline
from models_registry.services import (
    MeasureTyped,
    record_output,
    remove_output,
    tag_themes,
)
from organisation.models import Unit
from organisation.services import give_role
from tests.online import Action, accepted, do, person

pytestmark = pytest.mark.django_db
WRITER, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"


def at(client: Client, name: str, address: str) -> str:
    client.force_login(person(name))
    response = client.get(address)
    assert response.status_code == 200, (name, address, response.status_code)
    return str(response.content.decode())


def tabs(html: str) -> dict[str, int]:
    found = re.findall(r'<a class="chip[^>]*>(?:<svg.*?</svg>)?([^<]+?) <span class="num">([\d.]+)', html)
    return {label: int(number.replace(".", "")) for label, number in found}


def typed(**other: str) -> dict[str, str]:
    return {
        "what": "lò đốt rác",
        "counting_unit": "lò",
        "quantity": "136",
        "as_of": "15/10/2023",
        "source": "Khối Dân vận",
    } | other


def test_a_models_history_shows_all_years_to_those_who_may_see_it(client: Client) -> None:
    row = accepted()
    do(row, Action.REOPEN, CHECKER, "Số liệu sai")
    assert row.model is not None
    events = timeline.of_model(person(WRITER), row.model)
    assert [event.what for event in events] == ["Mở lại để sửa", "Nhận vào sổ", "Gửi"]
    assert events[0].words == ("Số liệu sai",)
    html = at(client, WRITER, "/lam-viec/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/lich-su/")
    for words in (
        "lò đốt rác ở xã Hàm Hiệp: 136 lò",
        "Công nhận cấp tỉnh",
        "Giới thiệu Trung ương",
        "Nạp từ tệp ham-thuan-bac.xlsx",
    ):
        assert words in html, words


def test_a_models_history_keeps_the_steps_of_other_units_to_themselves(new_season: Season) -> None:
    row = accepted()
    do(row, Action.REOPEN, CHECKER, "Lý do riêng của huyện")
    assert row.model is not None
    other = Unit.objects.get(key="ham-thuan-bac/xa-ham-duc")
    Registration.objects.create(
        season=new_season,
        unit=row.unit,
        place=other,
        model=row.model,
        state="draft",
        title="Chép",
        is_latest=False,
        unit_name="x",
    )
    give_role(user=person("hoidong1"), role="can-bo-co-so", unit=other, starts_on=date(2023, 1, 1), actor=None)
    events = timeline.of_model(person("hoidong1"), row.model)
    assert [event.what for event in events] == ["Đăng ký năm 2023: đăng ký mới"]
    assert not any("Lý do riêng" in words for event in events for words in event.words)
    assert timeline.of_model(person("duclinh.chuyenvien"), row.model) == []


def test_a_history_tells_a_withdrawal_once() -> None:
    from models_registry.services import withdraw

    by_paper, by_hand = accepted(), accepted(title="Tổ tự quản an ninh thôn Xuân Điền")
    assert by_paper.registered_on is not None
    withdraw(registration=by_paper, withdrawn_on=by_paper.registered_on, note="", actor=None)
    do(by_hand, Action.WITHDRAW, WRITER, "Nhầm")
    for row, said in ((by_paper, "Rút khỏi năm 2023"), (by_hand, "Rút")):
        told = [event.what for event in timeline.of_registration(Registration.objects.get(pk=row.pk))]
        assert [what for what in told if what.startswith("Rút")] == [said]


# --- what was withdrawn


def test_nothing_is_added_to_what_was_withdrawn() -> None:
    from common.exceptions import DomainError

    row = accepted()
    measure, _ = record_output(registration_id=row.pk, typed=MeasureTyped(**typed()), actor=person(WRITER))
    do(row, Action.WITHDRAW, WRITER, "Nhầm")
    for act in (
        lambda: record_output(registration_id=row.pk, typed=MeasureTyped(**typed(quantity="1")), actor=person(WRITER)),
        lambda: remove_output(measure_id=measure.pk, registration_id=row.pk, actor=person(WRITER)),
        lambda: tag_themes(registration_id=row.pk, notes={}, actor=person(WRITER)),
    ):
        with pytest.raises(DomainError, match="đã rút"):
            act()


def test_what_was_withdrawn_by_mistake_is_given_back() -> None:
    row = do(accepted(), Action.WITHDRAW, WRITER, "Rút nhầm")
    assert row.withdrawn_on is not None
    with pytest.raises(NotAllowed):
        do(row, Action.REOPEN, WRITER, "Xin mở lại")
    row = do(row, Action.REOPEN, CHECKER, "Xã rút nhầm")
    assert (row.state, row.withdrawn_on, in_register(person(CHECKER)).filter(pk=row.pk).exists()) == ("returned", None, True)
    assert do(do(row, Action.SUBMIT, WRITER), Action.ACCEPT, CHECKER).state == "accepted"
