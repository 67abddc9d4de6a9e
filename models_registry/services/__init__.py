"""Every write to the register."""

from models_registry.services.catalogue import refresh_counts, set_honours, take_latest
from models_registry.services.imports import (
    cancel_import,
    confirm_import,
    import_register,
    read_import,
    store_import,
    upload_register,
)
from models_registry.services.seasons import ensure_fields, name_themes, open_season
from models_registry.services.storing import ImportReport
from models_registry.services.texts import describe_model, measure_output, withdraw

__all__ = [
    "ImportReport",
    "cancel_import",
    "confirm_import",
    "describe_model",
    "ensure_fields",
    "import_register",
    "measure_output",
    "name_themes",
    "open_season",
    "read_import",
    "refresh_counts",
    "set_honours",
    "store_import",
    "take_latest",
    "upload_register",
    "withdraw",
]
