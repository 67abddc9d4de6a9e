"""The demo season: real totals of 2023, illustrative details (see demo/README.md). Loading it again changes nothing."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from common.dates import read_day
from common.exceptions import DomainError
from models_registry.models import EmulationModel, OutputMeasure, Registration, Season, Theme
from models_registry.services import (
    count_words,
    describe_model,
    grant_extension,
    import_register,
    measure_output,
    open_season,
)
from organisation.audit import record
from organisation.models import Unit, User
from organisation.services import give_role, load_units, open_account
from papers.enums import Layout
from papers.models import Letterhead
from papers.services import save_letterhead
from portal.demo_round import show_round
from portal.demo_spread import show_spread
from portal.demo_stories import show_guides
from recognition.models import CentralIntroduction
from recognition.services import import_outcomes

DEMO = settings.BASE_DIR / "demo"
YEAR = 2023
SOURCE = "Báo Bình Thuận, 17/01/2024"
ACCOUNTS = (  # user name, name shown, role, unit
    ("quantri", "Quản trị cổng", "quan-tri", "binh-thuan"),
    ("tinh.chuyenvien", "Chuyên viên Ban Dân vận Tỉnh ủy", "chuyen-vien-tinh", "binh-thuan"),
    ("tinh.lanhdao", "Lãnh đạo Ban Dân vận Tỉnh ủy", "lanh-dao-ban", "binh-thuan"),
    ("hoidong1", "Thành viên hội đồng 1", "thanh-vien-hoi-dong", "binh-thuan"),
    ("hoidong2", "Thành viên hội đồng 2", "thanh-vien-hoi-dong", "binh-thuan"),
    ("hoidong3", "Thành viên hội đồng 3", "thanh-vien-hoi-dong", "binh-thuan"),
    ("hamthuanbac.chuyenvien", "Chuyên viên Huyện ủy Hàm Thuận Bắc", "chuyen-vien-huyen", "ham-thuan-bac"),
    ("hamthuanbac.lanhdao", "Lãnh đạo Huyện ủy Hàm Thuận Bắc", "lanh-dao-huyen", "ham-thuan-bac"),
    ("hamhiep.canbo", "Cán bộ Đảng ủy xã Hàm Hiệp", "can-bo-co-so", "ham-thuan-bac/xa-ham-hiep"),
    ("phanthiet.chuyenvien", "Chuyên viên Thành ủy Phan Thiết", "chuyen-vien-huyen", "phan-thiet"),
    ("duclinh.chuyenvien", "Chuyên viên Huyện ủy Đức Linh", "chuyen-vien-huyen", "duc-linh"),
)


@dataclass(frozen=True)
class Story:
    """The text of one of the three models of the centre, out of published facts and nothing else."""

    unit: str
    title: str
    slug: str
    texts: dict[str, str]


STORIES = (
    Story(
        "ham-thuan-bac",
        "Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình",
        "lo-dot-rac-ho-gia-dinh-ham-hiep",
        {
            "why": "Rác sinh hoạt của từng hộ cần một chỗ xử lý ngay tại nhà. Đảng ủy xã Hàm Hiệp chọn việc nhỏ mà mỗi gia đình tự "
            "làm được: một lò đốt rác của chính mình.",
            "how": "Bắt đầu ở một thôn: tháng 10/2020, thôn Xuân Điền làm trước.\n"
            "Mở rộng ra cả xã: từ một thôn, cách làm đi tới các thôn còn lại của xã Hàm Hiệp.\n"
            "Đếm kết quả bằng số lò: đến cuối năm 2023 toàn xã có 136 lò đốt rác tại hộ gia đình.\n"
            "Để nơi khác đến xem: ngày 08/12/2023, Ban Thường vụ Huyện ủy Hàm Thuận Bắc đề nghị các đơn vị trong huyện tham quan, "
            "học hỏi và xây dựng mô hình tại đơn vị mình.",
            "outcome": "Mô hình được tỉnh công nhận 02 năm liền và được giới thiệu với Trung ương.",
            "spread": "Từ thôn Xuân Điền (10/2020), mô hình đã đi khắp xã Hàm Hiệp.\n"
            "Ngày 08/12/2023, Ban Thường vụ Huyện ủy Hàm Thuận Bắc đề nghị các cơ quan, đơn vị trong huyện tham quan, học hỏi, "
            "xây dựng mô hình tại đơn vị mình.",
            "began": "10/2020, ở thôn Xuân Điền",
            "source": SOURCE,
        },
    ),
    Story(
        "ham-tan",
        "Ánh sáng an ninh và xây dựng trụ cờ",
        "anh-sang-an-ninh-va-xay-dung-tru-co-ham-tan",
        {
            "why": "Mô hình của Ủy ban MTTQ Việt Nam huyện Hàm Tân gắn hai việc trong một: “ánh sáng an ninh” và “xây dựng trụ cờ”, "
            "thuộc lĩnh vực quốc phòng - an ninh.",
            "how": "Duy trì và nhân rộng: năm 2023 mô hình được đăng ký ở diện duy trì, nhân rộng.\n"
            "Do Mặt trận chủ trì: Ủy ban MTTQ Việt Nam huyện Hàm Tân đứng tên đăng ký và thực hiện.",
            "outcome": "Là một trong ba mô hình của tỉnh Bình Thuận được giới thiệu với Trung ương. Số đo kết quả chưa được ghi.",
            "source": SOURCE,
        },
    ),
    Story(
        "quan-su-tinh",
        "Lực lượng vũ trang tỉnh Bình Thuận tăng cường đoàn kết với dân tộc, tôn giáo",
        "luc-luong-vu-trang-tang-cuong-doan-ket-voi-dan-toc-ton-giao",
        {
            "why": "Mô hình của Bộ Chỉ huy Quân sự tỉnh hướng tới tăng cường đoàn kết giữa lực lượng vũ trang tỉnh với đồng bào các "
            "dân tộc, tôn giáo.",
            "how": "Duy trì và nhân rộng: năm 2023 mô hình được đăng ký ở diện duy trì, nhân rộng.\n"
            "Do lực lượng vũ trang chủ trì: Bộ Chỉ huy Quân sự tỉnh đứng tên đăng ký và thực hiện.",
            "outcome": "Là một trong ba mô hình của tỉnh Bình Thuận được giới thiệu với Trung ương. Số đo kết quả chưa được ghi.",
            "source": SOURCE,
        },
    ),
)
OPEN_UNTIL = date(2030, 12, 31)  # the season of 2023 is long over: more time for all, so that the portal can be tried
OPEN_REASON = "Dữ liệu minh họa: mở thêm để dùng thử cổng."
PLAN = "Kế hoạch 189 (30/3/2020)"  # its "4 không" are not known to us: four labels for an officer to fill
PLAN_ITEMS = 4
PROGRAMME = "Ban Dân vận Tỉnh ủy giới thiệu với Trung ương"


@dataclass
class Loaded:
    """What loading did: registrations there, what changed, and the password of the demo accounts when it was made now."""

    registrations: int = 0
    changed: int = 0
    accounts: list[str] = field(default_factory=list)
    password: str = ""


def load() -> Loaded:
    """Units, the season of 2023 with its registers and outcomes, three texts, the demo accounts."""
    loaded = Loaded()
    loaded.changed += load_units(units=DEMO / "units.csv", successions=DEMO / "unit_successions.csv")["changed"]
    season, created = open_season(
        year=YEAR,
        period="2021-2025",
        cutoff_on=date(YEAR, 10, 15),
        basis="Công văn 689-CV/TU, ngày 28/02/2023, của Tỉnh ủy Bình Thuận",
        basis_source=SOURCE,
        is_illustrative=True,
    )
    loaded.changed += created
    if not season.period.themes.exists():
        Theme.objects.bulk_create(Theme(period=season.period, plan=PLAN, position=n) for n in range(1, PLAN_ITEMS + 1))
    units = {unit.key: unit for unit in Unit.objects.all()}
    for path in sorted((DEMO / "season-2023" / "registers").iterdir()):
        report = import_register(path=path, season=season, unit=units[path.stem], actor=None)
        if not report.saved:
            raise DomainError(f"{path.name}: {len(report.rejected)} dòng bị từ chối, xem bằng import_register --dry-run.")
        loaded.changed += report.created + report.updated
    outcomes = import_outcomes(path=DEMO / "season-2023" / "outcomes.csv", season=season, actor=None)
    if not outcomes.saved:
        raise DomainError(f"outcomes.csv: {len(outcomes.rejected)} dòng bị từ chối.")
    loaded.changed += outcomes.created + outcomes.updated
    grant_extension(season_id=season.pk, unit=units["binh-thuan"], until=OPEN_UNTIL, reason=OPEN_REASON, actor=None)
    _tell_stories(season)
    _open_accounts(units, loaded)
    _head_papers(units)
    loaded.registrations = Registration.objects.filter(season=season).count()
    return loaded


def load_extras() -> int:
    """What no first page shows: a round being scored, replication, guides, the booklet, the words that a search counts by.

    Returns how many things were made now.
    """
    season = Season.objects.get(year=YEAR)
    made = show_round(season) + show_spread(season) + show_guides(season)
    count_words()
    return made


def _tell_stories(season: Season) -> None:
    for story in STORIES:
        model = EmulationModel.objects.get(
            unit__key=story.unit,
            title=story.title,
            registrations__season=season,
            registrations__central_introduction__isnull=False,
        )
        describe_model(model_id=model.pk, texts=story.texts, slug=story.slug, actor=None)
    incinerators = EmulationModel.objects.get(slug=STORIES[0].slug)
    measure_output(
        model_id=incinerators.pk,
        what="lò đốt rác ở xã Hàm Hiệp",
        counting_unit="lò",
        quantity=Decimal(136),
        as_of=date(2023, 12, 31),
        precision=OutputMeasure.Precision.MONTH,
        source=SOURCE,
        actor=None,
    )
    CentralIntroduction.objects.filter(registration__season=season, programme="").update(programme=PROGRAMME)


HEADS = (  # unit, suffix, body, superior, place, authority, title of who signs; names of people are nobody's
    ("binh-thuan", "BDVTU", "Ban Dân vận", "Tỉnh ủy Bình Thuận", "Bình Thuận", "", "TRƯỞNG BAN"),
    ("ham-thuan-bac", "HU", "Huyện ủy Hàm Thuận Bắc", "Tỉnh ủy Bình Thuận", "Hàm Thuận Bắc", "T/M BAN THƯỜNG VỤ", "BÍ THƯ"),
)


def _head_papers(units: dict[str, Unit]) -> None:
    """Letterheads of the demo's bodies. A term of five years; who signs is marked as made up."""
    for key, suffix, body, superior, place, authority, title in HEADS:
        if Letterhead.objects.filter(unit=units[key], suffix=suffix).exists():
            continue
        save_letterhead(
            unit=units[key],
            actor=None,
            suffix=suffix,
            valid_from=date(2020, 10, 1),
            layout=Layout.PARTY,
            body_name=body,
            superior_name=superior,
            place=place,
            authority=authority,
            signer_title=title,
            signer_name="Người ký (minh họa)",
            term="2020-2025",
            recipients="Như Điều 3\nLưu",
        )


