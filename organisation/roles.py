"""The roles and what each may do: data, in this one place. The page and the documents about roles are drawn from here."""

from dataclasses import dataclass, field
from enum import StrEnum


class May(StrEnum):
    """What a role can allow. Always within a unit: one's own and those below it."""

    SEE_BOARD = "see-board"
    IMPORT_REGISTER = "import-register"
    EDIT_THEMES = "edit-themes"
    ADMINISTER = "administer"


@dataclass(frozen=True)
class Role:
    key: str
    name: str
    may: frozenset[May] = field(default_factory=frozenset)


ROLES = {
    role.key: role
    for role in (
        Role("can-bo-co-so", "Cán bộ cơ sở", frozenset({May.SEE_BOARD})),
        Role("chuyen-vien-huyen", "Chuyên viên huyện", frozenset({May.SEE_BOARD, May.IMPORT_REGISTER})),
        Role("lanh-dao-huyen", "Lãnh đạo huyện", frozenset({May.SEE_BOARD})),
        Role(
            "chuyen-vien-tinh",
            "Chuyên viên tỉnh",
            frozenset({May.SEE_BOARD, May.IMPORT_REGISTER, May.EDIT_THEMES}),
        ),
        Role("thanh-vien-hoi-dong", "Thành viên hội đồng"),
        Role("lanh-dao-ban", "Lãnh đạo Ban", frozenset({May.SEE_BOARD})),
        Role("quan-tri", "Quản trị", frozenset({May.ADMINISTER})),
    )
}
CHOICES = [(role.key, role.name) for role in ROLES.values()]


def keys_that_may(act: May) -> list[str]:
    return [role.key for role in ROLES.values() if act in role.may]
