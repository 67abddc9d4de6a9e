"""The round of the demo: made once, something to do for everyone in it, figures as they were."""

from datetime import date

import pytest

from models_registry.models import Season
from portal.demo_round import show_round
from recognition.enums import Phase
from recognition.models import Dossier, RecognitionRound, ScoreSheet
from recognition.selectors.council import progress_of
from reports.selectors import tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def media(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path / "media"


def test_the_demo_shows_a_round_being_scored_and_no_figure_changes(season: Season) -> None:
    before = tally(season, date(2023, 12, 31)).as_dict()
    assert [show_round(season), show_round(season)] == [1, 0]
    round_ = RecognitionRound.objects.get()
    assert (round_.phase, round_.unit.key, round_.season.is_illustrative) == (Phase.SCORING, "ham-thuan-bac", True)
    assert [(one.member.name[-1], one.sent, one.given) for one in progress_of(round_)] == [("1", 3, 4), ("2", 1, 4), ("3", 0, 4)]
    assert sorted(ScoreSheet.objects.values_list("member__user__username", "state")) == [
        ("hoidong1", "draft"),
        *[("hoidong1", "sent")] * 3,
        ("hoidong2", "draft"),
        ("hoidong2", "sent"),
    ]
    states = sorted(Dossier.objects.filter(round=round_).values_list("state", flat=True))
    assert states == ["complete"] * 4 + ["preparing"]
    assert tally(season, date(2023, 12, 31)).as_dict() == before
