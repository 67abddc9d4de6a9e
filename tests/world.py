"""Something at each address of the portal, for the access matrix and for the walk through all pages."""

import re
from datetime import date
from typing import Any

from django.contrib.admin.sites import site
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from common.dates import today
from models_registry.enums import ListOf
from models_registry.models import (
    Attachment,
    BasisPaper,
    RegisterImport,
    Registration,
    RememberedMapping,
    Season,
    SentList,
    UploadBatch,
)
from models_registry.services import begin_registration
from notifications.models import Message
from organisation.models import Membership, Unit, User
from organisation.naming import ProvinceRecord
from organisation.selectors.units import unit_on
from organisation.services import give_role, password_was_set
from papers.models import PaperNumber
from portal.models import Booklet, CorrectionRequest, PortalText, Story
from recognition.models import (
    Certificate,
    CertificateBatch,
    CertificateLayout,
    Commendation,
    Conference,
    Decision,
    DecisionDraft,
    DecisionFile,
    DossierFile,
    OutcomeList,
    Recognition,
    ScoreSheet,
    SiteVisit,
    VisitPhoto,
)
from recognition.services import save_scores, send_sheet
from replication.models import AdoptionOutput, StudyPhoto
from replication.services import VisitTold, record_visit
from reports.exports.files import papers_of
from reports.models import Report
from reports.services import answer_finding, ask_report, build_report, freeze_report, make_now
from tests.access_matrix import MATRIX, ROLES
from tests.replicating import adopted, counted, running, source
from tests.replicating import on as spread_on
from tests.rounds import on, proposing, scoring, typed
from tests.stages import step

OF_MODEL = (
    "portal:model",
    "portal:share-picture",
    "portal:line",
    "portal:how-to",
    "portal:how-to-pdf",
    "replication:how-to",
    "api:model",
)
REMARK, POINTS = "LỜICHẤMKÍN", (6.5, 13.5, 11.5, 17.5, 6.5, 5.5, 6.5)  # of hoidong2
_SEALED_POINTS = re.compile(rb"\b(13,5|11,5|17,5|67,5)\b")
OF_PACKET = ("", "-meeting", "-number", "-papers", "-send", "-withdraw")


def says_what_is_sealed(name: str, said: bytes) -> bool:
    """Whether what an address answers, of that name, has what nobody but hoidong2 may see yet."""
    return REMARK.encode() in said or (name.startswith("recognition:") and bool(_SEALED_POINTS.search(said)))


def uploaded() -> RegisterImport:
    """An upload of Hàm Thuận Bắc."""
    return RegisterImport.objects.create(
        season=Season.objects.get(year=2023),
        unit=Unit.objects.get(key="ham-thuan-bac"),
        file_name="so.xlsx",
        state="refused",
        error="Tệp hỏng.",
        uploaded_by=User.objects.get(username="hamthuanbac.chuyenvien"),
    )


def with_basis(season: Season) -> None:
    """The season, with the file of what it rests on."""
    paper = BasisPaper(season=season, file_name="ke-hoach.pdf", content_type="application/pdf", size=1)
    paper.sent_by = User.objects.get(username="quantri")
    paper.file.save("ke-hoach.pdf", ContentFile(b"%PDF-"))


def sent(upload: RegisterImport) -> UploadBatch:
    """A send of Hàm Thuận Bắc's officer, with a file that asks whose it is."""
    batch, _ = UploadBatch.objects.get_or_create(season=upload.season, sent_by=upload.uploaded_by)
    batch.files.get_or_create(position=1, name="so.xlsx", state="asks", doubt="unknown")
    return batch


def sent_list(upload: RegisterImport) -> OutcomeList:
    """A list of outcomes of the upload's unit, with a row that is not found."""
    found, _ = OutcomeList.objects.get_or_create(season=upload.season, issuer=upload.unit, file_name="ket-qua.xlsx")
    found.rows.get_or_create(position=0, row=2, state="refused", texts={"title": "Không có"})
    return found


def listed(of: str) -> SentList:
    """A list with a row that is right in nothing."""
    admin = User.objects.get(username="quantri")
    found = SentList.objects.filter(of=of).first() or SentList(of=of, sent_by=admin, file_name="danh-sach.csv")
    if not found.file:
        found.rows = [["Trang", 2, {"name": "Không có", "full_name": "Không có"}]]
        found.file.save("danh-sach.csv", ContentFile("Tên đơn vị;Họ và tên\nKhông có;Không có".encode()))
    return found


