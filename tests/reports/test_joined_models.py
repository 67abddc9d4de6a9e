"""Models that turn out to be one, or two: what was frozen says what it said, and is counted anew as it was."""

from pathlib import Path
from typing import Any

import pytest

from models_registry.models import EmulationModel, Registration, Season
from models_registry.services import import_register, join_models, part_model
from reports.models import Report
from reports.selectors import tally
from tests import registers as made
from tests.online import person
from tests.reporting import DAY, STAFF, frozen

pytestmark = pytest.mark.django_db


def test_joining_and_parting_models_leaves_a_frozen_report_and_its_figures_alone(
    season: Season, new_season: Season, unit: Any, tmp_path: Path
) -> None:
    report = frozen(season, unit)
    kept = Report.objects.filter(pk=report.pk).values().get()
    figures = tally(season, DAY)
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Con đường hoa giấy")])
    assert import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None).saved
    other = EmulationModel.objects.get(title="Con đường hoa giấy")
    first = Registration.objects.filter(season=season, unit__key="phan-thiet", honour_rank__gt=0)[0]
    assert first.model is not None
    join_models(kept_id=first.model.pk, joined_id=other.pk, reason="Cùng một tuyến đường.", actor=person(STAFF))
    assert Report.objects.filter(pk=report.pk).values().get() == kept and tally(season, DAY) == figures
    part_model(model_id=first.model.pk, year=new_season.year, reason="Thật ra là hai.", actor=person(STAFF))
    assert Report.objects.filter(pk=report.pk).values().get() == kept and tally(season, DAY) == figures
