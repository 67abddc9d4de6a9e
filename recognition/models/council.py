"""The council of a round: members, whom they may not judge, what they are given, their sheets and every earlier score."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from recognition.enums import CouncilTask, SheetKind, SheetState
from recognition.models.dossiers import Dossier
from recognition.models.rounds import Criterion, RecognitionRound


def sitting_on(day: date) -> Q:
    """The condition of `CouncilMember.sits_on`."""
    return Q(removed_at__isnull=True, starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class CouncilMember(models.Model):
    """A person in the council of a round, with a task. One who is removed stays on record, with the scores given."""

    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="council_seats", verbose_name="người")
    name = models.CharField("tên lúc vào hội đồng", max_length=200)
    task = models.CharField("nhiệm vụ", max_length=10, choices=CouncilTask.choices, default=CouncilTask.MEMBER)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)
    removed_at = models.DateTimeField("lúc thôi", null=True)
    removed_why = models.TextField("lý do thôi", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thành viên hội đồng"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="member_once", fields=["round", "user"]),
            models.UniqueConstraint(
                name="one_chair", fields=["round"], condition=Q(task=CouncilTask.CHAIR, removed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="term_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="removed_with_reason",
                condition=Q(removed_at__isnull=True) | ~Q(removed_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def sits_on(self, day: date) -> bool:
        """Whether the seat is held on a day: within its term, not ended before."""
        return self.removed_at is None and self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class DeclaredConflict(models.Model):
    """A member's own word that a dossier concerns them."""

    member = models.ForeignKey(CouncilMember, models.CASCADE, related_name="declared")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="declared_conflicts")
    reason = models.CharField("lý do", max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "xung đột lợi ích tự nêu"
        constraints = [
            models.UniqueConstraint(name="conflict_once", fields=["member", "dossier"]),
            models.CheckConstraint(name="conflict_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.dossier}"


class Assignment(models.Model):
    """A dossier given to a member to score."""

    member = models.ForeignKey(CouncilMember, models.CASCADE, related_name="assignments")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "phân công"
        ordering = ["dossier", "pk"]
        constraints = [models.UniqueConstraint(name="assigned_once", fields=["member", "dossier"])]

    def __str__(self) -> str:
        return f"{self.member}: {self.dossier}"


class ScoreSheet(models.Model):
    """One member's scores of one dossier, the unit's own, or the official ones where they differ from the members' mean."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="sheets")
    kind = models.CharField(max_length=8, choices=SheetKind.choices, default=SheetKind.MEMBER)
    member = models.ForeignKey(CouncilMember, models.PROTECT, null=True, related_name="sheets")
    state = models.CharField("trạng thái", max_length=8, choices=SheetState.choices, default=SheetState.DRAFT)
    absent_why = models.CharField("lý do vắng", max_length=300, blank=True)
    remark = models.TextField("nhận xét chung", blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField("lúc nộp", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "phiếu chấm"
        constraints = [
            models.UniqueConstraint(name="sheet_once_per_member", fields=["dossier", "member"]),
            models.UniqueConstraint(name="one_own_sheet", fields=["dossier"], condition=Q(kind=SheetKind.OWN)),
            models.UniqueConstraint(name="one_official_sheet", fields=["dossier"], condition=Q(kind=SheetKind.OFFICIAL)),
            models.CheckConstraint(
                name="sheet_is_somebodys",
                condition=Q(kind=SheetKind.MEMBER, member__isnull=False)
                | Q(kind__in=[SheetKind.OWN, SheetKind.OFFICIAL], member__isnull=True),
            ),
            models.CheckConstraint(name="absence_has_reason", condition=~Q(state=SheetState.ABSENT) | ~Q(absent_why="")),
            models.CheckConstraint(name="sent_sheet_has_time", condition=~Q(state=SheetState.SENT) | Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.member or self.get_kind_display()}: {self.dossier}"


class Score(models.Model):
    """Points and words for one criterion, with its name, maximum and weight as they were."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    maximum = models.DecimalField(max_digits=6, decimal_places=2)
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    points = models.DecimalField("điểm", null=True, max_digits=6, decimal_places=2)
    comment = models.TextField("nhận xét", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "điểm"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="score_once", fields=["sheet", "criterion"]),
            models.CheckConstraint(
                name="points_within_maximum", condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("maximum"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.points}"


class ScoreChange(models.Model):
    """What a score was before it was changed in the joint phase."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="changes")
    points = models.DecimalField(null=True, max_digits=6, decimal_places=2)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "điểm trước đó"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.score.name}: {self.points}"
