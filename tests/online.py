"""Registrations for tests: a whole sheet, written, sent, accepted by the right people."""

from typing import Any

from models_registry.enums import Action
from models_registry.models import Registration, RegistrationSheet, Season
from models_registry.services import Mark, Saved, begin_registration, change_state, save_sheet
from organisation.models import Unit, User

HAM_HIEP, HAM_THUAN_BAC = "ham-thuan-bac/xa-ham-hiep", "ham-thuan-bac"
WHOLE = {
    "title": "Tuyến đường hoa thay cỏ dại ở thôn Phú Nhang",
    "field": "van-hoa-xa-hoi",
    "subject_kind": "collective",
    "subject": "Chi hội Phụ nữ thôn Phú Nhang",
    "kind": "new",
    "situation": "Hai bên đường liên thôn dài 1,2 km mọc đầy cỏ.",
    "aims": "Đến 30/11 phủ hoa 1,2 km, 60 hộ tự chăm.",
    "method": "Mỗi hộ nhận một đoạn.\nChi hội góp giống hoa.",
    "audience": "Thôn Phú Nhang, 60 hộ ven đường.",
    "leads": "Chi hội Phụ nữ thôn Phú Nhang",
    "resources": "Giống hoa do chi hội góp, công do dân.",
    "starts_on": "01/03/2023",
    "outputs": "Đến 30/11/2023: 1,2 km đường hoa, chi hội đếm mỗi tháng.",
    "upkeep": "Hộ tự chăm, chi hội nhắc mỗi quý.",
}


def person(name: str) -> User:
    return User.objects.get(username=name)


def begin(unit: str = HAM_HIEP, by: str = "hamhiep.canbo", year: int = 2023) -> Registration:
    return begin_registration(season_id=Season.objects.get(year=year).pk, unit=Unit.objects.get(key=unit), actor=person(by))


def fill(registration: Registration, by: str = "hamhiep.canbo", **other: str) -> Registration:
    saved = write(registration, by, **WHOLE | other)
    assert not saved.conflicts
    return Registration.objects.get(pk=registration.pk)


def write(registration: Registration, by: str, **texts: str) -> Saved:
    """Save texts over what stands there now."""
    return save_sheet(registration_id=registration.pk, texts=texts, bases=stored(registration.pk), actor=person(by))


def stored(pk: int) -> dict[str, str]:
    """The answers of a sheet as they stand now."""
    return RegistrationSheet.objects.get(pk=pk).answers


def do(registration: Registration, action: Action, by: str, note: str = "", marks: Any = ()) -> Registration:
    return change_state(registration_id=registration.pk, action=action, actor=person(by), note=note, marks=marks)


def sent(**other: str) -> Registration:
    return do(fill(begin(), **other), Action.SUBMIT, "hamhiep.canbo")


def accepted(**other: str) -> Registration:
    return do(sent(**other), Action.ACCEPT, "hamthuanbac.chuyenvien")


__all__ = [
    "HAM_HIEP",
    "HAM_THUAN_BAC",
    "WHOLE",
    "Action",
    "Mark",
    "accepted",
    "begin",
    "do",
    "fill",
    "person",
    "sent",
    "stored",
    "write",
]
