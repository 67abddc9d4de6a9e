"""What a browser sends from the review of an upload."""

from models_registry.models import RegisterImport, Registration
from models_registry.selectors.continuity import told_of
from models_registry.selectors.mending import mark_of, stands


def cell(upload: RegisterImport, row: int, part: str, sheet: str = "Danh sách", nth: int = 0) -> str:
    """The name of a cell's control, as the page that is shown now has it."""
    found = upload.rows.get(sheet=sheet, row=row, nth=nth)
    return f"o|{found.source}|{part}|{mark_of(part, stands(found, upload.mends, part))}"


def asks_about(upload: RegisterImport, title: str) -> None:
    """Let a row ask whether it is a registration that stands already, as one of an earlier season would."""
    row = next(row for row in upload.rows.all() if row.said["title"] == title)
    known = Registration.objects.in_register().select_related("season").order_by("pk")[0]
    row.told |= {"offered": [told_of(known) | {"score": 80, "reason": "gần giống tên"}]}
    row.link = "asked"
    row.save()
