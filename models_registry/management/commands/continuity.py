from typing import Any

from common.commands import HouseCommand
from models_registry.enums import LINKED, LinkState
from models_registry.management.commands.import_register import season_named, unit_named
from models_registry.models import Registration, Season
from models_registry.selectors.continuity import PROPOSALS, maintained, origins_of
from models_registry.services import look_again
from organisation.models import Unit

WIDTH = 60  # letters of a title in the table


class Command(HouseCommand):
    help = "Mỗi đăng ký duy trì của một năm nối với mô hình nào của năm trước, hoặc có thể nối với mô hình nào."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--unit", default="", help="mã đơn vị; không ghi thì mọi đơn vị")
        parser.add_argument("--again", action="store_true", help="tìm lại trước, cả những dòng nạp từ khi chưa biết nối")

    def work(self, **options: Any) -> None:
        season = season_named(options["season"])
        if options["again"]:
            self._look_again(season, options["unit"])
        rows = maintained(season).select_related("season", "unit", "continuity").prefetch_related(PROPOSALS)
        if options["unit"]:
            rows = rows.filter(unit=unit_named(options["unit"]))
        found = list(rows.order_by("unit__position", "unit_id", "sort_key", "pk"))
        origins = origins_of(found)
        told = [_told(row, origins.get(row.pk)) for row in found]
        self.answer({"season": season.year, "rows": told}, "\n".join(_line(row) for row in told))

    def _look_again(self, season: Season, key: str) -> None:
        units = Unit.objects.filter(registrations__in=maintained(season)).distinct()
        for unit in units.filter(key=key) if key else units:
            look_again(season=season, unit=unit, actor=None)


def _told(row: Registration, origin: Registration | None) -> dict[str, Any]:
    continuity = getattr(row, "continuity", None)
    is_linked = continuity is not None and continuity.state in LINKED
    offered = continuity.proposals.all() if continuity and continuity.state == LinkState.OPEN else []
    return {
        "unit": row.unit.key,
        "title": row.title,
        "subject": row.subject,
        "place": row.place_name,
        "origin": _earlier(origin) if origin else None,
        "how": continuity.state if continuity and is_linked else "auto" if origin else "",
        "candidates": [_earlier(one.earlier) | {"score": one.score / 100} for one in offered],
    }


def _earlier(row: Registration) -> dict[str, Any]:
    said = {"season": row.season.year, "unit": row.unit.key}
    return said | {"title": row.title, "subject": row.subject, "place": row.place_name}


def _line(row: dict[str, Any]) -> str:
    origin = row["origin"]
    if origin:
        how = "cán bộ nối" if row["how"] == "confirmed" else "cổng nối"
        behind = f"{how}: {origin['season']} {origin['unit']}, {origin['title'][:WIDTH]}"
    elif row["candidates"]:
        behind = "có phải: " + "; ".join(f"{one['title'][:WIDTH]} ({one['score']:.0%})" for one in row["candidates"])
    else:
        behind = "không thấy"
    return f"{row['unit']:<28} {row['title'][:WIDTH]:<{WIDTH}} {behind}"
