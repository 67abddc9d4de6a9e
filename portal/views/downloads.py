"""Lists as Excel files. HTTP only."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse

from common.exports import ROW_LIMIT, XLSX, Column, write_xlsx
from models_registry.exports import DEMO_NOTE
from models_registry.models import Season


def sheet(name: str, title: str, columns: list[Column], rows: Any, season: Season | None = None) -> FileResponse:
    """A list with its sums below, as they are of the rows that its filters leave."""
    notes = [DEMO_NOTE] if season is None or season.is_illustrative else []
    if isinstance(rows, QuerySet):
        if rows[ROW_LIMIT : ROW_LIMIT + 1]:
            notes.append(f"Danh sách dài hơn {ROW_LIMIT} dòng: tệp chỉ ghi {ROW_LIMIT} dòng đầu. Xin lọc hẹp lại.")
        rows = rows[:ROW_LIMIT].iterator(chunk_size=2000)
    file = write_xlsx(title, columns, rows, notes=notes, has_total=True)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
