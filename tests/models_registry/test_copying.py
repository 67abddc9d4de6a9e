"""Copying an earlier year's model brings all that is known of it, whoever typed it or sent it in a file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models_registry.models import OutputMeasure, Registration
from models_registry.selectors.sheets import carriable
from models_registry.services import carry_on
from tests.online import person

pytestmark = pytest.mark.django_db
WRITER = "hamhiep.canbo"


def copied(season: Any, row: Registration) -> dict[str, str]:
    (draft,) = carry_on(season_id=season.pk, registration_ids=[row.pk], actor=person(WRITER))
    return dict(draft.sheet.answers)


def test_a_line_of_a_register_brings_its_place_doer_text_and_what_was_measured(new_season: Any) -> None:
    row = carriable(person(WRITER), new_season).rows.filter(sheet__isnull=True)[0]
    Registration.objects.filter(pk=row.pk).update(hamlet="Thôn Xuân Điền", content="Mỗi hộ một lò.")
    for day, number in ((date(2023, 6, 1), 90), (date(2023, 10, 15), 136)):
        OutputMeasure.objects.create(model=row.model, what="Lò đốt rác", counting_unit="lò", quantity=Decimal(number), as_of=day)
    answers = copied(new_season, row)
    assert (answers["title"], answers["subject"], answers["hamlet"]) == (row.title, row.subject, "Thôn Xuân Điền")
    assert answers["method"] == "Mỗi hộ một lò." and answers["audience"] == f"Thôn Xuân Điền, {row.place_name}"
    assert "Lò đốt rác: 136 lò, đến 15/10/2023" in answers["outputs"] and "90" not in answers["outputs"]


def test_what_the_sheet_says_stands_over_the_line_and_its_empty_boxes_do_not(new_season: Any) -> None:
    row = carriable(person(WRITER), new_season).rows.filter(sheet__isnull=True)[0]
    Registration.objects.filter(pk=row.pk).update(content="Theo sổ.")
    row.sheet = (
        type(row)
        ._meta.get_field("sheet")
        .related_model.objects.create(  # type: ignore[union-attr]
            registration=row, accepted={"aims": "60 hộ.", "method": "", "leads": "", "outputs": "Tự viết."}
        )
    )
    answers = copied(new_season, row)
    assert (answers["aims"], answers["method"], answers["outputs"]) == ("60 hộ.", "Theo sổ.", "Tự viết.")
    assert "leads" not in answers
