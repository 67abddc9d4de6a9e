"""What registering online costs: the season's board, similar titles, a telephone's photo."""

import csv
import io
import random
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.filling import ROOT, SIZE, fill
from benchmarks.parts import Result, median, ms, ready, result, vendor

MEGAPIXELS = (4000, 3000)
TITLES = min(50_000, SIZE)


def board() -> list[Result]:
    """The province's board of 50 rows over SIZE registrations, made ready to be asked under gunicorn."""
    from organisation.models import Unit, User
    from organisation.services import give_role

    season = fill(SIZE)
    user, _ = User.objects.get_or_create(username="bench")
    give_role(user=user, role="chuyen-vien-tinh", unit=Unit.objects.get(key="binh-thuan"), starts_on=date(2023, 1, 1), actor=None)
    _count(season)
    return [ready("/lam-viec/nam/2024/?tt=tat-ca", f"/bare/?season={season.pk}", user)]


def _count(season: Any) -> None:
    from django.db import transaction

    from models_registry.models import Registration
    from models_registry.services import refresh_counts

    with transaction.atomic():
        units = list(Registration.objects.order_by().values_list("unit", flat=True).distinct())
        refresh_counts(season_ids=[season.pk], unit_ids=units)


def similar_titles() -> list[Result]:
    """The most alike of 50,000 titles of 6 to 14 words each, made of the words of real ones; the slowest of three titles."""
    from common.text import compare_key
    from common.trigrams import mask
    from models_registry.models import Registration
    from models_registry.selectors.similar import similar
    from organisation.models import Unit, User
    from organisation.services import give_role

    season = fill(TITLES)
    chance = random.Random(5)
    with (ROOT / "demo" / "season-2023" / "outcomes.csv").open(encoding="utf-8-sig") as file:
        words = " ".join(line["title"] for line in csv.DictReader(file)).split()
    rows = list(Registration.objects.filter(season=season).only("pk"))
    for row in rows:
        row.title = " ".join(chance.choice(words) for _ in range(chance.randint(6, 14)))
        row.title_key = compare_key(row.title)
        row.title_mask = mask(row.title_key)
    Registration.objects.bulk_update(rows, ["title", "title_key", "title_mask"], batch_size=1000)
    user, _ = User.objects.get_or_create(username="bench")
    give_role(user=user, role="can-bo-co-so", unit=Unit.objects.get(key="phan-thiet"), starts_on=date(2023, 1, 1), actor=None)
    asked = Registration.objects.filter(season=season).select_related("season", "unit").first()
    titles = ("Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình", "Tuyến đường hoa", "Tổ tự quản " * 8)
    taken = max(median(lambda title=title: similar(user, title, to=asked)) for title in titles)  # type: ignore[misc]
    return [{"what": f"similar titles among {TITLES:,}, {vendor()}", "measured": ms(taken), "aim": "<= 300 ms"}]


_ALONE = """
import io, sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from PIL import Image, ImageOps
import pillow_heif
pillow_heif.register_heif_opener(thumbnails=False)
from common.photos import variants

def by_hand(path):
    with Image.open(path) as image:
        image.draft("RGB", (1600, 1200))
        image.thumbnail((1600, 1600), Image.Resampling.LANCZOS, reducing_gap=None)
        image = ImageOps.exif_transpose(image).convert("RGB")
    for width in (1600, 800, 400):
        image.thumbnail((width, width), Image.Resampling.LANCZOS, reducing_gap=None)
        image.save(io.BytesIO(), "WEBP", quality=80, method=4)

def peak():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

before = peak()
run = by_hand if sys.argv[1] == "hand" else lambda path: list(variants(open(path, "rb"), [1600, 800, 400]))
taken = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    run(sys.argv[2])
    taken.append(time.perf_counter() - start)
print(sorted(taken)[len(taken) // 2], peak() - before, peak())
"""


def photo() -> list[Result]:
    """A 12 MP photo to three WebP sizes against Pillow's own chain by hand, each in a process of its own; peak memory."""
    folder = Path(tempfile.mkdtemp(prefix="danvan-bench-"))
    script = folder / "alone.py"
    script.write_text(_ALONE.format(root=str(ROOT)))
    rows: list[Result] = []
    for name, data in (("JPEG", _noise("JPEG")), ("HEIC", _noise("HEIF"))):
        path = folder / f"photo.{name.lower()}"
        path.write_bytes(data)

        def alone(how: str, times: int, path: Path = path) -> list[float]:
            out = subprocess.run(
                [sys.executable, str(script), how, str(path), str(times)], check=True, capture_output=True, text=True
            )
            return [float(number) for number in out.stdout.split()]

        runs = [(alone("ours", 1), alone("hand", 1)) for _ in range(5)]  # by turns, so that both meet the same machine
        ours, hand = sorted(ours[0] for ours, _ in runs)[2], sorted(hand[0] for _, hand in runs)[2]
        _, added, whole = max((ours for ours, _ in runs), key=lambda run: run[1])
        rows.append(result(f"12 MP {name} to three WebP sizes / by hand", ours, hand, "<= 1.3"))
        said = {"what": f"12 MP {name}: memory added at the peak", "measured": f"{added:.0f} MB", "aim": "<= 80 MB"}
        rows.append(said | {"beside": f"{whole:.0f} MB in all"})
    return rows


def _noise(form: str) -> bytes:
    """A picture with as much detail as a telephone's: soft shapes and fine noise."""
    import pillow_heif
    from PIL import Image

    noise = Image.effect_noise((1000, 750), 60).resize(MEGAPIXELS, Image.Resampling.BICUBIC)
    image = Image.merge("RGB", (noise, noise.rotate(180), noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    out = io.BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=70)
    else:
        image.save(out, form, quality=88)
    return out.getvalue()
