"""Decisions: prepared as drafts, published once; what they recognise, refuse, withdraw, correct; introductions to the centre."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.dates import today
from models_registry.models import Registration
from organisation.models import Level, Unit
from organisation.naming import LevelName
from papers.models import PaperNumber, SentPaper
from recognition.enums import DraftState, Purpose, Verdict
from recognition.models.dossiers import Dossier, Proposer
from recognition.models.grades import Grade
from recognition.models.rounds import RecognitionRound


class Decision(models.Model):
    """A paper that was published: number, date, issuing body, signer, as printed. It is never edited (a trigger guards what was
    published here): another decision that names it withdraws or corrects it.
    """

    number = models.CharField("số, ký hiệu", max_length=60)
    decided_on = models.DateField("ngày ban hành")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="decisions", verbose_name="cơ quan ban hành")
    issuer_name = models.CharField("tên cơ quan ban hành lúc ấy", max_length=250)
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp công nhận")
    signer = models.CharField("người ký", max_length=100, blank=True)
    purpose = models.CharField("nội dung", max_length=10, choices=Purpose.choices, default=Purpose.RECOGNISE)
    round = models.ForeignKey(RecognitionRound, models.PROTECT, null=True, related_name="decisions", verbose_name="đợt xét")
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="amended_by", verbose_name="quyết định bị thu hồi, đính chính"
    )
    paper = models.OneToOneField(PaperNumber, models.PROTECT, null=True, related_name="decision", verbose_name="số đã cấp")
    published_at = models.DateTimeField("lúc ban hành trên cổng", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "quyết định"
        ordering = ["-decided_on"]
        constraints = [
            models.UniqueConstraint(name="decision_once", fields=["issuer", "number", "decided_on"]),
            models.CheckConstraint(name="decision_has_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="amending_names_the_amended",
                condition=Q(amends__isnull=False)
                | ~Q(purpose__in=[Purpose.WITHDRAW, Purpose.CORRECT])
                | Q(published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def level_names(self) -> LevelName:
        """What the honour that it gives was called on its day."""
        return self.level.names_on(self.decided_on)


class DecisionFile(SentPaper):
    """The paper itself: the Word file as published, a signed scan. A scan that another replaces is kept beside it."""

    class Kind(models.TextChoices):
        WORD = "word", "Bản Word lúc ban hành"
        SIGNED = "signed", "Bản đã ký"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    file = models.FileField(upload_to="decisions/%Y/")
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField("lúc có bản thay", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "tệp của quyết định"
        ordering = ["kind", "-sent_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_decision_file_in_force", fields=["decision", "kind"], condition=Q(replaced_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Recognition(models.Model):
    """One model in one decision of one level. It stands from the decision's day until a later decision revokes it."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="recognitions", verbose_name="đăng ký")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recognitions", verbose_name="quyết định")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp công nhận")
    title = models.CharField("tên mô hình trong quyết định", max_length=500)
    subject = models.CharField("tập thể, cá nhân trong quyết định", max_length=300, blank=True)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name="công nhận lại của năm trước"
    )
    grade = models.ForeignKey(
        Grade, models.PROTECT, null=True, blank=True, related_name="recognitions", verbose_name="mức công nhận"
    )
    graded_in = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="graded", verbose_name="quyết định ghi mức"
    )
    """The decision that gave the grade: the same as the recognition's, or a later one that chose among what was recognised."""
    ungraded_on = models.DateField("ngày thu hồi mức", null=True, blank=True)
    ungraded_by = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="ungraded", verbose_name="quyết định thu hồi mức"
    )
    """The decision that took the grade away and left the recognition."""
    revoked_on = models.DateField("ngày hủy", null=True, blank=True)
    revoked_by = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="revocations", verbose_name="quyết định hủy"
    )

    class Meta:
        verbose_name = verbose_name_plural = "công nhận"
        constraints = [
            models.UniqueConstraint(name="recognised_once_per_decision", fields=["registration", "decision"]),
            models.UniqueConstraint(
                name="recognised_once_per_level", fields=["registration", "level"], condition=Q(revoked_on__isnull=True)
            ),
            models.CheckConstraint(
                name="graded_in_a_decision",
                condition=Q(grade__isnull=True, graded_in__isnull=True) | Q(grade__isnull=False, graded_in__isnull=False),
            ),
            models.CheckConstraint(
                name="ungraded_by_a_decision",
                condition=Q(ungraded_on__isnull=True, ungraded_by__isnull=True)
                | Q(ungraded_on__isnull=False, ungraded_by__isnull=False, grade__isnull=False),
            ),
            models.CheckConstraint(
                name="revoked_by_a_decision",
                condition=Q(revoked_on__isnull=True, revoked_by__isnull=True)
                | Q(revoked_on__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.decision})"

    @property
    def proposer(self) -> Proposer:
        """Who proposed the model to the body that recognised it."""
        return Proposer.of(self.registration, self.decision.issuer_id)

    @property
    def standing_grade(self) -> Grade | None:
        """Its grade, unless a decision took it away."""
        return None if self.ungraded_on else self.grade


class DecisionDraft(models.Model):
    """A decision before it is published, and afterwards the record of who prepared, checked and published it."""

    purpose = models.CharField("nội dung", max_length=10, choices=Purpose.choices, default=Purpose.RECOGNISE)
    round = models.ForeignKey(RecognitionRound, models.PROTECT, null=True, related_name="drafts", verbose_name="đợt xét")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị ban hành")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp công nhận")
    amends = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+", verbose_name="thu hồi, đính chính")
    state = models.CharField("trạng thái", max_length=10, choices=DraftState.choices, default=DraftState.PREPARING)
    suffix = models.CharField("cơ quan ký", max_length=20, blank=True)
    """Which of the unit's letterheads."""
    number = models.PositiveIntegerField("số", null=True)
    decided_on = models.DateField("ngày", null=True)
    grounds = models.TextField("căn cứ", blank=True)
    request = models.TextField("xét đề nghị", blank=True)
    benefits = models.TextField("Điều 2, quyền lợi", blank=True)
    duties = models.TextField("Điều 3, thi hành", blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="người đã soạn")
    version = models.PositiveIntegerField("lần lưu", default=0)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField("lúc kiểm tra", null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="draft")

    class Meta:
        verbose_name = verbose_name_plural = "dự thảo quyết định"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="published_draft_has_decision",
                condition=Q(state=DraftState.PUBLISHED, decision__isnull=False)
                | (~Q(state=DraftState.PUBLISHED) & Q(decision__isnull=True)),
            ),
            models.CheckConstraint(
                name="checked_draft_has_checker", condition=Q(state=DraftState.PREPARING) | Q(checked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Dự thảo quyết định {self.get_purpose_display().lower()}"

    @property
    def level_names(self) -> LevelName:
        return self.level.names_on(self.decided_on or today())


class DraftLine(models.Model):
    """What a decision says of one dossier, or of one recognition that it withdraws or corrects."""

    draft = models.ForeignKey(DecisionDraft, models.CASCADE, related_name="lines")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="lines", verbose_name="hồ sơ")
    recognition = models.ForeignKey(Recognition, models.PROTECT, null=True, related_name="lines", verbose_name="công nhận")
    commendation = models.ForeignKey(
        "recognition.Commendation", models.PROTECT, null=True, related_name="lines", verbose_name="đề nghị khen thưởng"
    )
    verdict = models.CharField("kết luận", max_length=10, choices=Verdict.choices)
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mức công nhận")
    reason = models.TextField("lý do", blank=True)
    mend = models.TextField("cần bổ sung, khắc phục", blank=True)
    title = models.CharField("tên ghi lại", max_length=500, blank=True)
    subject = models.CharField("tập thể, cá nhân ghi lại", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "dòng của quyết định"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="line_once_per_dossier", fields=["draft", "dossier"]),
            models.UniqueConstraint(name="line_once_per_recognition", fields=["draft", "recognition"]),
            models.UniqueConstraint(name="line_once_per_commendation", fields=["draft", "commendation"]),
            models.CheckConstraint(
                name="line_is_about_one_thing",
                condition=Q(dossier__isnull=False, recognition__isnull=True, commendation__isnull=True)
                | Q(dossier__isnull=True, recognition__isnull=False, commendation__isnull=True)
                | Q(dossier__isnull=True, recognition__isnull=True, commendation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.dossier or self.recognition or self.commendation}"


class Appeal(models.Model):
    """A unit's one word against a refusal, and the answer to it."""

    line = models.OneToOneField(DraftLine, models.PROTECT, related_name="appeal")
    words = models.TextField("kiến nghị")
    sent_on = models.DateField("ngày gửi")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField("trả lời", blank=True)
    is_upheld = models.BooleanField("chấp nhận", null=True)
    answered_on = models.DateField("ngày trả lời", null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "kiến nghị"
        constraints = [
            models.CheckConstraint(name="appeal_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="answer_is_whole",
                condition=Q(answered_on__isnull=True, is_upheld__isnull=True)
                | (Q(answered_on__isnull=False, is_upheld__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Kiến nghị: {self.line}"


class CentralIntroduction(models.Model):
    """A model introduced to the Central board."""

    registration = models.OneToOneField(Registration, models.PROTECT, related_name="central_introduction", verbose_name="đăng ký")
    introduced_on = models.DateField("ngày giới thiệu")
    programme = models.CharField("đợt giới thiệu", max_length=300, blank=True)
    paper = models.CharField("công văn giới thiệu", max_length=60, blank=True)
    withdrawn_on = models.DateField("ngày rút giới thiệu", null=True, blank=True)
    withdrawn_why = models.CharField("lý do rút", max_length=300, blank=True)
    withdrawn_paper = models.CharField("công văn rút", max_length=60, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "giới thiệu Trung ương"
        constraints = [
            models.CheckConstraint(
                name="introduction_ends_with_reason",
                condition=Q(withdrawn_on__isnull=True) | (Q(withdrawn_on__gte=F("introduced_on")) & ~Q(withdrawn_why="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.registration)
