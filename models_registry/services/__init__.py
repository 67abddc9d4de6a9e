"""Every write to the register."""

from models_registry.services.attachments import (
    add_attachment,
    describe_attachment,
    prepare_photo,
    remove_attachment,
    retry_photo,
)
from models_registry.services.catalogue import refresh_counts, set_honours, set_taken, take_latest
from models_registry.services.continuity import confirm_link, look_again, refuse_link, undo_link
from models_registry.services.handing import assign
from models_registry.services.imports import import_register
from models_registry.services.joins import join_models, keeps_apart, part_model, undo_join, what_keeps_apart
from models_registry.services.locks import lock_models
from models_registry.services.opening import DraftChanged, drop_draft, keep_draft
from models_registry.services.outputs import OutputRefused, record_output, remove_output
from models_registry.services.reminders import remind, remind_now, reminded_today, reminder_text
from models_registry.services.repeats import confirm_repeat, refuse_repeats, undo_repeat
from models_registry.services.seasons import (
    add_theme,
    ensure_fields,
    grant_extension,
    name_themes,
    open_season,
    take_back_extension,
)
from models_registry.services.sheets import (
    RoleLost,
    Saved,
    begin_maintained,
    begin_registration,
    carry_on,
    discard_draft,
    save_sheet,
)
from models_registry.services.storing import ImportReport
from models_registry.services.texts import describe_model, measure_output, withdraw
from models_registry.services.themes import tag_themes
from models_registry.services.undo import undo_import, what_stands_on
from models_registry.services.uploads import (
    answer_import,
    cancel_import,
    confirm_import,
    mend_import,
    read_import,
    readdress_import,
    store_import,
    upload_register,
)
from models_registry.services.words import count_words
from models_registry.services.workflow import (
    Done,
    Mark,
    SheetIncomplete,
    SimilarUnanswered,
    change_many,
    change_state,
    say_different,
    unanswered_similar,
)

__all__ = [
    "Done",
    "DraftChanged",
    "ImportReport",
    "Mark",
    "OutputRefused",
    "RoleLost",
    "Saved",
    "SheetIncomplete",
    "SimilarUnanswered",
    "add_attachment",
    "add_theme",
    "answer_import",
    "assign",
    "begin_maintained",
    "begin_registration",
    "cancel_import",
    "carry_on",
    "change_many",
    "change_state",
    "confirm_import",
    "confirm_link",
    "confirm_repeat",
    "count_words",
    "describe_attachment",
    "describe_model",
    "discard_draft",
    "drop_draft",
    "ensure_fields",
    "grant_extension",
    "import_register",
    "join_models",
    "keep_draft",
    "keeps_apart",
    "lock_models",
    "look_again",
    "measure_output",
    "mend_import",
    "name_themes",
    "open_season",
    "part_model",
    "prepare_photo",
    "read_import",
    "readdress_import",
    "record_output",
    "refresh_counts",
    "refuse_link",
    "refuse_repeats",
    "remind",
    "remind_now",
    "reminded_today",
    "reminder_text",
    "remove_attachment",
    "remove_output",
    "retry_photo",
    "save_sheet",
    "say_different",
    "set_honours",
    "set_taken",
    "store_import",
    "tag_themes",
    "take_back_extension",
    "take_latest",
    "unanswered_similar",
    "undo_import",
    "undo_join",
    "undo_link",
    "undo_repeat",
    "upload_register",
    "what_keeps_apart",
    "what_stands_on",
    "withdraw",
]
