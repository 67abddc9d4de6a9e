"""Tables of the register: `seasons`, `register`, `online` for what is written on the portal itself, `continuity` between years."""

from models_registry.models.continuity import Continuity, ContinuityProposal, ModelJoin, Repeat
from models_registry.models.import_rows import ROWS_KEPT, ImportEdit, ImportRow
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
from models_registry.models.seasons import Field, Period, Season, SeasonDraft, SeasonExtension, Theme

__all__ = [
    "ROWS_KEPT",
    "SUBJECT_LIMIT",
    "TITLE_LIMIT",
    "Attachment",
    "BoardCount",
    "CatalogueCount",
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
    "Period",
    "RegisterImport",
    "Registration",
    "RegistrationSheet",
    "RegistrationStep",
    "Repeat",
    "ReturnMark",
    "ReturnReason",
    "SearchWord",
    "Season",
    "SeasonDraft",
    "SeasonExtension",
    "Theme",
    "ThemeTag",
]
