"""Tables of the register: `seasons`, `register`, `batches` of files sent together, `online` for what is written on the portal itself,
`checking` it, `continuity` between years, `verdicts` at their end.
"""

from models_registry.models.batches import BatchFile, UploadBatch
from models_registry.models.checking import BoxComment, CheckingHabit, PendingMarks, Takeback
from models_registry.models.continuity import Continuity, ContinuityProposal, ModelJoin, Repeat
from models_registry.models.import_rows import ROWS_KEPT, ImportEdit, ImportRow
from models_registry.models.lists import LISTS_KEPT, RememberedList, SentList
from models_registry.models.online import (
    Attachment,
    DifferenceNote,
    Handover,
    HandoverAgain,
    RegistrationSheet,
    RegistrationStep,
    ReturnMark,
    ReturnReason,
    ThemeTag,
)
from models_registry.models.register import (
    SUBJECT_LIMIT,
    TITLE_LIMIT,
    BoardCount,
    CatalogueCount,
    EmulationModel,
    FormerSlug,
    OutputMeasure,
    RegisterImport,
    Registration,
    SearchWord,
)
from models_registry.models.remembered import RememberedMapping
from models_registry.models.saved import SavedView
from models_registry.models.seasons import BasisPaper, Field, Period, Season, SeasonDraft, SeasonExtension, Theme
from models_registry.models.thrown import ThrownDraft
from models_registry.models.verdicts import YearVerdict

__all__ = [
    "LISTS_KEPT",
    "ROWS_KEPT",
    "SUBJECT_LIMIT",
    "TITLE_LIMIT",
    "Attachment",
    "BasisPaper",
    "BatchFile",
    "BoardCount",
    "BoxComment",
    "CatalogueCount",
    "CheckingHabit",
    "Continuity",
    "ContinuityProposal",
    "DifferenceNote",
    "EmulationModel",
    "Field",
    "FormerSlug",
    "Handover",
    "HandoverAgain",
    "ImportEdit",
    "ImportRow",
    "ModelJoin",
    "OutputMeasure",
    "PendingMarks",
    "Period",
    "RegisterImport",
    "Registration",
    "RegistrationSheet",
    "RegistrationStep",
    "RememberedList",
    "RememberedMapping",
    "Repeat",
    "ReturnMark",
    "ReturnReason",
    "SavedView",
    "SearchWord",
    "Season",
    "SeasonDraft",
    "SeasonExtension",
    "SentList",
    "Takeback",
    "Theme",
    "ThemeTag",
    "ThrownDraft",
    "UploadBatch",
    "YearVerdict",
]
