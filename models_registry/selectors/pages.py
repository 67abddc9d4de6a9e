"""What the page of one registration shows to one person, and what that person may do there."""

from dataclasses import dataclass
from datetime import date

from common.dates import today
from models_registry.boxes import BOXES, Box, BoxField
from models_registry.enums import Action, State
from models_registry.models import Attachment, Registration, RegistrationStep, Theme, ThemeTag, YearVerdict
from models_registry.permissions import can_check, can_measure, can_settle_verdict, can_write
from models_registry.selectors import board as boards
from models_registry.selectors import sheets
from models_registry.selectors.seasons import themes
from models_registry.transitions import can_happen
from organisation.models import Visitor


@dataclass(frozen=True)
class RegistrationPage:
    """One registration as its officers see it; `may_…` is what this person may do in the state that it is in."""

    heir: str
    boxes: tuple[tuple[Box, tuple[tuple[BoxField, str], ...]], ...]
    returned: RegistrationStep | None
    attachments: tuple[Attachment, ...]
    themes: tuple[tuple[Theme, ThemeTag | None], ...]
    waited: int
    is_late: bool
    is_in_register: bool
    """In the register of its season from a day on, while its state says something else."""
    due: date | None
    taken_until: date | None
    may_edit: bool
    may_check: bool
    may_reopen: bool
    may_withdraw: bool
    may_discard: bool
    may_measure: bool
    may_files: bool
    may_tag: bool
    verdict: YearVerdict | None
    """The year-end verdict that counts."""
    proposed: YearVerdict | None
    """What the unit says itself, while nobody has confirmed it."""
    comments: int | None
    """How many there are at its boxes; None for who does not read them."""
    may_judge: bool
    may_confirm: bool

    @property
    def days_left(self) -> int | None:
        return (self.due - today()).days if self.due else None


def registration_page(user: Visitor, found: Registration) -> RegistrationPage:
    writes, checks = can_write(user, found), can_check(user, found)
    is_open, waited = found.state != State.WITHDRAWN, sheets.waited_days(found.state_since)
    sheet, tags = getattr(found, "sheet", None), {tag.theme_id: tag for tag in found.theme_tags.all()}
    shown = sheets.shown_answers(sheet, found) if sheet else {}
    answers = ((box, tuple((one, shown[one.name]) for one in box.fields if one.name in shown)) for box in BOXES)
    judged = [one for one in found.verdicts.select_related("said_by", "confirmed_by") if one.until is None]
    proposed = next((one for one in judged if not one.confirmed_at), None)
    is_judged = bool(found.registered_on) and found.state == State.ACCEPTED
    return RegistrationPage(
        heir=sheets.heir_name(found),
        boxes=tuple(answers) if sheet else (),
        returned=sheets.last_return(found) if found.state == State.RETURNED else None,
        attachments=tuple(found.attachments.select_related("job")),
        themes=tuple((theme, tags.get(theme.pk)) for theme in themes(found.season.period) if theme.label),
        waited=waited,
        is_late=found.state == State.SUBMITTED and boards.is_late(found.season, waited),
        is_in_register=bool(found.registered_on) and found.state != State.ACCEPTED and not found.withdrawn_on,
        due=sheets.due_on(found) if found.is_editable else None,
        taken_until=sheets.taken_until(found) if found.is_editable else None,
        may_edit=writes and found.is_editable,
        may_check=checks and can_happen(found.state, Action.ACCEPT),
        may_reopen=checks and can_happen(found.state, Action.REOPEN),
        may_withdraw=writes and can_happen(found.state, Action.WITHDRAW),
        may_discard=writes and found.state == State.DRAFT,
        may_measure=is_open and bool(found.registered_on) and can_measure(user, found),
        may_files=is_open and writes,
        may_tag=is_open and (writes or checks),
        verdict=next((one for one in judged if one.confirmed_at), None),
        proposed=proposed,
        comments=found.comments.count() if writes or checks else None,
        may_judge=is_judged and (writes or checks),
        may_confirm=proposed is not None and proposed.said_by_id != user.pk and can_settle_verdict(user, found),
    )