def with_photo(registration: Registration) -> Registration:
    """It, with a photo that nobody agreed to show."""
    photo = Attachment(
        registration=registration, kind="photo", state="ready", file_name="a.jpg", content_type="image/jpeg", size=1
    )
    photo.variants = {"400": {"path": default_storage.save("photos/a.webp", ContentFile(b"RIFF")), "width": 4, "height": 3}}
    photo.save()
    return registration


def drafted() -> Registration:
    """A draft of Hàm Hiệp with a photo that nobody agreed to show, and a message about it to its writer."""
    officer, unit = User.objects.get(username="hamhiep.canbo"), Unit.objects.get(key="ham-thuan-bac/xa-ham-hiep")
    registration = begin_registration(season_id=Season.objects.get(year=2023).pk, unit=unit, actor=officer)
    with_photo(registration)
    Message.objects.create(recipient=officer, event_key="k", subject="Tin", link="/lam-viec/")
    return registration


def judged() -> ScoreSheet:
    """A sheet of hoidong1 for a dossier of Hàm Hiệp, in Hàm Thuận Bắc's round, in its independent phase; hoidong2's is handed in."""
    with on(9, 10):
        round_, (dossier,) = scoring(1, proposing())
        paper = DossierFile(dossier=dossier, kind="proposal", file_name="to.pdf", content_type="application/pdf", size=1)
        paper.file.save("to.pdf", ContentFile(b"%PDF-"))
        common = DossierFile(packet=dossier.packet, kind="proposal", file_name="to.pdf", content_type="application/pdf", size=1)
        common.file.save("to.pdf", ContentFile(b"%PDF-"))
        with_photo(dossier.registration)
        visit = SiteVisit.objects.create(dossier=dossier, planned_on=date(2023, 9, 12), visitors="Đoàn")
        VisitPhoto.objects.create(visit=visit, key=visit.key, file=ContentFile(b"RIFF", "a.webp"))
        about: dict[str, int] = {"round_id": round_.pk, "dossier_id": dossier.pk}
        another = User.objects.get(username="hoidong2")
        save_scores(**about, typed=typed(round_, POINTS, REMARK), remark=REMARK, actor=another)
        send_sheet(**about, actor=another)
        return save_scores(**about, typed={}, actor=User.objects.get(username="hoidong1")).sheet


def _freeze_a_month() -> None:
    """Hàm Thuận Bắc's frozen report of a month."""
    staff, leader = User.objects.get(username=ROLES[2]), User.objects.get(username=ROLES[3])
    htb, season = Unit.objects.get(key="ham-thuan-bac"), Season.objects.get(year=2023)
    month = make_now(kind="thang", season=season, unit=htb, day=date(2023, 9, 30))
    for one in month.problems:
        answer_finding(report_id=month.pk, key=one["key"], words="Đã hỏi.", actor=staff)
    freeze_report(report_id=month.pk, build=1, suffix="", papers=papers_of, actor=leader)


def spread() -> AdoptionOutput:
    """A number with evidence of an adopter in a running campaign of Hàm Thuận Bắc with a directive, at Hàm Hiệp's own hamlet."""
    with spread_on(2024, 4, 1):
        campaign = running()
        campaign.directive_name, campaign.directive_type = "cv.pdf", "application/pdf"
        campaign.directive_file.save("cv.pdf", ContentFile(b"%PDF-"))
        one = adopted("ham-thuan-bac/xa-ham-hiep", place="Thôn Đại Lộc", campaign_id=campaign.pk)
        made = counted(one, "12")
        told = VisitTold("1/3/2024", "5", "Chi bộ", "Xây lò")
        hosts, visitor = source(), Unit.objects.get(key="ham-thuan-bac/xa-ham-phu")
        visit = record_visit(model_id=hosts.pk, visitor=visitor, typed=told, actor=User.objects.get(username=ROLES[2]))
        report, _ = ask_report(
            kind="tong-hop-15-10",
            season=Season.objects.get(year=2023),
            unit=Unit.objects.get(key="ham-thuan-bac"),
            day=date(2023, 10, 15),
            actor=User.objects.get(username=ROLES[2]),
        )
        build_report(report_id=report.pk, progress=lambda step: None)
        _freeze_a_month()
        StudyPhoto.objects.create(visit=visit, digest="x", file=ContentFile(b"RIFF", "a.webp"))
    made.file_name, made.file_type = "a.pdf", "application/pdf"
    made.file.save("a.pdf", ContentFile(b"%PDF-"))
    return made


