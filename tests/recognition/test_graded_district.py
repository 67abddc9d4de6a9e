"""A district as one published it: 123 models recognised at one level, 55 of them “tiêu biểu” (29 + 26), 18 proposed for praise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.text import search_text, sort_key
from models_registry.enums import Kind, State, SubjectKind
from models_registry.models import EmulationModel, Field, Registration, Season
from models_registry.services.catalogue import refresh_counts
from organisation.models import Level, Unit
from organisation.selectors.units import unit_on
from portal.exports.datasets import DATA_SETS
from recognition.models import Commendation, Decision, Grade, Recognition
from recognition.selectors import count_grades, graded_models
from reports.exports.tally import tally_columns
from reports.figures import FIGURES
from reports.kinds import kind_of
from reports.kinds.words import values_of
from reports.selectors import listed, tally
from reports.selectors.gathering import facts_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY, NAME = date(2023, 12, 1), "tiêu biểu"
DISTRICT = "phu-quy"


def _registered(season: Season, unit: Unit) -> list[Registration]:
    """123 of them, the first 60 of collectives, in a unit that recognised nothing before."""
    name, field = unit_on(unit, DAY).name, Field.objects.all()[0]
    rows = []
    for n in range(123):
        title, key = f"Tổ dân vận số {n}", f"123-{n}"
        rows.append(
            Registration(
                season=season,
                unit=unit,
                unit_name=name,
                model=EmulationModel(slug=key, title=title, unit=unit, identity_key=key),
                state=State.ACCEPTED,
                registered_on=date(2023, 3, 1),
                field=field,
                kind=Kind.NEW,
                subject_kind=SubjectKind.COLLECTIVE if n < 60 else SubjectKind.INDIVIDUAL,
                title=title,
                identity_key=key,
                sort_key=sort_key(title),
                search_text=search_text(title),
                is_latest=True,
            )
        )
    EmulationModel.objects.bulk_create(row.model for row in rows if row.model)
    made = Registration.objects.bulk_create(rows)
    refresh_counts(season_ids=[season.pk], unit_ids=[unit.pk])
    return made


def _decided(unit: Unit, rows: Sequence[Registration]) -> None:
    """One decision names them all, a later one 29 collectives and 26 individuals, 18 are proposed for praise, two of these twice."""
    given: dict[str, Any] = {"issuer": unit, "issuer_name": "Huyện ủy", "level": Level.objects.get(key="district")}
    all_in = Decision.objects.create(number="12-QĐ/HU", decided_on=date(2023, 11, 1), **given)
    best_in = Decision.objects.create(number="15-QĐ/HU", decided_on=date(2023, 11, 20), **given)
    grade = Grade.objects.create(unit=unit, name=NAME, valid_from=date(2023, 1, 1))
    best = {row.pk for row in [*rows[:29], *rows[60:86]]}
    made = Recognition.objects.bulk_create(
        Recognition(
            registration=row,
            decision=all_in,
            level=all_in.level,
            title=row.title,
            grade=grade if row.pk in best else None,
            graded_in=best_in if row.pk in best else None,
        )
        for row in rows
    )
    Commendation.objects.bulk_create(
        Commendation(
            recognition=one,
            unit=unit,
            award=award,
            recipient=one.title,
            recipient_kind=one.registration.subject_kind,
            reason="Có thành tích.",
            proposed_on=date(2023, 11, 25),
        )
        for n, one in enumerate(made[:18])
        for award in (("giay-khen", "bang-khen") if n < 2 else ("giay-khen",))
    )


def test_each_is_counted_once_in_tally_catalogue_report_and_open_data(season: Any, client: Client) -> None:
    unit = Unit.objects.get(key=DISTRICT)
    before = tally(season, DAY)
    Recognition.objects.filter(decision__issuer=unit).delete()
    nothing = tally(season, DAY)
    rows = _registered(season, unit)
    _decided(unit, rows)
    after, eve = tally(season, DAY), tally(season, date(2023, 11, 19))
    assert (after.registered - before.registered, after.district_recognised - nothing.district_recognised) == (123, 123)
    assert (after.grades, after.praised, eve.grades, eve.praised) == ([(NAME, 55, 29, 26)], 18, [], 0)
    line = next(one for one in after.units if one.unit.unit_id == unit.pk)
    assert (line.district_recognised, line.graded[NAME], line.praised) == (123, 55, 18)
    shown = {column.heading: column.value(line) for column in tally_columns(after)}
    assert shown[f"{after.own_level.tier} công nhận, {NAME} (7)"] == 55 and shown["Đề nghị khen thưởng (8)"] == 18
    for slug, number in (("cap-huyen", 123), ("ghi-muc", 55), ("de-nghi-khen", 18)):
        assert listed(None, FIGURES[slug], season, DAY, units=[unit.pk]).count() == number
    assert graded_models(NAME).distinct().count() == 55
    assert count_grades(EmulationModel.objects.values("pk")) == {NAME: 55}
    assert client.get(reverse("portal:catalogue"), {"muc": NAME}).context["page"].counts.total == 55
    kind = kind_of("nam")
    assert kind is not None
    facts = facts_of(kind, season, unit, DAY)
    said = kind.sections[0].words(facts).format(**values_of(facts))  # type: ignore[misc]
    assert "công nhận 123 mô hình, trong đó 55 mô hình tiêu biểu (29 tập thể, 26 cá nhân); đề nghị khen thưởng 18 mô hình" in said
    data = DATA_SETS["so-lieu"]
    told = next({one.name: one.value(row) for one in data.columns} for row in data.rows(season) if row.unit.unit_id == unit.pk)
    assert told["cong_nhan"] == told["ghi_muc"] == told["de_nghi_khen"] == 0  # as of the cut-off day, before the decisions