@transaction.atomic
def _open_accounts(units: dict[str, Unit], loaded: Loaded) -> None:
    """The demo accounts. Their password: DEMO_PASSWORD, else one made the first time and kept in var/demo_password."""
    kept: Path = settings.VAR_DIR / "demo_password"
    given = settings.DEMO_PASSWORD
    password = given or (kept.read_text().strip() if kept.exists() else secrets.token_urlsafe(9))
    if not given and not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(password)
    starts_on = read_day("01/01/2023") or date(YEAR, 1, 1)
    hashed = ""  # one for all accounts: they share the password, and a hash takes a quarter of a second
    for username, full_name, role, unit in ACCOUNTS:
        user, created = open_account(username=username, full_name=full_name, password=None, actor=None)
        changed = given and not created and not user.check_password(given)
        if created or changed:
            user.password = hashed = hashed or make_password(password)
            user.save(update_fields=["password"])
        if changed:
            record(actor=None, action="set-demo-password", target=user)
        give_role(user=user, role=role, unit=units[unit], starts_on=starts_on, actor=None)
        loaded.accounts.append(username)
    loaded.password = password


def is_loaded() -> bool:
    """Whether there is anything at all: the demo is loaded into an empty database only."""
    return Season.objects.exists() or User.objects.exists()
