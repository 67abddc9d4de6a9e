"""Criteria of a body by version, and the default set."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.models import Unit, User
from recognition.audit_actions import AuditAction
from recognition.models import (
    Band,
    CriteriaSet,
    Criterion,
    CriterionGuide,
)
from recognition.permissions import can_set_criteria
from recognition.validators import DEFAULT_MINIMUM, BandLine, CriterionLine, check_criteria, default_lines

DEFAULT_NAME = "Bộ tiêu chí mặc định"


@transaction.atomic
def save_criteria(
    *,
    name: str,
    lines: Sequence[CriterionLine],
    bands: Sequence[BandLine],
    minimum_total: Decimal,
    unit: Unit,
    actor: User,
) -> CriteriaSet:
    """Criteria of a body under a name: the first version, or the next. Rounds keep the version that they took.

    Raises NotAllowed, DomainError.
    """
    if not can_set_criteria(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa bộ tiêu chí của đơn vị này.")
    check_criteria(lines, bands, minimum_total)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    title = clean(name)
    if not title:
        raise DomainError("Xin đặt tên bộ tiêu chí.", field="name")
    last = CriteriaSet.objects.filter(unit=unit, name=title).aggregate(last=Max("version"))["last"] or 0
    made = CriteriaSet.objects.create(unit=unit, name=title, version=last + 1, minimum_total=minimum_total, made_by=actor)
    _fill(made, lines, bands)
    record(actor=actor, action=AuditAction.SAVE_CRITERIA, target=made, unit=unit)
    return made


def _fill(made: CriteriaSet, lines: Sequence[CriterionLine], bands: Sequence[BandLine]) -> None:
    for n, line in enumerate(lines, start=1):
        criterion = Criterion.objects.create(
            criteria=made,
            position=n,
            name=clean(line.name),
            maximum=line.maximum,
            weight=line.weight,
            minimum=line.minimum,
            is_knockout=line.is_knockout,
        )
        CriterionGuide.objects.bulk_create(
            CriterionGuide(criterion=criterion, from_points=guide.from_points, words=clean(guide.words)) for guide in line.guides
        )
    Band.objects.bulk_create(
        Band(criteria=made, name=clean(band.name), from_total=band.from_total, to_total=band.to_total) for band in bands
    )


def ensure_criteria() -> CriteriaSet:
    """The default set, made where there is none yet; two at once make one."""
    with transaction.atomic():
        made, new = CriteriaSet.objects.get_or_create(
            unit=None, version=1, defaults={"name": DEFAULT_NAME, "minimum_total": DEFAULT_MINIMUM}
        )
        if new:
            _fill(made, *default_lines())
    return made
