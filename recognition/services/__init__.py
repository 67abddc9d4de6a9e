"""Every write of recognition."""

from recognition.services.council import assign, assign_evenly, declare_conflict, remove_member, seat_member, unassign
from recognition.services.dossiers import (
    DossierIncomplete,
    add_paper,
    begin_dossier,
    change_dossier,
    discard_dossier,
    write_dossier,
)
from recognition.services.outcomes import COLUMNS, OutcomeReport, import_outcomes, refresh_honours, revoke
from recognition.services.reminders import remind_members, remind_rounds
from recognition.services.rounds import (
    advance,
    ensure_criteria,
    grant_round_extension,
    open_round,
    save_criteria,
    set_quotas,
)
from recognition.services.scoring import (
    SavedScores,
    SheetRefused,
    Typed,
    mark_absent,
    mark_missing,
    reopen_sheet,
    save_own_scores,
    save_scores,
    send_sheet,
)

__all__ = [
    "COLUMNS",
    "DossierIncomplete",
    "OutcomeReport",
    "SavedScores",
    "SheetRefused",
    "Typed",
    "add_paper",
    "advance",
    "assign",
    "assign_evenly",
    "begin_dossier",
    "change_dossier",
    "declare_conflict",
    "discard_dossier",
    "ensure_criteria",
    "grant_round_extension",
    "import_outcomes",
    "mark_absent",
    "mark_missing",
    "open_round",
    "refresh_honours",
    "remind_members",
    "remind_rounds",
    "remove_member",
    "reopen_sheet",
    "revoke",
    "save_criteria",
    "save_own_scores",
    "save_scores",
    "seat_member",
    "send_sheet",
    "set_quotas",
    "unassign",
    "write_dossier",
]