def kept() -> None:
    """A story that is published, a request of a reader, a booklet, a text of the portal."""
    PortalText.objects.get_or_create(key=PortalText.Key.LICENCE)
    PortalText.objects.get_or_create(key=PortalText.Key.SECURITY, defaults={"body": "bao-mat@danvan.example"})
    Story.objects.create(slug="bai", kind="tin", title="Bài", summary="Tóm tắt", body="Chữ", published_on=date(2024, 1, 1))
    CorrectionRequest.objects.create(page="/mo-hinh/", kind="sai", words="Sai tên", code="abcdefghjkmnpqrs")
    season = Season.objects.get(year=2023)
    booklet = Booklet.objects.filter(season=season).first() or Booklet(season=season, made_at=timezone.now())
    booklet.file.save("so-tay.pdf", ContentFile(b"%PDF-"))


def decided() -> Decision:
    """A decision of Hàm Thuận Bắc that recognises a model of Hàm Hiệp, published on the portal, with its paper."""
    unit = Unit.objects.get(key="ham-thuan-bac")
    row = Registration.objects.filter(place__key="ham-thuan-bac/xa-ham-hiep", recognitions__isnull=True).exclude(state="draft")[0]
    level = unit_on(unit, date(2023, 10, 10)).level
    made = Decision.objects.create(
        number="61-QĐ/HU", decided_on=date(2023, 10, 10), issuer=unit, issuer_name="x", level=level, published_at=timezone.now()
    )
    Recognition.objects.create(registration=row, decision=made, level=level, title=row.title)
    DecisionDraft.objects.create(unit=unit, level=level, state="published", decision=made, checked_at=timezone.now())
    Commendation.objects.create(
        recognition=made.recognitions.get(),
        unit=unit,
        award="giay-khen",
        recipient="Xã",
        recipient_kind="collective",
        reason="Tốt",
        proposed_on=date(2023, 10, 11),
    )
    Conference.objects.create(unit=unit, season=row.season, name="Hội nghị", held_on=date(2023, 11, 1))
    batch = CertificateBatch(decision=made)
    batch.file.save("a.pdf", ContentFile(b"%PDF-"))
    batch.save()
    number = PaperNumber.objects.create(unit=unit, suffix="HU", symbol="GCN", term="2023", number=1, dated_on=date(2023, 10, 10))
    certificate = Certificate(recognition=made.recognitions.get(), paper=number, code="abcdefghjkmnpqrstuvw")
    certificate.signer, certificate.signed_at, certificate.digest, certificate.signed_with = "Huyện ủy", timezone.now(), "a", "b"
    certificate.file.save("b.pdf", ContentFile(b"%PDF-"))
    certificate.save()
    CertificateLayout.objects.create(unit=unit, name="Phôi")
    paper = DecisionFile(decision=made, kind="word", file_name="qd.docx", content_type="application/pdf")
    paper.file.save("qd.docx", ContentFile(b"PK"))
    paper.save()
    return made


def resolves_with(name: str, argument: str) -> bool:
    try:
        reverse(name, kwargs={argument: 1})
    except NoReverseMatch:
        return False
    return True


def waiting() -> Membership:
    """A role and a password of an administrator, for the board's leader to confirm."""
    administrator, judge = User.objects.get(username="quantri"), User.objects.get(username="hoidong2")
    password_was_set(user_id=judge.pk, actor=administrator)
    unit = Unit.objects.get(key="la-gi")
    return give_role(user=judge, role="lanh-dao-huyen", unit=unit, starts_on=today(), actor=administrator)


@step("world")
def world() -> dict[str, dict[str, Any]]:
    """Something at each address, made once for all roles: the arguments of each."""
    kept()
    with_basis(Season.objects.get(year=2023))
    return arguments_of(uploaded(), drafted(), judged(), decided(), spread())


