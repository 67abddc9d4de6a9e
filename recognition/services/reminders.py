"""Reminders in a round: to units with a dossier not yet sent, to members with sheets not yet handed in; never twice for one day; and by
an officer's hand, to whom they choose, in their words.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError
from common.text import quoted
from models_registry.permissions import acting_day
from notifications.reminding import check_words, words_for
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import holders
from recognition.audit_actions import AuditAction
from recognition.enums import DossierState, Phase
from recognition.models import Dossier, RecognitionRound, RoundReminder
from recognition.selectors.council import progress_of
from recognition.selectors.rounds import propose_until
from recognition.selectors.waiting import to_remind
from recognition.services.rounds import lock_run

DAYS_BEFORE = (7, 3, 1)


@transaction.atomic
def remind_rounds() -> int:
    """Each day: who still has something to do DAYS_BEFORE its last day. A missed run is made up for. Returns new messages."""
    told = 0
    for round_ in RecognitionRound.objects.filter(phase__in=[Phase.PROPOSING, Phase.SCORING]).select_related("season", "unit"):
        if round_.phase == Phase.SCORING:
            step = _step((round_.score_until - today()).days)
            told += _remind_members(round_, f"remind-round:{round_.pk}:{step}") if step else 0
        else:
            told += _remind_units(round_)
    return told


def _step(left: int) -> int:
    return min((step for step in DAYS_BEFORE if step >= left), default=0) if left >= 0 else 0


def _remind_members(round_: RecognitionRound, key: str) -> int:
    told = 0
    for one in progress_of(round_):
        if one.left and one.member.removed_at is None:
            told += tell(
                recipients=[one.member.user],
                event_key=key,
                subject=f"{round_}: còn {one.left} hồ sơ chưa chấm, đến hết ngày {write_day(round_.score_until)}",
                link=link_to("recognition:scoring", round_.pk),
            )
    return told


def _remind_units(round_: RecognitionRound) -> int:
    told = 0
    open_ones = Dossier.objects.filter(round=round_, state__in=[DossierState.PREPARING, DossierState.RETURNED])
    until_of: dict[int, date] = {}
    people_of: dict[int, list[User]] = {}
    for dossier in open_ones.select_related("unit", "registration"):
        unit = dossier.unit
        assert unit is not None
        if unit.pk not in until_of:  # asked once for each unit, however many dossiers it has
            until_of[unit.pk] = propose_until(round_, unit)
            people_of[unit.pk] = holders(May.PROPOSE, unit, acting_day(round_.season))
        until = until_of[unit.pk]
        if step := _step((until - today()).days):
            told += tell(
                recipients=people_of[unit.pk],
                event_key=f"remind-dossier:{dossier.pk}:{until:%Y%m%d}:{step}",
                subject=f"Hồ sơ chưa gửi: {quoted(dossier.registration.title[:150])}, hạn đến hết ngày {write_day(until)}",
                link=link_to("recognition:dossier", dossier.pk),
            )
    return told


@transaction.atomic
def send_reminders(*, round_id: int, keys: Collection[str], words: str, key: UUID, actor: User) -> list[RoundReminder]:
    """By hand, to the chosen ones who still have something to do: on the portal and by mail, each with their own number and
    link. `key` comes with the form: what was sent with it is not sent again. Raises NotAllowed, DomainError.
    """
    round_ = lock_run(round_id, actor)
    sent = list(RoundReminder.objects.filter(round=round_, key=key))
    if sent:
        return sent
    said = check_words(words)
    chosen = [one for one in to_remind(round_) if one.key in keys]
    if not chosen:
        raise DomainError("Chưa chọn ai để nhắc, hoặc những nơi đã chọn vừa làm xong.")
    for one in chosen:
        whom = "unit_id" if one.key.startswith("dv-") else "member_id"
        text = words_for(said, one)
        made = RoundReminder(round=round_, key=key, words=text, reached=len(one.people), sent_by=actor)
        setattr(made, whom, int(one.key.partition("-")[2]))
        made.save()
        sent.append(made)
        tell(
            recipients=one.people,
            event_key=f"round-reminder:{made.pk}",
            subject=f"{round_}: {one.what}, hạn đến hết ngày {write_day(one.until)}" if one.until else f"{round_}: {one.what}",
            body=text,
            link=one.href,
        )
    note = ", ".join(one.name for one in chosen)
    record(actor=actor, action=AuditAction.REMIND_ROUND, target=round_, unit=round_.unit, note=note[:2000])
    return sent
