"""The roles and what each may do: data, in this one place. The page and the documents about roles are drawn from here."""

from dataclasses import dataclass, field
from enum import StrEnum


class May(StrEnum):
    """What a role can allow. Always within a unit: one's own and those below it."""

    SEE_BOARD = "see-board"
    IMPORT_REGISTER = "import-register"
    WRITE_REGISTRATION = "write-registration"
    CHECK_REGISTRATION = "check-registration"
    EXTEND_SEASON = "extend-season"
    EDIT_THEMES = "edit-themes"
    OPEN_SEASON = "open-season"
    ADMINISTER = "administer"
    PROPOSE = "propose"
    RUN_ROUND = "run-round"
    FOLLOW_ROUND = "follow-round"
    KEEP_PAPERS = "keep-papers"
    DECIDE = "decide"
    LEAD_CAMPAIGN = "lead-campaign"
    RECORD_ADOPTION = "record-adoption"
    WRITE_REPORT = "write-report"
    FREEZE_REPORT = "freeze-report"
    KEEP_PORTAL = "keep-portal"
    JOIN_MODELS = "join-models"
    GIVE_CONTACT = "give-contact"


# What reaches scores or decisions: rounds are run and followed, decisions and reports signed, accounts and roles given by these.
OVER_RESULTS = frozenset({May.RUN_ROUND, May.FOLLOW_ROUND, May.DECIDE, May.FREEZE_REPORT, May.ADMINISTER})


@dataclass(frozen=True)
class Role:
    key: str
    name: str
    """Where an administrator has written no other (`naming.RoleName`)."""
    may: frozenset[May] = field(default_factory=frozenset)
    judges: bool = False

    @property
    def is_guarded(self) -> bool:
        """Over scores or decisions: who gets it from an administrator waits for a second person."""
        return self.judges or not self.may.isdisjoint(OVER_RESULTS)


ROLES = {
    role.key: role
    for role in (
        Role(
            "can-bo-co-so",
            "Cán bộ cơ sở",
            frozenset({May.SEE_BOARD, May.WRITE_REGISTRATION, May.PROPOSE, May.RECORD_ADOPTION, May.GIVE_CONTACT}),
        ),
        Role(
            "chuyen-vien-huyen",
            "Chuyên viên đơn vị",
            frozenset(
                {
                    May.SEE_BOARD,
                    May.IMPORT_REGISTER,
                    May.WRITE_REGISTRATION,
                    May.CHECK_REGISTRATION,
                    May.PROPOSE,
                    May.RUN_ROUND,
                    May.KEEP_PAPERS,
                    May.LEAD_CAMPAIGN,
                    May.RECORD_ADOPTION,
                    May.WRITE_REPORT,
                    May.GIVE_CONTACT,
                }
            ),
        ),
        Role(
            "lanh-dao-huyen",
            "Lãnh đạo đơn vị",
            frozenset({May.SEE_BOARD, May.CHECK_REGISTRATION, May.FOLLOW_ROUND, May.DECIDE, May.FREEZE_REPORT}),
        ),
        Role(
            "chuyen-vien-tinh",
            "Chuyên viên tỉnh",
            frozenset(
                {
                    May.SEE_BOARD,
                    May.IMPORT_REGISTER,
                    May.CHECK_REGISTRATION,
                    May.EXTEND_SEASON,
                    May.OPEN_SEASON,
                    May.EDIT_THEMES,
                    May.RUN_ROUND,
                    May.KEEP_PAPERS,
                    May.LEAD_CAMPAIGN,
                    May.RECORD_ADOPTION,
                    May.WRITE_REPORT,
                    May.GIVE_CONTACT,
                    May.KEEP_PORTAL,
                    May.JOIN_MODELS,
                }
            ),
        ),
        Role("thanh-vien-hoi-dong", "Thành viên hội đồng", judges=True),
        Role(
            "lanh-dao-ban",
            "Lãnh đạo Ban",
            frozenset({May.SEE_BOARD, May.EXTEND_SEASON, May.FOLLOW_ROUND, May.DECIDE, May.FREEZE_REPORT}),
        ),
        Role("quan-tri", "Quản trị", frozenset({May.ADMINISTER, May.OPEN_SEASON})),
    )
}
CHOICES = [(role.key, role.name) for role in ROLES.values()]
GUARDED = sorted(role.key for role in ROLES.values() if role.is_guarded)


def keys_that_may(act: May) -> list[str]:
    return [role.key for role in ROLES.values() if act in role.may]
