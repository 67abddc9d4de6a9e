"""What a unit sends up to have a registration recognised: the dossier, its papers, its way."""

import uuid
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from models_registry.models import Registration
from organisation.models import Level, Unit
from papers.models import SentPaper
from recognition.enums import COMMON_PAPERS, DossierAction, DossierState, PaperKind
from recognition.models.packets import Packet, votes_are_whole
from recognition.models.rounds import RecognitionRound


class Proposer(NamedTuple):
    """The unit that proposed, as it was called then, and the place of the model where that is another one: the one way of
    writing it, on pages (two columns) and in papers (one line).
    """

    name: str
    place: str

    @classmethod
    def of(cls, row: Registration, organiser: int | None) -> "Proposer":
        """Of a registration that a body judged without a dossier kept here: to its own unit, and in the place's own, the place."""
        if row.place_name and organiser in (row.unit_id, row.place_id):
            return cls(row.place_name, "")
        return cls(row.unit_name, row.place_name)

    def __str__(self) -> str:
        return f"{self.name} ({self.place[:1].lower()}{self.place[1:]})" if self.place else self.name


class Dossier(models.Model):
    """A registration proposed for recognition at a level. One that came with a list of outcomes has no round and no papers.

    It counts as proposed from `proposed_on` (the day it was first sent) until `withdrawn_on`.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="dossiers", verbose_name="đăng ký")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="đề nghị công nhận ở cấp")
    round = models.ForeignKey(RecognitionRound, models.PROTECT, null=True, related_name="dossiers", verbose_name="đợt xét")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị đề nghị")
    unit_name = models.CharField("tên đơn vị lúc đề nghị", max_length=200, blank=True)
    packet = models.ForeignKey(Packet, models.PROTECT, null=True, related_name="dossiers", verbose_name="đề nghị của đơn vị")
    votes_for = models.PositiveSmallIntegerField("tán thành", null=True)
    votes_of = models.PositiveSmallIntegerField("được biểu quyết", null=True)
    """In the meeting of the unit that proposes, where they are not those of the packet."""
    number = models.PositiveSmallIntegerField("hồ sơ số", null=True)
    state = models.CharField("trạng thái", max_length=10, choices=DossierState.choices, default=DossierState.SENT)
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField("lý do đề nghị khi cấp dưới chưa công nhận", blank=True)
    summary = models.TextField("tóm tắt thành tích", blank=True)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="người đã viết")
    proposed_on = models.DateField("ngày đề nghị", null=True)
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ đề nghị"
        ordering = ["round", "number", "pk"]
        indexes = [models.Index(fields=["proposed_on"], name="dossier_by_day")]
        constraints = [
            models.UniqueConstraint(
                name="dossier_once_per_level", fields=["registration", "level"], condition=Q(withdrawn_on__isnull=True)
            ),
            models.UniqueConstraint(name="dossier_number_once", fields=["round", "number"]),
            models.CheckConstraint(
                name="dossier_withdrawn_after_proposed",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("proposed_on")),
            ),
            models.CheckConstraint(
                name="dossier_sent_has_day", condition=Q(state=DossierState.PREPARING) | Q(proposed_on__isnull=False)
            ),
            votes_are_whole("dossier_votes_whole"),
        ]

    def __str__(self) -> str:
        return str(self.registration)

    @property
    def is_editable(self) -> bool:
        """Whether the unit may write in it: before it is sent, and when it is returned."""
        return self.state in (DossierState.PREPARING, DossierState.RETURNED)

    @property
    def proposer(self) -> Proposer:
        row = self.registration
        if self.unit_id and self.unit_id == row.place_id:
            return Proposer(self.unit_name or row.place_name, "")
        return Proposer(self.unit_name or row.unit_name, row.place_name)

    @property
    def audit_name(self) -> str:
        return self.registration.audit_name


class DossierFile(SentPaper):
    """A paper of a dossier, or of a packet for all its dossiers. One that another replaces is kept beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, null=True, related_name="files")
    packet = models.ForeignKey(Packet, models.PROTECT, null=True, related_name="files")
    kind = models.CharField("loại giấy tờ", max_length=12, choices=PaperKind.choices, blank=True)
    """Empty for one that was sent to a packet and is not known yet."""
    is_draft = models.BooleanField("bản thảo, chưa ký", default=False)
    file = models.FileField(upload_to="dossiers/%Y/")
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField("lúc có bản thay", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "giấy tờ của hồ sơ"
        ordering = ["kind", "-sent_at"]
        constraints = [
            models.UniqueConstraint(name="one_paper_in_force", fields=["dossier", "kind"], condition=Q(replaced_at__isnull=True)),
            models.UniqueConstraint(
                name="one_common_paper_in_force",
                fields=["packet", "kind", "is_draft"],
                condition=Q(replaced_at__isnull=True) & ~Q(kind=""),
            ),
            models.CheckConstraint(
                name="paper_is_of_one",
                condition=(Q(dossier__isnull=False, packet__isnull=True) & ~Q(kind=""))
                | Q(dossier__isnull=True, packet__isnull=False, kind__in=["", *COMMON_PAPERS]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class DossierStep(models.Model):
    """One step of a dossier's way: what, who, when, why."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=10, choices=DossierAction.choices)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bước của hồ sơ"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.dossier}"


class PaperFlaw(models.Model):
    """Why a paper was returned."""

    step = models.ForeignKey(DossierStep, models.CASCADE, related_name="flaws")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    words = models.CharField("cần bổ sung", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "giấy tờ phải bổ sung"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="flaw_once_per_paper", fields=["step", "kind"]),
            models.CheckConstraint(name="flaw_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
