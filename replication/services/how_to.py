"""How to copy a model: written by who does it."""

from collections.abc import Mapping

from django.db import transaction

from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines
from models_registry.models import EmulationModel
from organisation.audit import record
from organisation.models import User
from replication.audit_actions import AuditAction
from replication.models import HowTo
from replication.permissions import can_write_how_to
from replication.selectors.how_to import PARTS
from replication.validators import check


class StaleHowTo(DomainError):
    """Somebody else wrote in it meanwhile; `current` is what stands now."""

    def __init__(self, current: HowTo) -> None:
        who = f"{current.updated_by}" if current.updated_by else "Một người khác"
        super().__init__(
            f"{who} vừa lưu bản khác. Bản của đồng chí còn nguyên dưới đây, chưa lưu; so với bản kia rồi bấm lưu lần nữa."
        )
        self.current = current


@transaction.atomic
def save_how_to(*, model_id: int, texts: Mapping[str, str], seen: int, actor: User) -> HowTo:
    """The parts as typed; `seen` is the revision that the page showed. Raises NotAllowed, ReplicationRefused, StaleHowTo."""
    model = EmulationModel.objects.select_for_update().get(pk=model_id)
    if not can_write_how_to(actor, model):
        raise NotAllowed("Vai trò của đồng chí không ghi cách làm của mô hình này.")
    found = HowTo.objects.select_related("updated_by").filter(model=model).first() or HowTo(model=model)
    new = {part.name: clean_lines(texts.get(part.name, "")) for part in PARTS}
    errors = {}
    for part in PARTS:
        if len(new[part.name]) > part.limit:
            errors[part.name] = f"{part.label}: {len(new[part.name])} ký tự, nhiều nhất {part.limit} để vừa một tờ A4."
        elif new[part.name].count("\n") >= part.lines:
            errors[part.name] = (
                f"{part.label}: {new[part.name].count(chr(10)) + 1} dòng, nhiều nhất {part.lines} để vừa một tờ A4."
            )
    if not new["steps"]:
        errors["steps"] = "Các bước: chưa ghi. Người nơi khác cần phần này nhất."
    check(errors)
    changes = {
        part.name: [getattr(found, part.name), new[part.name]] for part in PARTS if getattr(found, part.name) != new[part.name]
    }
    if not changes and found.pk:
        return found
    if found.revision != seen:
        raise StaleHowTo(found)
    for name, text in new.items():
        setattr(found, name, text)
    found.revision += 1
    found.updated_by = actor
    found.save()
    record(actor=actor, action=AuditAction.SAVE_HOW_TO, target=model, unit=model.unit, changes=changes)
    return found
