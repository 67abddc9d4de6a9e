from typing import Any

from common.commands import HouseCommand
from models_registry.enums import LINKED
from models_registry.management.commands.import_register import season_named, unit_named
from models_registry.models import Registration
from models_registry.selectors.continuity import PROPOSALS, maintained, origins_of

WIDTH = 60  # letters of a title in the table


class Command(HouseCommand):
    help = "Mỗi đăng ký duy trì của một năm nối với mô hình nào của năm trước, hoặc có thể nối với mô hình nào."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--unit", default="", help="mã đơn vị; không ghi thì mọi đơn vị")

    def work(self, **options: Any) -> None:
        season = season_named(options["season"])
        rows = maintained(season).select_related("season", "unit", "continuity").prefetch_related(PROPOSALS)
        if options["unit"]:
            rows = rows.filter(unit=unit_named(options["unit"]))
        found = list(rows.order_by("unit__position", "unit_id", "sort_key", "pk"))
        origins = origins_of(found)
        told = [_told(row, origins.get(row.pk)) for row in found]
        self.answer({"season": season.year, "rows": told}, "\n".join(_line(row) for row in told))


def _told(row: Registration, origin: Registration | None) -> dict[str, Any]:
    continuity = getattr(row, "continuity", None)
    is_linked = continuity is not None and continuity.state in LINKED
    open_ones = [one for one in continuity.proposals.all() if not is_linked] if continuity else []
    return {
        "unit": row.unit.key,
        "title": row.title,
        "subject": row.subject,
        "place": row.place_name,
        "origin": _earlier(origin) if origin else None,
        "how": continuity.state if continuity and is_linked else "auto" if origin else "",
        "candidates": [_earlier(one.earlier) | {"score": one.score / 100} for one in open_ones],
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
