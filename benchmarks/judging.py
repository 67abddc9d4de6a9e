"""What judging costs: the ranking page of a big round, certificates in a batch."""

import os
import random
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.filling import SIZE, fill
from benchmarks.parts import Result, beside, ms, ready, result, vendor

REGISTRATIONS = min(2000, SIZE)
MEMBERS = 9
DOSSIERS = CERTIFICATES = min(500, SIZE // 40)


def _round(count: int) -> Any:
    """A round of the province in the joint phase: `count` dossiers, MEMBERS members, every sheet handed in."""
    from django.utils import timezone

    from models_registry.models import Registration
    from organisation.models import Level, Unit, User
    from organisation.services import give_role
    from recognition.models import Assignment, CouncilMember, Dossier, RecognitionRound, Score, ScoreSheet
    from recognition.services import ensure_criteria

    season, chance = fill(REGISTRATIONS), random.Random(7)
    province, level = Unit.objects.get(key="binh-thuan"), Level.objects.get(gathers_registers=True)
    day, criteria = date(2024, 9, 1), ensure_criteria()
    number = RecognitionRound.objects.count() + 1
    round_ = RecognitionRound.objects.create(
        season=season, unit=province, unit_name="Tỉnh ủy", level=level, number=number, criteria=criteria, phase="joint",
        propose_from=day, propose_until=day, score_until=day, meet_on=day, decide_by=day,
    )  # fmt: skip
    users = [User.objects.get_or_create(username=f"judge{n}", defaults={"full_name": f"Người {n}"})[0] for n in range(MEMBERS)]
    members = CouncilMember.objects.bulk_create(
        [CouncilMember(round=round_, user=user, name=str(user), starts_on=day) for user in users]
    )
    free = Registration.objects.filter(season=season, withdrawn_on__isnull=True).exclude(dossiers__level=level)
    rows = list(free.order_by("pk")[:count])
    assert len(rows) == count, len(rows)
    dossiers = Dossier.objects.bulk_create(
        [
            Dossier(registration=row, level=level, round=round_, unit=row.unit, number=n, state="complete", proposed_on=day)
            for n, row in enumerate(rows, start=1)
        ]
    )
    pairs = [(member, dossier) for dossier in dossiers for member in members]
    Assignment.objects.bulk_create([Assignment(member=member, dossier=dossier) for member, dossier in pairs], batch_size=2000)
    sheets = ScoreSheet.objects.bulk_create(
        [ScoreSheet(member=member, dossier=dossier, state="sent", sent_at=timezone.now()) for member, dossier in pairs],
        batch_size=2000,
    )
    Score.objects.bulk_create(
        [
            Score(
                sheet=sheet,
                criterion=one,
                position=one.position,
                name=one.name,
                maximum=one.maximum,
                weight=one.weight,
                points=Decimal(chance.randint(10, 20)) * one.maximum / 20,
            )
            for sheet in sheets
            for one in criteria.criteria.all()
        ],
        batch_size=5000,
    )
    staff, _ = User.objects.get_or_create(username="bench")
    give_role(user=staff, role="chuyen-vien-tinh", unit=province, starts_on=date(2023, 1, 1), actor=None)
    return round_, staff


def ranking() -> list[Result]:
    """The ranking page of 50 and of DOSSIERS dossiers: queries, and time beside reading the same scores by bare SQL."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import override_settings

    results: list[Result] = []
    for count in (min(50, DOSSIERS // 2), DOSSIERS):
        round_, staff = _round(count)
        address = f"/lam-viec/dot-xet/{round_.pk}/diem/"
        ready(address, "", staff)  # each process reads the tree of units once in a while: here, not in what is counted
        made = ready(address, "", staff)
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")

        def ours(client: Client = client, address: str = address) -> None:
            with override_settings(ALLOWED_HOSTS=["*"]):
                assert client.get(address).status_code == 200

        def bare(round_: Any = round_) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT s.id, s.kind, s.member_id, s.dossier_id, s.state, c.criterion_id, c.points, c.weight "
                    "FROM recognition_scoresheet s JOIN recognition_score c ON c.sheet_id = s.id "
                    "JOIN recognition_dossier d ON d.id = s.dossier_id WHERE d.round_id = %s",
                    [round_.pk],
                )
                assert len(cursor.fetchall()) == count * MEMBERS * 7

        what = f"ranking page, {count} dossiers x {MEMBERS} members, {vendor()}"
        a, b = beside(ours, bare, 5)
        results.append(result(f"{what} / its scores by bare SQL", a, b, ""))
        results.append({"what": f"{what}: queries", "measured": str(made["queries"]), "aim": "<= 15"})
    return results


def _peak() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def certificates() -> list[Result]:
    """CERTIFICATES certificates, numbered, printed one by one and together, stored; beside Typst alone on the same pages."""
    import json

    import typst
    from django.db import transaction
    from django.test.utils import override_settings

    from models_registry.models import Registration
    from organisation.models import Unit
    from organisation.selectors.units import unit_on
    from papers.services import NewPaper, save_letterhead, take_number
    from recognition.exports import certificates as exports
    from recognition.models import Certificate, CertificateBatch, Decision, Recognition
    from recognition.services import make_certificates
    from recognition.services.certificates import new_code

    season, province = fill(REGISTRATIONS), Unit.objects.get(key="binh-thuan")
    day, level = date(2024, 11, 1), unit_on(province, date(2024, 11, 1)).level
    head = save_letterhead(
        unit=province, actor=None, suffix="BDVTU", valid_from=date(2020, 1, 1), layout="party", body_name="Ban Dân vận",
        superior_name="Tỉnh ủy", place="Bình Thuận", authority="", signer_title="TRƯỞNG BAN", signer_name="Người ký",
        term="2020-2025", recipients="Lưu",
    )  # fmt: skip
    decision = Decision.objects.create(
        number="900-QĐ/BDVTU", decided_on=day, issuer=province, issuer_name="Ban Dân vận Tỉnh ủy", level=level, signer="Người ký"
    )
    free = Registration.objects.filter(season=season).exclude(recognitions__level=level).order_by("pk")[:CERTIFICATES]
    rows = Recognition.objects.bulk_create(
        [Recognition(registration=row, decision=decision, level=level, title=row.title, subject=row.subject) for row in free]
    )
    batch = CertificateBatch.objects.create(decision=decision)
    folder = Path(os.environ["VAR_DIR"]) / "certificates"
    before, start = _peak(), time.perf_counter()
    with override_settings(MEDIA_ROOT=folder):
        with transaction.atomic():
            for one in Recognition.objects.filter(decision=decision).select_related("registration__season", "decision", "level"):
                paper = take_number(paper=NewPaper(head, "GCN", day, one.title, term="2024"), actor=None)
                printed = exports.texts_of(one, head, paper.number)
                Certificate.objects.create(recognition=one, paper=paper, code=new_code(), printed=printed)
        make_certificates(batch_id=batch.pk, progress=lambda *given, **more: None)  # type: ignore[arg-type]
    taken, added = time.perf_counter() - start, _peak() - before
    assert len(list(folder.rglob("*.pdf"))) == len(rows) + 1
    made = Certificate.objects.order_by("pk")
    pages = [exports.page_of(one.printed, new_code(), None) for one in made]  # other codes: Typst remembers pages it has seen
    plan = Path(exports.__file__).with_name("certificate.typ")
    compiler = typst.Compiler(input=str(plan), root=str(plan.parent), ignore_system_fonts=True)
    start = time.perf_counter()
    for chosen in [*([page] for page in pages), pages]:
        data = json.dumps({"title": "Giấy công nhận", "author": "x", "pages": chosen})
        compiler.compile(format="pdf", pdf_standards="a-2b", sys_inputs={"data": data}, pdf_tags=False)
    alone = time.perf_counter() - start
    rate = f"{CERTIFICATES / taken:.0f} a second"
    return [
        result(f"{CERTIFICATES} certificates, each and together / Typst alone on the same pages", taken, alone, ""),
        {"what": f"{CERTIFICATES} certificates: how fast", "measured": rate, "beside": ms(taken), "aim": ""},
        {"what": f"{CERTIFICATES} certificates: memory added at the peak", "measured": f"{added:.0f} MB", "aim": ""},
    ]
