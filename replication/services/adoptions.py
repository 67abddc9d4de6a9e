"""Adoptions: a unit takes a model on, registers it as its own, stops. The line keeps where it came from."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, quoted
from models_registry.models import EmulationModel, Registration
from models_registry.permissions import can_write
from models_registry.selectors import models_visible_to
from models_registry.selectors.sheets import answers_of_line
from models_registry.services import begin_maintained, set_taken
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree
from replication.audit_actions import AuditAction
from replication.enums import CampaignState, Method, VisitState
from replication.models import (
    Adoption,
    AdoptionOutput,
    CountedOutput,
    ReplicationCampaign,
    StudyVisit,
    output_key,
    place_key,
)
from replication.permissions import can_record
from replication.selectors.campaigns import campaigns_visible_to
from replication.selectors.lines import adoption_behind, began_on, home_of, taken_on
from replication.selectors.visits import OPEN
from replication.services.locks import lock_adoption, lock_line
from replication.validators import check, read_date

SPAN = 12  # how deep a line may grow


@dataclass(frozen=True)
class AdoptionTyped:
    """What the form of an adoption says, as typed."""

    adopted_on: str
    who: str
    method: str
    place: str = ""
    parent_id: int | None = None
    """The adopter that it was learned from; None for the model's own place."""
    campaign_id: int | None = None
    visit_id: int | None = None