def remembered(upload: RegisterImport) -> RememberedMapping:
    """How a register of the upload's unit was read by hand."""
    said = {"version": 1, "sheets": [{"head": ["ten"], "heading": {"row": 0, "rows": 1}, "columns": {"A": "title"}}]}
    return RememberedMapping.objects.create(unit=upload.unit, head_key="0" * 32, head=["Tên"], mapping=said)


def arguments_of(
    upload: RegisterImport, draft: Registration, judged: ScoreSheet, decided: Decision, spread: AdoptionOutput
) -> dict[str, dict[str, Any]]:
    """What each address is about in these tests."""
    photo = draft.attachments.get()
    arguments: dict[str, dict[str, Any]] = {
        name: {"pk": draft.pk} for name in MATRIX if resolves_with(name, "pk") and "import" not in name
    }
    arguments |= {name: {"year": 2023} for name in MATRIX if resolves_with(name, "year")}
    role = waiting()
    photo_, report = StudyPhoto.objects.get(), Report.objects.get(state="draft")
    arguments |= {
        "file": {"attachment": photo.pk, "variant": "400"},
        "models_registry:file-change": {"pk": draft.pk, "attachment": photo.pk},
        "models_registry:output-remove": {"pk": draft.pk, "measure": 1},
        "models_registry:compare": {"pk": draft.pk, "other": judged.dossier.registration_id},
        "models_registry:forget": {"pk": remembered(upload).pk},
        "models_registry:history": {"slug": "lo-dot-rac-ho-gia-dinh-ham-hiep"},
        "models_registry:join": {"slug": "lo-dot-rac-ho-gia-dinh-ham-hiep"},
        "naming:add": {"kind": "tinh"},
        "naming:correct": {"kind": "tinh", "pk": ProvinceRecord.objects.earliest("pk").pk},
        "organisation:waiting-role": {"pk": role.pk},
        "organisation:waiting-password": {"pk": role.user_id},
        "notifications:follow": {"pk": Message.objects.get(event_key="k").pk},
        **{
            name: {"pk": judged.dossier.round_id}
            for name in MATRIX
            if name.startswith("recognition:") and resolves_with(name, "pk")
        },
        **{
            f"recognition:{name}": {"pk": judged.dossier_id}
            for name in ("dossier", "paper", "dossier-change", "appeal", "visits")
        },
        **{
            f"recognition:{name}": {"pk": judged.dossier.round_id, "dossier": judged.dossier_id}
            for name in ("official", "scores", "sheet-absent", "sheet-interest")
        },
        **{f"recognition:{name}": {"pk": decided.draft.pk} for name in ("draft", "draft-save", "draft-word", "draft-publish")},
        "recognition:decision": {"pk": decided.pk},
        "recognition:decision-file": {"pk": decided.pk, "file": decided.files.get().pk},
        **{
            f"recognition:{name}": {"pk": decided.pk}
            for name in ("certificates", "certificates-progress", "introduce", "introduce-back")
        },
        "recognition:certificate-file": {"pk": decided.pk, "certificate": decided.recognitions.get().certificate.pk},
        "recognition:certificates-file": {"pk": decided.pk, "batch": decided.batches.get().pk},
        "recognition:layout-sample": {"pk": CertificateLayout.objects.get().pk},
        **{name: {"pk": Conference.objects.get().pk} for name in MATRIX if name.startswith("recognition:conference-")},
        "recognition:conference": {"pk": Conference.objects.get().pk},
        **{name: {"slug": "lo-dot-rac-ho-gia-dinh-ham-hiep"} for name in OF_MODEL},
        **{f"reports:{name}": {"pk": report.pk} for name in ("report", "progress", "freeze", "rows")},
        "reports:recount": {"pk": Report.objects.get(state="frozen").pk},
        "reports:write": {"pk": report.pk, "section": "danh-gia"},
        "reports:file": {"pk": report.pk, "name": "pdf"},
        **{f"replication:{name}": {"pk": photo_.visit_id} for name in ("visit", "visit-calendar")},
        "replication:visit-photo": {"pk": photo_.visit_id, "photo": photo_.pk},
        **{f"replication:{name}": {"pk": spread.adoption.campaign_id} for name in ("campaign", "edit", "targets", "directive")},
        "replication:adoption": {"pk": spread.adoption_id},
        "replication:evidence": {"pk": spread.adoption_id, "output": spread.pk},
        "portal:story": {"slug": "bai"},
        "help:manual": {"slug": "dang-ky"},
        "portal:asked": {"code": "abcdefghjkmnpqrs"},
        "portal:language": {"code": "en"},
        "desk:story": {"story": Story.objects.get().pk},
        "desk:request": {"ask": CorrectionRequest.objects.get().pk},
        "desk:contact": {"key": "ham-thuan-bac/xa-ham-hiep"},
        "portal:verify": {"code": "abcdefghjkmnpqrstuvw"},
        "portal:unit": {"key": "ham-thuan-bac/xa-ham-hiep"},
        "portal:feed-unit": {"key": "ham-thuan-bac/xa-ham-hiep"},
        "portal:download": {"year": 2023, "what": "dang-ky", "form": "csv"},
        "django.contrib.sitemaps.views.sitemap": {"section": "mo-hinh"},
        "papers:template": {"slug": "quyet-dinh"},
        "papers:template-file": {"slug": "quyet-dinh"},
        **{f"recognition:{name}": {"pk": judged.dossier.visits.get().pk} for name in ("visit", "visit-photo-add")},
        "recognition:visit-photo": {"pk": judged.dossier.visits.get().pk, "key": judged.dossier.visits.get().key},
        "recognition:visit-worker": {},
        "recognition:sheet": {"pk": judged.dossier.round_id, "dossier": judged.dossier_id},
        "recognition:sheet-save": {"pk": judged.dossier.round_id, "dossier": judged.dossier_id},
        "recognition:sheet-reopen": {"pk": judged.dossier.round_id, "sheet": judged.pk},
        **{f"recognition:packet{name}": {"pk": judged.dossier.packet_id} for name in OF_PACKET},
        "recognition:packet-take-out": {"pk": judged.dossier.packet_id, "dossier": judged.dossier_id},
        "recognition:packet-file": {"pk": judged.dossier.packet_id, "file": judged.dossier.packet.files.get().pk},
        **{
            f"recognition:paper-{name}": {"pk": judged.dossier_id, "file": judged.dossier.files.get().pk}
            for name in ("file", "page")
        },
        "recognition:paper-picture": {"pk": judged.dossier_id, "file": judged.dossier.files.get().pk, "number": 1},
        "recognition:dossier-attachment": {
            "pk": judged.dossier_id,
            "file": judged.dossier.registration.attachments.get().pk,
            "variant": "400",
        },
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        **{
            key: {"pk": upload.pk}
            for key in (
                "models_registry:import",
                "models_registry:mapping",
                "models_registry:import-progress",
                "models_registry:import-confirm",
                "models_registry:import-cancel",
                "models_registry:import-mend",
                "models_registry:import-many",
                "models_registry:import-earlier",
                "models_registry:import-discard",
                "models_registry:import-marked",
                "models_registry:import-undo",
            )
        },
        **{f"recognition:outcome-{name}": {"pk": sent_list(upload).pk} for name in ("list", "mapping", "undo", "discard")},
        **{f"{of}:{page}": {"pk": listed(of).pk} for of in ListOf.values for page in ("review", "columns", "discard")},
        "people:undo": {"pk": listed(ListOf.PEOPLE).pk},
        "recognition:outcome-row": {"pk": sent_list(upload).pk, "row": sent_list(upload).rows.get().pk},
        **{
            f"models_registry:batch{name}": {"pk": sent(upload).pk}
            for name in ("", "-progress", "-add", "-store", "-stop", "-discard", "-undo")
        },
    }
    return arguments


def address_of_the_site(name: str) -> str:
    """An address of the administrators' site, about the first row of its model."""
    kind = name.split(":")[1]
    if kind == "app_list":
        return reverse(name, kwargs={"app_label": "organisation"})
    if kind == "view_on_site":
        return reverse(name, args=[ContentType.objects.get_for_model(User).pk, User.objects.all()[0].pk])
    if "<" in kind:
        return "/lam-viec/quan-tri/khong-co/"
    model = next((of for of in site._registry if kind.startswith(f"{of._meta.app_label}_{of._meta.model_name}_")), None)
    if model and kind.endswith(("_change", "_close", "_delete", "_history", "_reopen")):
        first = model._default_manager.first()
        assert first, f"{kind}: no row to show"
        return reverse(name, args=[first.pk])
    return reverse(name, args=[User.objects.all()[0].pk]) if kind == "auth_user_password_change" else reverse(name)
