"""Reads of how to copy a model: its parts, each with its words, or who to ask."""

from dataclasses import dataclass
from datetime import datetime

from models_registry.models import EmulationModel, Registration
from replication.models import HowTo


@dataclass(frozen=True)
class Part:
    """A part of the sheet: field, heading, hint beside the field, most letters and most lines (all of them fit one A4)."""

    name: str
    label: str
    hint: str
    limit: int
    lines: int


PARTS = (
    Part("steps", "Các bước", "Mỗi dòng một bước, việc làm trước ghi trước. Phần trước dấu hai chấm in đậm.", 2200, 12),
    Part("cost", "Chi phí", "Hết bao nhiêu cho một nơi, ai góp, góp gì.", 600, 6),
    Part("people", "Cần những ai", "Ai đứng ra, ai làm cùng, mỗi người bao nhiêu thời gian.", 600, 6),
    Part("pitfalls", "Chỗ dễ vấp", "Chỗ nào đã làm hỏng, đã phải làm lại, và cách tránh.", 600, 6),
    Part("papers", "Giấy tờ cần có", "Văn bản, mẫu đơn, biên bản nào; xin ở đâu.", 600, 6),
)
STEPS, OTHERS = PARTS[0], PARTS[1:]


@dataclass(frozen=True)
class Sheet:
    """The sheet of a model."""

    model: EmulationModel
    parts: list[tuple[Part, str]]
    """Each part with its words; empty where nobody wrote any."""
    where: str
    since: str
    unit_name: str
    year: int | None
    revision: int
    """Of what was written; 0 for none."""
    written_at: datetime | None
    """When it was written for those who copy; None for what the register says alone."""

    @property
    def is_empty(self) -> bool:
        return not any(words for _, words in self.parts)


def sheet_of(model: EmulationModel) -> Sheet:
    """What there is: the sheet that was written, else what the model's own page says of steps and cost. Two queries."""
    written = HowTo.objects.filter(model=model).first()
    row = Registration.objects.in_register().filter(model=model).select_related("season").order_by("-season__year").first()
    known = {"steps": model.how or (row.content if row else ""), "cost": model.cost}
    return Sheet(
        model=model,
        parts=[(part, getattr(written, part.name) if written else known.get(part.name, "")) for part in PARTS],
        where=(row.place_name or row.unit_name) if row else "",
        since=model.began,
        unit_name=row.unit_name if row else "",
        year=row.season.year if row else None,
        revision=written.revision if written else 0,
        written_at=written.updated_at if written else None,
    )
