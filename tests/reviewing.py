"""What a browser sends from the review of an upload."""

from models_registry.models import RegisterImport
from models_registry.selectors.mending import mark_of, stands


def cell(upload: RegisterImport, row: int, part: str, sheet: str = "Danh sách") -> str:
    """The name of a cell's control, as the page that is shown now has it."""
    found = upload.rows.get(sheet=sheet, row=row)
    return f"o|{found.source}|{part}|{mark_of(part, stands(found, upload.mends, part))}"
