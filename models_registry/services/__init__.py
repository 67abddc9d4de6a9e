"""Every write to the register."""

from models_registry.services.answers import answer_import
from models_registry.services.attachments import (
    add_attachment,
    describe_attachment,
    prepare_photo,
    remove_attachment,
    retry_photo,
)
from models_registry.services.basis import forget_papers, receive_basis, record_basis
from models_registry.services.batches import (
    answer_batch,
    discard_batch,
    look_at_file,
    send_files,
    store_batch,
    store_imports,
    undo_batch,
)
from models_registry.services.catalogue import refresh_counts, set_honours, set_taken, take_latest
from models_registry.services.checking import Kept, keep_marks, note_opened, undo_check, use_keys
from models_registry.services.comments import comment_box
from models_registry.services.continuity import confirm_link, link_found, look_again, refuse_link, undo_link
from models_registry.services.folders import FileOutcome, import_registers
from models_registry.services.handing import assign
from models_registry.services.imports import import_register
from models_registry.services.joins import join_models, keeps_apart, part_model, undo_join, what_keeps_apart
from models_registry.services.lists import (
    Handed,
    drop_list,
    forget_list,
    map_list,
    mend_list,
    read_sent,
    remember_list,
    renew_passwords,
    send_list,
    store_sent,
    undo_sent,
    undoing_of,
)
from models_registry.services.locks import lock_models
from models_registry.services.mapping import MappingChanged, forget_mapping, map_import
from models_registry.services.mending import Mended, mend_cells, mend_many, undo_edit
from models_registry.services.opening import DraftChanged, drop_draft, keep_draft
from models_registry.services.outputs import OutputRefused, record_output, remove_output
from models_registry.services.reminders import remind, remind_now, reminded_today, reminder_text
from models_registry.services.repeats import confirm_repeat, refuse_repeats, undo_repeat
from models_registry.services.saved_views import remove_view, save_view
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
    move_draft,
    save_sheet,
)
from models_registry.services.storing import ImportReport
from models_registry.services.texts import describe_model, measure_output, withdraw
from models_registry.services.themes import tag_themes
from models_registry.services.thrown import discard_draft, empty_bin, restore_draft
from models_registry.services.undo import undo_import, what_stands_on
from models_registry.services.uploads import (
    cancel_import,
    confirm_import,
    discard_import,
    forget_rows,
    read_import,
    readdress_import,
    restore_import,
    store_import,
    take_set_aside,
    upload_register,
)
from models_registry.services.verdicts import confirm_verdict, confirm_verdicts, say_verdict, say_verdicts
from models_registry.services.words import count_words
from models_registry.services.workflow import (
    Done,
    Mark,
    SentAgain,
    SheetIncomplete,
    SimilarUnanswered,
    change_many,
    change_state,
    marks_of,
    say_different,
    unanswered_similar,
)

__all__ = [
    "Done",
    "DraftChanged",
    "FileOutcome",
    "Handed",
    "ImportReport",
    "Kept",
    "MappingChanged",
    "Mark",
    "Mended",
    "OutputRefused",
    "RoleLost",
    "Saved",
    "SentAgain",
    "SheetIncomplete",
    "SimilarUnanswered",
    "add_attachment",
    "add_theme",
    "answer_batch",
    "answer_import",
    "assign",
    "begin_maintained",
    "begin_registration",
    "cancel_import",
    "carry_on",
    "change_many",
    "change_state",
    "comment_box",
    "confirm_import",
    "confirm_link",
    "confirm_repeat",
    "confirm_verdict",
    "confirm_verdicts",
    "count_words",
    "describe_attachment",
    "describe_model",
    "discard_batch",
    "discard_draft",
    "discard_import",
    "drop_draft",
    "drop_list",
    "empty_bin",
    "ensure_fields",
    "forget_list",
    "forget_mapping",
    "forget_papers",
    "forget_rows",
    "grant_extension",
    "import_register",
    "import_registers",
    "join_models",
    "keep_draft",
    "keep_marks",
    "keeps_apart",
    "link_found",
    "lock_models",
    "look_again",
    "look_at_file",
    "map_import",
    "map_list",
    "marks_of",
    "measure_output",
    "mend_cells",
    "mend_list",
    "mend_many",
    "move_draft",
    "name_themes",
    "note_opened",
    "open_season",
    "part_model",
    "prepare_photo",
    "read_import",
    "read_sent",
    "readdress_import",
    "receive_basis",
    "record_basis",
    "record_output",
    "refresh_counts",
    "refuse_link",
    "refuse_repeats",
    "remember_list",
    "remind",
    "remind_now",
    "reminded_today",
    "reminder_text",
    "remove_attachment",
    "remove_output",
    "remove_view",
    "renew_passwords",
    "restore_draft",
    "restore_import",
    "retry_photo",
    "save_sheet",
    "save_view",
    "say_different",
    "say_verdict",
    "say_verdicts",
    "send_files",
    "send_list",
    "set_honours",
    "set_taken",
    "store_batch",
    "store_import",
    "store_imports",
    "store_sent",
    "tag_themes",
    "take_back_extension",
    "take_latest",
    "take_set_aside",
    "unanswered_similar",
    "undo_batch",
    "undo_check",
    "undo_edit",
    "undo_import",
    "undo_join",
    "undo_link",
    "undo_repeat",
    "undo_sent",
    "undoing_of",
    "upload_register",
    "use_keys",
    "what_keeps_apart",
    "what_stands_on",
    "withdraw",
]
