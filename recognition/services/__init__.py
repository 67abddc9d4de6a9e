"""Every write of recognition."""

from recognition.services.amendments import begin_amendment
from recognition.services.appeals import answer_appeal, appeal
from recognition.services.certificates import ask_certificates, make_certificates, save_layout
from recognition.services.commendations import (
    add_entries,
    begin_commendation_draft,
    drop_commendation,
    introduce,
    open_conference,
    propose_commendations,
    withdraw_introduction,
    write_commendation,
    write_conference,
)
from recognition.services.council import assign, assign_evenly, declare_conflict, remove_member, seat_member, unassign
from recognition.services.criteria import ensure_criteria, save_criteria
from recognition.services.dossiers import (
    DossierIncomplete,
    add_paper,
    begin_dossier,
    change_dossier,
    discard_dossier,
    make_paper,
    write_dossier,
)
from recognition.services.drafts import LineTyped, begin_draft, check_draft, discard_draft, send_back, write_draft
from recognition.services.honours import refresh_honours
from recognition.services.looks import LookPlan, answer_second_look, ask_second_look
from recognition.services.meetings import (
    cast_votes,
    close_voting,
    conclude,
    move_cut,
    open_voting,
    plan_meeting,
    save_official,
)
from recognition.services.outcomes import COLUMNS, OutcomeReport, import_outcomes, revoke
from recognition.services.phases import REOPENED_UNTIL, advance, extend_phase, reopen_phase
from recognition.services.problems import problems_of
from recognition.services.publishing import add_signed, publish
from recognition.services.reminders import PLACES, check_words, remind_rounds, send_reminders, words_for
from recognition.services.rounds import RoundPlan, change_round, grant_round_extension, open_round, set_quotas
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
from recognition.services.visits import Checked, add_visit_photo, plan_visit, send_visit

__all__ = [
    "COLUMNS",
    "PLACES",
    "REOPENED_UNTIL",
    "Checked",
    "DossierIncomplete",
    "LineTyped",
    "LookPlan",
    "OutcomeReport",
    "RoundPlan",
    "SavedScores",
    "SheetRefused",
    "Typed",
    "add_entries",
    "add_paper",
    "add_signed",
    "add_visit_photo",
    "advance",
    "answer_appeal",
    "answer_second_look",
    "appeal",
    "ask_certificates",
    "ask_second_look",
    "assign",
    "assign_evenly",
    "begin_amendment",
    "begin_commendation_draft",
    "begin_dossier",
    "begin_draft",
    "cast_votes",
    "change_dossier",
    "change_round",
    "check_draft",
    "check_words",
    "close_voting",
    "conclude",
    "declare_conflict",
    "discard_dossier",
    "discard_draft",
    "drop_commendation",
    "ensure_criteria",
    "extend_phase",
    "grant_round_extension",
    "import_outcomes",
    "introduce",
    "make_certificates",
    "make_paper",
    "mark_absent",
    "mark_missing",
    "move_cut",
    "open_conference",
    "open_round",
    "open_voting",
    "plan_meeting",
    "plan_visit",
    "problems_of",
    "propose_commendations",
    "publish",
    "refresh_honours",
    "remind_rounds",
    "remove_member",
    "reopen_phase",
    "reopen_sheet",
    "revoke",
    "save_criteria",
    "save_layout",
    "save_official",
    "save_own_scores",
    "save_scores",
    "seat_member",
    "send_back",
    "send_reminders",
    "send_sheet",
    "send_visit",
    "set_quotas",
    "unassign",
    "withdraw_introduction",
    "words_for",
    "write_commendation",
    "write_conference",
    "write_dossier",
    "write_draft",
]
