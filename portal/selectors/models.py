"""The page of a model."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from models_registry import selectors as registry
from models_registry.models import Attachment, EmulationModel, OutputMeasure, Registration
from organisation.models import Reader, UnitVersion
from organisation.selectors.units import versions_on
from portal.models import PublicContact, Story
from portal.selectors.cards import Card
from portal.selectors.stories import stories_about
from portal.selectors.vocabulary import unit_teller
from recognition import selectors as recognition


@dataclass(frozen=True)
class ModelYear:
    """One season of a model: who did it, where and for which unit, as it stood then; what came of it."""

    row: Registration
    title: str
    """Where it was called otherwise than now."""
    honours: list[tuple[str, str]]
    outputs: list[OutputMeasure]


@dataclass
class ModelPage:
    model: EmulationModel
    newest: Registration
    years: list[Registration]
    history: list[ModelYear]
    honours: list[tuple[str, str]]
    decisions: list[dict[str, Any]]
    series: list[OutputMeasure]
    photos: list[Attachment]
    place: UnitVersion | None
    unit: UnitVersion
    spread: int
    """How many places took it on, from it and from each other."""
    learned_from: EmulationModel | None
    alike: list[Card]
    """Other models like it."""
    contact: PublicContact | None
    """Of the place, else of the unit that keeps the register."""
    stories: list[Story]
    """What is told of it."""

    @property
    def is_illustrative(self) -> bool:
        return any(row.is_illustrative for row in self.years)


def model_page(user: Reader, model: EmulationModel) -> ModelPage:
    """All that is known of one model; the model must come from `registry.models_visible_to(user)`."""
    rows = registry.model_years(user, model)
    years = list(rows.select_related("unit__public_contact", "place__public_contact", "adoption__origin", "imported_by"))
    newest = years[0]
    ids = {row.pk: row.season.year for row in years}
    decisions = _decisions(ids)
    standing = [item for item in decisions if not item.get("revoked")]
    series, told = list(model.measures.all()), unit_teller()
    names = versions_on(
        [newest.unit_id, *([newest.place_id] if newest.place_id else [])], newest.registered_on or newest.season.cutoff_on
    )
    return ModelPage(
        model=model,
        newest=newest,
        years=years,
        history=_history(model, years, standing, series),
        honours=[(item["look"], f"{item['words']} {item['year']}") for item in standing],
        decisions=decisions,
        series=series,
        photos=list(registry.photos_of(model)),
        place=names.get(newest.place_id) if newest.place_id else None,
        unit=names[newest.unit_id],
        spread=newest.taken,
        learned_from=_learned_from(model, years),
        alike=[Card(row, unit=told(row)) for row in registry.alike(user, newest, ALIKE)],
        contact=_contact_for(newest),
        stories=stories_about(model),
    )


def _decisions(years: dict[int, int]) -> list[dict[str, Any]]:
    """What was decided of these registrations (id -> year), the newest first: also what was revoked."""
    introduced: list[dict[str, Any]] = [
        {
            "on": given.introduced_on,
            "year": years[given.registration_id],
            "look": "central",
            "words": _("Giới thiệu Trung ương"),
            "text": given.programme,
        }
        for given in recognition.introductions_of(years)
        if given.withdrawn_on is None
    ]
    recognised = [
        {
            "on": given.decision.decided_on,
            "year": years[given.registration_id],
            "look": "province" if given.decision.level.gathers_registers else "committee",
            "words": f"{given.decision.level_names.said_honour}, {given.standing_grade}"
            if given.standing_grade
            else given.decision.level_names.said_honour,
            "text": f"{given.decision.number}, {given.decision.issuer_name}",
            "revoked": _("đã hủy từ %(day)s theo %(paper)s") % {"day": f"{given.revoked_on:%d/%m/%Y}", "paper": given.revoked_by}
            if given.revoked_on
            else "",
        }
        for given in recognition.honours_of(years)
    ]
    return sorted(introduced + recognised, key=lambda item: item["on"], reverse=True)


ALIKE = 4


def _history(
    model: EmulationModel, years: list[Registration], standing: list[dict[str, Any]], series: list[OutputMeasure]
) -> list[ModelYear]:
    return [
        ModelYear(
            row,
            "" if row.title == model.title else row.title,
            [(item["look"], item["words"]) for item in standing if item["year"] == row.season.year],
            [one for one in series if row.season.opens_on <= one.as_of <= row.season.last_day],
        )
        for row in years
    ]


def _learned_from(model: EmulationModel, years: list[Registration]) -> EmulationModel | None:
    """Where it was taken on from, before it was registered as the unit's own."""
    adoptions = (getattr(row, "adoption", None) for row in years)
    return next((one.origin for one in adoptions if one and one.origin_id != model.pk), None)


def _contact_for(row: Registration) -> PublicContact | None:
    """Of the place, else of the unit that keeps the register."""
    units = (row.place, row.unit)
    return next((unit.public_contact for unit in units if unit and hasattr(unit, "public_contact")), None)
