"""The demo's first season: real totals, illustrative details (see demo/README.md). Loading it again changes nothing."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models_registry.models import EmulationModel, OutputMeasure, Registration, Season
from models_registry.services import NewMeasure, count_words, describe_model, grant_extension, measure_output
from organisation.models import Unit
from organisation.services import load_units
from portal.demo import accounts
from portal.demo.files import DEMO, years
from portal.demo.guides import show_guides
from portal.demo.rounds import show_round
from portal.demo.seasons import load_file, load_outcomes, open_year
from portal.demo.spread import show_spread
from portal.demo.steps import mark, once
from recognition.models import CentralIntroduction

PROVINCE = "binh-thuan"
OPEN_REASON = "Dữ liệu minh họa: mở thêm để dùng thử cổng."
PROGRAMME = "Ban Dân vận Tỉnh ủy giới thiệu với Trung ương"


@dataclass
class Loaded:
    """What loading did: registrations there, how much changed, the accounts of the demo and their password."""

    registrations: int = 0
    changed: int = 0
    accounts: list[str] = field(default_factory=list)
    password: str = ""


def load() -> Loaded:
    """Units, the first season with its registers and outcomes, three texts, its accounts: what a first page shows."""
    mark.touch()
    known = years()[0]
    changed: int = load_units(units=DEMO / "units.csv", successions=DEMO / "unit_successions.csv")["changed"]
    season, created = open_year(known)
    units = {unit.key: unit for unit in Unit.objects.all()}
    changed += created
    changed += sum(load_file(path, season, units[path.stem]) for path in sorted((known.folder / "registers").iterdir()))
    changed += once("outcomes", season, lambda: load_outcomes(season, known))
    once("more time", season, lambda: _open_for_trying(season, units[PROVINCE], known.open_until))
    once("stories", season, lambda: _tell_stories(season))
    accounts.open_accounts(first=True)
    accounts.head_papers(first=True)
    mark.unlink()
    return Loaded(
        registrations=Registration.objects.in_register().filter(season=season).count(),
        changed=changed,
        accounts=accounts.names(),
        password=accounts.password(),
    )


def load_extras() -> int:
    """What no first page shows: a round being scored, replication, guides, the booklet, the words that a search counts by.

    Returns how many things were made now.
    """
    season = Season.objects.get(year=years()[0].year)
    made = show_round(season) + show_spread(season) + show_guides(season)
    count_words()
    return made


def _open_for_trying(season: Season, province: Unit, until: date | None) -> None:
    """The season is long over: more time for all, so that it can be tried."""
    if until:
        grant_extension(season_id=season.pk, unit=province, until=until, reason=OPEN_REASON, actor=None)


def _tell_stories(season: Season) -> None:
    """The texts of the three models of the centre, out of published facts and nothing else."""
    for story in json.loads((years()[0].folder / "stories.json").read_text(encoding="utf-8")):
        model = EmulationModel.objects.get(
            unit__key=story["unit"],
            title=story["title"],
            registrations__season=season,
            registrations__central_introduction__isnull=False,
        )
        describe_model(model_id=model.pk, texts=story["texts"], slug=story["slug"], actor=None)
        if measure := story.get("measure"):
            measure_output(
                model_id=model.pk,
                value=NewMeasure(
                    what=measure["what"],
                    counting_unit=measure["counting_unit"],
                    quantity=Decimal(measure["quantity"]),
                    as_of=date.fromisoformat(measure["as_of"]),
                    precision=OutputMeasure.Precision.MONTH,
                    source=measure["source"],
                ),
                actor=None,
            )
    CentralIntroduction.objects.filter(registration__season=season, programme="").update(programme=PROGRAMME)