@transaction.atomic
def record_adoption(*, model_id: int, unit: Unit, typed: AdoptionTyped, actor: User) -> tuple[Adoption, bool]:
    """Record that a unit takes a model on: (the adoption, whether it is new). The same place once more is the adoption that is
    there. Raises NotAllowed, ReplicationRefused with a sentence for each field.
    """
    if not can_record(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không ghi nhân rộng cho đơn vị này.")
    model = models_visible_to(actor).filter(pk=model_id).first()
    if model is None:
        raise DomainError("Mô hình gốc không còn trên cổng.")
    origin, behind = lock_line(model.pk)
    parent = _parent(typed.parent_id, behind, origin)
    campaign = _campaign(typed.campaign_id, origin, actor)
    visit = _visit(typed.visit_id, origin, unit)
    place, who = clean(typed.place), clean(typed.who)
    errors = {
        "place": "Nơi làm: dài quá 200 ký tự." if len(place) > 200 else "",
        "who": "Ai làm: chưa ghi." if not who else "Ai làm: dài quá 300 ký tự." if len(who) > 300 else "",
        "method": "" if typed.method in Method.values else "Cách biết đến: chọn một.",
    }
    day = _day_of(typed.adopted_on, unit, parent.adopted_on if parent else began_on(model), campaign, errors)
    errors["unit"] = _own_place(origin, unit, place_key(place))
    if day and parent and parent.ended_on and day >= parent.ended_on and not errors.get("adopted_on"):
        errors["adopted_on"] = f"Ngày bắt đầu: nơi học theo đã thôi làm từ {write_day(parent.ended_on)}."
    errors["place"] = errors["place"] or _told_before(origin, unit, place)
    check({name: words for name, words in errors.items() if words})
    assert day is not None
    known = Adoption.objects.filter(origin=origin, unit=unit, place_key=place_key(place), ended_on__isnull=True).first()
    if known:
        if campaign and known.campaign_id is None and known.adopted_on >= campaign.starts_on:
            known.campaign = campaign
            known.save(update_fields=["campaign"])
        return known, False
    adoption = Adoption.objects.create(
        origin=origin,
        parent=parent,
        depth=parent.depth + 1 if parent else 1,
        campaign=campaign,
        visit=visit,
        unit=unit,
        unit_name=unit_on(unit, day).name,
        place=place,
        place_key=place_key(place),
        who=who,
        method=typed.method,
        adopted_on=day,
        recorded_by=actor,
    )
    _keep_taken(origin.pk)
    record(actor=actor, action=AuditAction.RECORD_ADOPTION, target=adoption, unit=unit, note=str(origin))
    return adoption, True


def _campaign(campaign_id: int | None, origin: EmulationModel, actor: User) -> ReplicationCampaign | None:
    if campaign_id is None:
        return None
    campaign = campaigns_visible_to(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise DomainError("Chiến dịch không còn.")
    campaign = ReplicationCampaign.objects.select_for_update(of=("self",)).select_related("source").get(pk=campaign.pk)
    behind = adoption_behind(campaign.source)
    if (behind.origin_id if behind else campaign.source_id) != origin.pk:
        raise DomainError("Chiến dịch này nhân rộng mô hình khác.")
    if campaign.state != CampaignState.RUNNING:
        raise DomainError(f"Chiến dịch đang ở trạng thái “{campaign.get_state_display().lower()}” nên không ghi thêm nơi làm.")
    return campaign


def _visit(visit_id: int | None, origin: EmulationModel, unit: Unit) -> StudyVisit | None:
    """The visit that it came of: one that was made, to learn this model, by the unit or one above it."""
    if visit_id is None:
        return None
    visit = StudyVisit.objects.filter(pk=visit_id, model=origin, state=VisitState.DONE).first()
    if visit is None or visit.visitor_id not in unit_tree().line_then(unit.pk, visit.visited_on or today()):
        raise DomainError("Chuyến tham quan này không phải của đơn vị, hoặc chưa ghi đã học được gì.")
    return visit


def _parent(parent_id: int | None, behind: Adoption | None, origin: EmulationModel) -> Adoption | None:
    """What the model was learned from: the adopter that was named, else the adoption that the model itself came of."""
    wanted = parent_id or (behind.pk if behind else None)
    if wanted is None:
        return None
    parent = Adoption.objects.filter(pk=wanted, origin=origin).first()
    if parent is None:
        raise DomainError("Nơi học theo không thuộc mô hình này.")
    if parent.depth >= SPAN:
        raise DomainError(f"Đường nhân rộng dài quá {SPAN} đời.")
    return parent


def _day_of(
    text: str, unit: Unit, first: date | None, campaign: ReplicationCampaign | None, errors: dict[str, str]
) -> date | None:
    day, wrong = read_date(text, "Ngày bắt đầu")
    if day is None:
        errors["adopted_on"] = wrong or "Ngày bắt đầu: chưa ghi."
    elif day > today():
        errors["adopted_on"] = f"Ngày bắt đầu: {write_day(day)} chưa tới."
    elif first and day < first:
        errors["adopted_on"] = f"Ngày bắt đầu: mô hình gốc bắt đầu {write_day(first)}, nơi học theo không thể trước ngày ấy."
    elif campaign and day < campaign.starts_on:
        errors["adopted_on"] = (
            f"Ngày bắt đầu: trước ngày phát động ({write_day(campaign.starts_on)}). Nơi đã làm từ trước thì ghi ngoài chiến dịch."
        )
    elif not unit_tree().exists(unit.pk, day):
        errors["adopted_on"] = f"Ngày bắt đầu: đơn vị không hoạt động vào ngày {write_day(day)}. Xin chọn đơn vị của ngày ấy."
    return day


def _own_place(origin: EmulationModel, unit: Unit, place: str) -> str:
    """A model is never its own origin: the unit where it began, or who carries that on, does not take it on as a whole; its
    hamlets may, but for the one where it began.
    """
    home = home_of(origin)[0]
    if unit.pk not in (home, unit_tree().heirs([home], today())[home]):
        return ""
    if not place:
        return "Đây là nơi có mô hình gốc. Thôn, chi hội trong đơn vị làm theo thì ghi rõ nơi làm."
    if f" {place} " in f" {place_key(origin.began)} ":
        return f"Mô hình gốc bắt đầu ở chính nơi này ({origin.began})."
    return ""


def _told_before(origin: EmulationModel, unit: Unit, place: str) -> str:
    """A hamlet is counted once, also where its commune ended and the hamlet was told under it."""
    if not place_key(place):
        return ""
    earlier = unit_tree().with_followed([unit.pk], today()) - {unit.pk}
    there = Adoption.objects.filter(origin=origin, unit__in=earlier, place_key=place_key(place), ended_on__isnull=True).first()
    if there is None:
        return ""
    return (
        f"Nơi làm: “{there.place}” đã ghi ở {there.unit_name}, nay thuộc đơn vị này; ghi số tiếp vào nơi ấy. Thôn khác trùng tên "
        "thì ghi thêm tên xã cũ."
    )


@transaction.atomic
def end_adoption(*, adoption_id: int, ended_on: str, why: str, actor: User) -> Adoption:
    """The unit does it no more, from a day on, for a reason. What was learned from it stays."""
    adoption = lock_adoption(adoption_id, actor)
    if adoption.ended_on:
        raise DomainError(f"Đã ghi thôi làm từ ngày {write_day(adoption.ended_on)}.")
    day, wrong = read_date(ended_on, "Ngày thôi làm")
    errors = {
        "ended_on": wrong or ("Ngày thôi làm: chưa ghi." if day is None else ""),
        "why": "" if clean(why) else "Lý do: chưa ghi.",
    }
    if day and not adoption.adopted_on <= day <= today():
        errors["ended_on"] = f"Ngày thôi làm: từ {write_day(adoption.adopted_on)} đến hôm nay."
    counted = adoption.outputs.order_by("-as_of").first()
    if day and counted and counted.as_of > day:
        errors["ended_on"] = errors["ended_on"] or f"Ngày thôi làm: đã ghi số đến {write_day(counted.as_of)}."
    check({name: words for name, words in errors.items() if words})
    adoption.ended_on, adoption.ended_why = day, clean(why)[:300]
    adoption.save(update_fields=["ended_on", "ended_why"])
    _keep_taken(adoption.origin_id)
    record(actor=actor, action=AuditAction.END_ADOPTION, target=adoption, unit=adoption.unit, note=adoption.ended_why)
    return adoption


@transaction.atomic
def register_adoption(*, adoption_id: int, season_id: int, actor: User) -> Registration:
    """Begin the unit's own registration of a season, maintained or replicated, filled with what is known; the adoption keeps
    where it came from. A second tap finds the first one's draft. Raises NotAllowed, DomainError.
    """
    adoption = lock_adoption(adoption_id, actor)
    if adoption.registration:
        return adoption.registration
    if adoption.ended_on:
        raise DomainError("Nơi này đã thôi làm nên không đăng ký.")
    unit = Unit.objects.get(pk=unit_tree().heirs([adoption.unit_id], today())[adoption.unit_id])
    newest = Registration.objects.in_register().filter(model=adoption.origin).order_by("-season__year").first()
    answers = answers_of_line(newest) if newest else {"title": adoption.origin.title}
    origin_name = f"{newest.place_name or newest.unit_name}" if newest else ""
    learned = f"Học theo mô hình {quoted(adoption.origin.title)}" + (f" của {origin_name}" if origin_name else "")
    answers |= {
        "subject": adoption.who,
        "situation": f"{learned}, làm từ ngày {write_day(adoption.adopted_on)}.",
        "starts_on": write_day(adoption.adopted_on),
    }
    answers.pop("place", None)
    registration = begin_maintained(season_id=season_id, unit=unit, answers=answers, actor=actor)
    adoption.registration = registration
    adoption.save(update_fields=["registration"])
    record(actor=actor, action=AuditAction.REGISTER_ADOPTION, target=adoption, unit=unit, note=str(registration))
    return registration


@transaction.atomic
def link_registration(*, adoption_id: int, registration_id: int, actor: User) -> Adoption:
    """Tie an adoption to a registration that the unit has already: all that was learned from there joins this line.

    Raises NotAllowed, DomainError where the line would run in a circle.
    """
    named = Registration.objects.filter(pk=registration_id).values_list("model", flat=True).first()
    adoption = lock_adoption(adoption_id, actor, also=[named] if named else [])
    chosen = Registration.objects.select_for_update(of=("self",), no_key=True).select_related("model", "unit", "place", "season")
    registration = chosen.filter(pk=registration_id).first()
    if registration is None or not can_write(actor, registration):
        raise NotAllowed("Không có đăng ký này trong các đơn vị mà đồng chí ghi.")
    if adoption.registration_id == registration.pk:
        return adoption
    if adoption.registration_id:
        raise DomainError("Nơi này đã nối với một đăng ký khác.")
    if registration.model is None or registration.model_id != named:
        raise DomainError("Chỉ nối được với đăng ký đã nhận vào sổ.")
    if registration.withdrawn_on:
        raise DomainError("Đăng ký này đã rút nên không nối được.")
    if (registration.place_id or registration.unit_id) != adoption.unit_id:
        raise DomainError("Đăng ký này là của đơn vị khác.")
    if registration.model.pk == adoption.origin_id:
        raise DomainError("Mô hình không thể là gốc của chính nó.")
    if Adoption.objects.filter(registration__model=registration.model).exists():
        raise DomainError("Mô hình của đăng ký này đã có gốc trên cổng.")
    adoption.registration = registration
    adoption.save(update_fields=["registration"])
    _join(registration.model, adoption)
    _keep_taken(adoption.origin_id, registration.model.pk)
    record(actor=actor, action=AuditAction.LINK_REGISTRATION, target=adoption, unit=adoption.unit, note=str(registration))
    return adoption


def _keep_taken(*origins: int) -> None:
    """The catalogue is told how many places do the models now."""
    set_taken({origin: taken_on(origin) for origin in origins})


def _join(model: EmulationModel, under: Adoption) -> None:
    """The line that began at a model goes on under an adoption: deepest first, so that depth grows at every moment."""
    rows = list(Adoption.objects.select_for_update().filter(origin=model).order_by("-depth", "pk"))
    if not rows:
        _carry_measures(model, under)
        return
    if rows[0].depth + under.depth > SPAN:
        raise DomainError(f"Đường nhân rộng dài quá {SPAN} đời.")
    taken = set(Adoption.objects.filter(origin=under.origin, ended_on__isnull=True).values_list("unit", "place_key"))
    for row in rows:
        if row.ended_on is None and (row.unit_id, row.place_key) in taken:
            raise DomainError(f"{row}: đã có trong đường nhân rộng của mô hình gốc; xin ghi thôi một trong hai trước.")
    early = next((row for row in rows if row.adopted_on < under.adopted_on), None)
    if early:
        raise DomainError(
            f"{early} làm từ {write_day(early.adopted_on)}, trước ngày nơi này học theo ({write_day(under.adopted_on)}): đường học "
            "không thể đi ngược thời gian. Xin xem lại ngày."
        )
    for row in rows:
        row.origin_id, row.depth = under.origin_id, row.depth + under.depth
        row.parent_id = row.parent_id or under.pk
        row.save(update_fields=["origin", "depth", "parent"])
    open_there = StudyVisit.objects.filter(model=under.origin, state__in=OPEN, host=OuterRef("host"), visitor=OuterRef("visitor"))
    StudyVisit.objects.filter(~Exists(open_there) | ~Q(state__in=OPEN), model=model, at=None).update(at=under)
    StudyVisit.objects.filter(~Exists(open_there) | ~Q(state__in=OPEN), model=model).update(model=under.origin)
    known = {one.key: one for one in CountedOutput.objects.filter(origin=under.origin)}
    for one in CountedOutput.objects.filter(origin=model):
        there = known.get(one.key)
        if there is None:
            one.origin_id = under.origin_id
            one.own_what = ""
            one.save(update_fields=["origin", "own_what"])
        else:
            one.outputs.update(counted=there)
            one.campaigns.update(counted=there)
            one.delete()
    _carry_measures(model, under)


def _carry_measures(model: EmulationModel, under: Adoption) -> None:
    """What the tied model measured of itself is what the adopter has: its values go on in the line that it joined."""
    by_key = {one.key: one for one in CountedOutput.objects.filter(origin=under.origin)}
    there = set(under.outputs.values_list("counted", "as_of"))
    made = []
    for measure in model.measures.order_by("as_of"):
        counted = by_key.get(output_key(measure.what, measure.counting_unit))
        if counted and (counted.pk, measure.as_of) not in there:
            there.add((counted.pk, measure.as_of))
            source = f"Số đo của đăng ký: {measure.source}"[:300]
            made.append(
                AdoptionOutput(adoption=under, counted=counted, as_of=measure.as_of, quantity=measure.quantity, source=source)
            )
    AdoptionOutput.objects.bulk_create(made)
