"""The round and the replication of the demo: made once, something to do for everyone, figures as they were."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from common.dates import today
from models_registry.models import Season
from organisation.models import Unit
from portal.demo import is_demo
from portal.demo.rounds import show_round
from portal.demo.spread import HAM_HIEP, MADE_UP, TARGETS, show_spread
from recognition.enums import Phase
from recognition.models import Dossier, DossierStep, RecognitionRound, ScoreSheet
from recognition.selectors.council import progress_of
from replication.models import Adoption, AdoptionOutput, ReplicationCampaign
from replication.selectors.lines import began_on, line_of
from reports.selectors import tally

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("media")]


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
    proposed = {dossier.proposed_on for dossier in Dossier.objects.filter(round=round_, state="complete")}
    proposed |= {timezone.localdate(step.at) for step in DossierStep.objects.filter(dossier__round=round_)}
    assert proposed == {date(2023, 11, 5)} and round_.propose_until == date(2023, 11, 15)  # of the season's autumn
    assert round_.score_until > today() and timezone.localdate(round_.steps.latest("pk").at) == date(2023, 11, 16)
    handed_in = {timezone.localdate(at) for at in ScoreSheet.objects.filter(state="sent").values_list("sent_at", flat=True)}
    assert handed_in == {date(2023, 11, 24), date(2023, 12, 3)}
    states = sorted(Dossier.objects.filter(round=round_).values_list("state", flat=True))
    assert states == ["complete"] * 4 + ["preparing"] * 2
    assert tally(season, date(2023, 12, 31)).as_dict() == before


def test_the_demo_shows_ham_hiep_and_ten_campaigns_that_say_they_are_made_up(season: Season) -> None:
    before = tally(season, date(2023, 12, 31)).as_dict()
    assert [show_spread(season), show_spread(season)] == [11, 0]
    campaigns = list(ReplicationCampaign.objects.all())
    assert len(campaigns) == 11 and all(one.is_illustrative and one.state == "closed" for one in campaigns)  # none is late
    case = next(one for one in campaigns if one.source.slug == HAM_HIEP)
    assert (case.directive_on, case.directive_issuer, case.directive_number) == (
        date(2023, 12, 8),
        "Ban Thường vụ Huyện ủy Hàm Thuận Bắc",
        "",
    )
    assert (
        case.targets.count() == Unit.objects.filter(key__startswith="ham-thuan-bac/").count() - 1 == 16
    )  # all but where it began
    line = line_of(case.source, date(2024, 1, 1))
    assert (began_on(case.source), [str(number) for _, number in line.totals]) == (date(2020, 10, 1), ["136.00"])
    assert {output.source for output in AdoptionOutput.objects.all()} == {MADE_UP}
    assert AdoptionOutput.objects.filter(adoption__campaign=case, counted__counting_unit="lò").count() == 2 * TARGETS
    assert set(AdoptionOutput.objects.filter(counted__counting_unit="km").values_list("adoption__origin__title", flat=True)) == {
        "Ngày Chủ nhật xanh làm sạch bãi biển"
    }
    assert Adoption.objects.exclude(campaign=case).count() > 30 and Adoption.objects.filter(depth__gt=1).exists()
    assert tally(season, date(2023, 12, 31)).as_dict() == before


def test_the_login_page_names_no_account_before_all_of_the_demo_is_there(season: Season, client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert is_demo() and "Thử trong 5 phút" not in client.get("/dang-nhap/").content.decode()
