"""The public pages. HTTP only: read the address, ask a selector, show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.dates import today
from common.keyset import KeysetPage
from models_registry import selectors as registry
from models_registry.exports import REGISTRATION_COLUMNS
from models_registry.models import Season
from models_registry.selectors.typos import Meant
from organisation.grouping import MANY, told_apart
from organisation.models import UnitVersion
from organisation.naming import Province, head_level_on, said_province
from organisation.selectors.names import level_of_most, lowest_level_on
from portal import charts, filters
from portal.models import Story
from portal.selectors import suggestions
from portal.selectors.cards import Card, cards
from portal.selectors.catalogue import count_more
from portal.selectors.home import FEATURED, Home, home_page
from portal.selectors.vocabulary import Vocabulary, vocabulary
from portal.templatetags.look import said_day
from portal.views.downloads import sheet
from portal.views.figures import Link, figures_href, list_href, without

UNITS_SHOWN = MANY  # beside the map; of more, the others are folded, and those without a number are dots on it
DAY_OF_THE_MOVEMENT = (10, 15)  # month, day: the day of the whole country since 1999


@dataclass(frozen=True)
class HomePage:
    """A season as the home page tells it: its facts, its map with the units beside it, its news."""

    home: Home
    season: Season
    years: list[tuple[str, str, bool]]
    unknown_year: str
    beside: bool
    """Whether what is featured stands beside the news."""
    stories: Sequence[Story]
    facts: list[tuple[dict[str, Any], charts.Step]]
    recognised_href: str
    figures_href: str
    map: charts.Map | None
    map_caption: str
    placed: list[Link]
    folded: list[Link]
    placed_total: int
    placed_words: str
    unplaced: list[Link]
    unplaced_words: str
    place: Province
    cuts_off_on_the_day: bool


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    year = request.GET.get("nam", "").strip()
    found = home_page(request.user, today(), year)
    if found is None:
        return render(request, "portal/empty.html")
    season, day, is_long = found.season, found.counted.as_of, len(found.units) > UNITS_SHOWN
    facts, names = _facts(found), told_apart((unit for unit, _number in found.units), short=True)
    ranked = sorted(found.units, key=lambda item: -item[1])
    placed = [item for item in ranked if item[0].latitude is not None]
    unplaced = [item for item in ranked if item[0].latitude is None]

    def linked(items: list[tuple[UnitVersion, int]]) -> list[Link]:
        return [(names[unit.unit_id], number, list_href(season, day, "dang-ky", unit.unit.key)) for unit, number in items]

    beside = is_long and bool(found.featured) and found.is_newest  # a long page as it is: what is featured stands beside the news
    page = HomePage(
        home=found,
        beside=beside,
        stories=found.stories[: max(0, FEATURED - 1 - len(found.featured))] if beside else found.stories,
        season=season,
        years=_years(found),
        unknown_year=_("Không có số liệu năm “%s”.") % year[:20] if year and year != str(season) else "",
        facts=list(zip(facts, charts.flow([fact["number"] for fact in facts], found.counted.new), strict=True)),
        recognised_href=list_href(season, found.final.as_of, "cap-tinh"),
        map=_map(found, placed),
        map_caption=_("Diện tích vòng tròn theo số mô hình đăng ký đến %(day)s; chấm nhỏ là %(places)s.")
        % {"day": said_day(day), "places": lowest_level_on(day).said_counted},
        placed=linked(placed[:UNITS_SHOWN]),
        folded=linked(placed[UNITS_SHOWN:]),
        placed_total=len(placed),
        placed_words=level_of_most([unit for unit, number in placed], day).said_counted,
        unplaced=linked(unplaced),
        unplaced_words=level_of_most([unit for unit, number in unplaced], day).said_counted,
        place=said_province(day),
        cuts_off_on_the_day=(season.cutoff_on.month, season.cutoff_on.day) == DAY_OF_THE_MOVEMENT,
        figures_href=figures_href(season, day),
    )
    return render(request, "portal/home.html", {"page": page, "illustrative": season.is_illustrative})


def _years(found: Home) -> list[tuple[str, str, bool]]:
    """(year, the address of its home page, whether it is shown) of each season; none where there is one alone."""
    home = reverse("portal:home")
    asked = [(season, "" if season == found.years[0] else f"?nam={season}") for season in found.years]
    return [(str(season), f"{home}{query}#nam", season == found.season) for season, query in asked] if len(asked) > 1 else []


def _map(found: Home, placed: list[tuple[UnitVersion, int]]) -> charts.Map | None:
    on_map = [unit for unit, number in placed if number or len(placed) <= UNITS_SHOWN]
    land = found.places if len(placed) <= UNITS_SHOWN else [*found.places, *(unit for unit, _number in placed)]
    address, season = reverse("portal:map"), found.season
    return charts.district_map(
        on_map,
        land,
        {unit.unit_id: number for unit, number in found.units},
        lambda unit: f"{address}?don-vi={unit.unit.key}&nam={season}",
        crowd_href=lambda _unit: f"{address}?nam={season}",
    )


def _facts(found: Home) -> list[dict[str, Any]]:
    """The five facts of a season: number, words, small words, the list that it counts."""
    season, at_cutoff, at_end = found.season, found.counted, found.final
    own, head = at_cutoff.own_level.said_level, head_level_on(at_cutoff.as_of).said_place
    return [
        {
            "number": at_cutoff.registered,
            "words": _("mô hình đăng ký %(level)s") % {"level": own},
            "new": at_cutoff.new,
            "maintained": at_cutoff.maintained,
            "small": _("Tính đến %s") % said_day(at_cutoff.as_of),
            "href": list_href(season, at_cutoff.as_of, "dang-ky"),
        },
        {
            "number": at_cutoff.district_recognised,
            "words": _("được %(level)s công nhận") % {"level": own},
            "small": _("%s đơn vị đã công nhận") % f"{at_cutoff.recognising_units}/{len(at_cutoff.reporting)}",
            "href": list_href(season, at_cutoff.as_of, "cap-huyen"),
        },
        {
            "number": at_cutoff.province_proposed,
            "words": _("được đề nghị lên {tinh}").format(tinh=head),
            "small": _("%s đơn vị") % f"{at_cutoff.proposing_units}/{len(at_cutoff.reporting)}"
            + without(at_cutoff.not_proposing),
            "href": list_href(season, at_cutoff.as_of, "de-nghi"),
        },
        {
            "number": at_end.province_recognised,
            "words": _("được {tinh} công nhận").format(tinh=head),
            "small": _("%(collective)s tập thể, %(individual)s cá nhân")
            % {"collective": at_end.province_collective, "individual": at_end.province_individual},
            "href": list_href(season, at_end.as_of, "cap-tinh"),
        },
        {
            "number": at_end.central_introduced,
            "words": _("được giới thiệu Trung ương"),
            "small": _("Đến %s") % said_day(at_end.as_of),
            "href": list_href(season, at_end.as_of, "trung-uong"),
        },
    ]


@dataclass(frozen=True)
class CataloguePage:
    """A page of the catalogue: what was asked, what was found, and every way on from there."""

    asked: filters.Asked
    q: str
    """The words that are marked in what was found."""
    typed: str
    meant: Meant | None
    """What was searched instead of words that find nothing."""
    counts: registry.Counts | None
    """None where so many may be found that counting waits until it is asked for."""
    limit: int
    cards: list[Card]
    found: KeysetPage
    until: int
    first: str
    previous: str
    following: str
    chips: list[filters.Chip]
    facets: list[filters.Facet]
    counted: str
    """Where the same search is counted; empty once it is."""
    orders: list[tuple[str, str, bool]]
    excel: str
    ways_on: list[tuple[str, str]]


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    return _catalogue(request, counts_all=request.GET.get("dem") == filters.YES)


def _catalogue(request: HttpRequest, *, counts_all: bool) -> HttpResponseBase:
    """The catalogue; a search that may find very many is counted, and can be filtered, only with `counts_all`."""
    words = vocabulary(request.GET.get("nam", ""))
    asked = filters.read(request.GET, words)
    is_broad, counts, meant = registry.is_broad(asked.filter), None, None
    if counts_all or not is_broad:
        counts = registry.count(request.user, asked.filter)
        if asked.filter.words and not counts.total:
            meant = registry.near_miss(request.user, asked.filter)
            if meant:
                asked.filter = replace(asked.filter, words=meant.folded)
                counts = registry.count(request.user, asked.filter)
    orders = filters.ordered(asked, is_broad=is_broad or bool(counts and counts.is_capped))
    rows = registry.find(request.user, asked.filter, counts)
    if request.GET.get("tai") == "xlsx":
        return sheet("mo-hinh", "Mô hình “Dân vận khéo”", REGISTRATION_COLUMNS, registry.for_export(rows))
    found = registry.card_page(rows, asked.filter.order, filters.cursor(request.GET, asked))
    if counts is None and not found.rows:
        return _catalogue(request, counts_all=True)  # many have each word, none here has all
    page = CataloguePage(
        asked=asked,
        q=asked.filter.words if meant else asked.given.get("q", ""),
        typed=asked.given.get("q", ""),
        meant=meant,
        counts=counts,
        limit=registry.COUNT_LIMIT,
        cards=cards(found.rows, words.levels, asked.year, with_covers=True),
        found=found,
        until=found.start + len(found.rows),
        first=asked.href() if found.previous else "",
        previous=asked.href(truoc=found.previous) if found.previous else "",
        following=asked.href(sau=found.following) if found.following else "",
        chips=filters.chips(asked, words),
        facets=_facets(request, asked, words, counts) if counts else [],
        counted="" if counts else asked.href(dem=filters.YES),
        orders=orders,
        excel=asked.href(tai="xlsx"),
        ways_on=_ways_on(asked, words) if counts and not counts.total else [],
    )
    context = {"page": page, "illustrative": any(season.is_illustrative for season in words.seasons)}
    return render(request, "portal/catalogue.html", context)


def _facets(request: HttpRequest, asked: filters.Asked, words: Vocabulary, counts: registry.Counts) -> list[filters.Facet]:
    return filters.facets(asked, words, count_more(request.user, asked.filter, words, counts))


SUGGESTED = 6


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponseBase:
    """What may be meant by what is being typed: places, fields, models; asked for by the search box's script."""
    typed = request.GET.get("q", "").strip()[:100]
    words = vocabulary()
    found = suggestions.suggest(request.user, typed, words, SUGGESTED) if len(typed) > 1 else []
    response = render(request, "portal/suggest.html", {"found": found, "q": typed})
    response["Cache-Control"] = "public, max-age=60"
    return response


def _ways_on(asked: filters.Asked, words: Vocabulary) -> list[tuple[str, str]]:
    """For a search that found nothing: what its words name as filters, the same search without its filters, then everything."""
    ways = []
    if meant := filters.as_filters(asked, words):
        ways.append((_("Lọc theo: %s") % ", ".join(chip.label for chip in filters.chips(meant, words)), meant.href()))
    if asked.filter.words and len(asked.given) > 1:
        ways.append((_("Tìm “%s”, bỏ các bộ lọc") % asked.filter.words, "?" + urlencode({"q": asked.filter.words})))
    if asked.filter.words:
        rest = {name: value for name, value in asked.given.items() if name != "q"}
        if rest:
            ways.append((_("Giữ bộ lọc, bỏ từ khóa"), "?" + urlencode(rest)))
    return [*ways, (_("Xem tất cả mô hình"), "?")]
