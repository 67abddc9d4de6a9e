"""What the scoring page shows: each criterion with what was typed, and the dossier beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from models_registry.boxes import BOXES
from models_registry.enums import AttachmentState
from models_registry.models import Attachment, OutputMeasure
from models_registry.selectors import newest_measures
from models_registry.selectors.sheets import shown_answers
from organisation.models import Visitor
from recognition.models import Dossier, SiteVisit
from recognition.selectors.dossiers import ChecklistLine, checklist
from recognition.selectors.sheets import Line
from recognition.selectors.visits import visits_of

MEASURES = 12


@dataclass(frozen=True)
class Shown:
    """A criterion as it stands on the page: what was typed, over what, what is wrong with it, what another page wrote."""

    line: Line
    points: str = ""
    comment: str = ""
    wrong: str = ""
    other: tuple[str, str] | None = None
    is_asked: bool = False
    """Whether the member is asked to look at this one again."""

    @property
    def is_unfolded(self) -> bool:
        return bool(self.comment or self.wrong or self.other or self.is_asked or self.line.is_low)


def shown_lines(
    lines: list[Line],
    posted: Mapping[str, str],
    errors: Mapping[int, str],
    others: Mapping[int, tuple[str, str]],
    asked: frozenset[int],
) -> list[Shown]:
    return [
        Shown(
            line,
            posted.get(f"p{line.criterion_id}", line.points),
            posted.get(f"n{line.criterion_id}", line.comment),
            errors.get(line.criterion_id, ""),
            others.get(line.criterion_id),
            line.criterion_id in asked,
        )
        for line in lines
    ]


@dataclass(frozen=True)
class DossierShown:
    """The dossier as a member reads it while scoring."""

    boxes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(title, ((label, text), ...)) of the nine boxes, those that say something."""
    photos: tuple[Attachment, ...]
    files: tuple[Attachment, ...]
    papers: tuple[ChecklistLine, ...]
    needed: int
    measures: tuple[OutputMeasure, ...]
    visits: tuple[SiteVisit, ...]

    @property
    def there(self) -> int:
        """How many of the papers that must be there are."""
        return sum(line.is_needed for line in self.papers)


def dossier_shown(user: Visitor, dossier: Dossier) -> DossierShown:
    """A fixed number of queries."""
    registration = dossier.registration
    said = shown_answers(getattr(registration, "sheet", None), registration)
    boxes = [(box.title, tuple((f.label, said[f.name]) for f in box.fields if f.name in said)) for box in BOXES[1:]]
    files = list(registration.attachments.filter(state=AttachmentState.READY))
    lines = checklist(dossier)
    return DossierShown(
        boxes=tuple((title, answers) for title, answers in boxes if answers),
        photos=tuple(one for one in files if one.kind == Attachment.Kind.PHOTO),
        files=tuple(one for one in files if one.kind != Attachment.Kind.PHOTO),
        papers=tuple(line for line in lines if line.has),
        needed=sum(line.is_needed for line in lines),
        measures=tuple(newest_measures(registration)[:MEASURES]),
        visits=tuple(visits_of(user, dossier)),
    )
