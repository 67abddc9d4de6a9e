"""The council's meeting: who was there, who voted what, what came of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from recognition.enums import Ballot, Choice, CouncilTask, MeetingState, MeetingWay, Share
from recognition.models.council import CouncilMember
from recognition.models.dossiers import Dossier
from recognition.models.rounds import RecognitionRound


class Meeting(models.Model):
    """The meeting of a round's council. Voting opens once a quorum is there, and closes once."""

    round = models.OneToOneField(RecognitionRound, models.CASCADE, related_name="meeting", verbose_name="đợt xét")
    held_on = models.DateField("ngày họp")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    way = models.CharField("hình thức", max_length=10, choices=MeetingWay.choices, default=MeetingWay.THERE)
    ballot = models.CharField("cách biểu quyết", max_length=10, choices=Ballot.choices, default=Ballot.OPEN)
    quorum = models.CharField("họp khi có mặt", max_length=20, choices=Share.choices, default=Share.TWO_THIRDS)
    needed = models.CharField("thông qua khi tán thành", max_length=20, choices=Share.choices, default=Share.MORE_THAN_HALF)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PREPARING)
    opened_at = models.DateTimeField("lúc mở biểu quyết", null=True)
    closed_at = models.DateTimeField("lúc đóng biểu quyết", null=True)
    conclusion = models.TextField("kết luận của hội đồng", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "cuộc họp hội đồng"
        constraints = [
            models.CheckConstraint(
                name="meeting_times_follow_state",
                condition=Q(state=MeetingState.PREPARING, opened_at__isnull=True, closed_at__isnull=True)
                | Q(state=MeetingState.VOTING, opened_at__isnull=False, closed_at__isnull=True)
                | Q(state=MeetingState.CLOSED, opened_at__isnull=False, closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Họp hội đồng {self.round}"


class Attendance(models.Model):
    """Whether a member was there; who was not, why."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="attendances")
    name = models.CharField("họ tên lúc họp", max_length=200)
    task = models.CharField("nhiệm vụ lúc họp", max_length=10, choices=CouncilTask.choices)
    is_present = models.BooleanField("có mặt", default=False)
    why = models.CharField("lý do vắng", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "có mặt, vắng mặt"
        ordering = ["member"]
        constraints = [models.UniqueConstraint(name="attendance_once", fields=["meeting", "member"])]

    def __str__(self) -> str:
        return f"{self.name}: {'có mặt' if self.is_present else 'vắng'}"


class OpenVote(models.Model):
    """A vote in an open ballot. A changed vote is a new row; the one before stays."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="open_votes")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="open_votes")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="open_votes")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "phiếu công khai"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_vote_in_force", fields=["dossier", "member"], condition=Q(replaced_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.dossier}"


class SecretCast(models.Model):
    """That a member has voted on a dossier in a secret ballot: once, and not what."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="casts")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="casts")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="casts")

    class Meta:
        verbose_name = verbose_name_plural = "đã bỏ phiếu kín"
        constraints = [models.UniqueConstraint(name="cast_once", fields=["dossier", "member"])]

    def __str__(self) -> str:
        return f"{self.member}: {self.dossier}"


class SecretBox(models.Model):
    """What was voted on a dossier in a secret ballot: sums alone, so that nothing leads from a vote to a person."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="boxes")
    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="box")
    in_favour = models.PositiveSmallIntegerField(default=0)
    against = models.PositiveSmallIntegerField(default=0)
    blank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "hòm phiếu kín"

    def __str__(self) -> str:
        return str(self.dossier)


class BallotResult(models.Model):
    """What the council said of one dossier, as it stood when voting was closed. Never changed."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="results")
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="ballot")
    in_favour = models.PositiveSmallIntegerField("tán thành")
    against = models.PositiveSmallIntegerField("không tán thành")
    blank = models.PositiveSmallIntegerField("không có ý kiến")
    voters = models.PositiveSmallIntegerField("được biểu quyết")
    """Present and not standing aside: the divisor."""
    aside = models.JSONField("đứng ngoài", default=list)
    """[{"name", "why"}]"""
    score = models.DecimalField("điểm", null=True, max_digits=6, decimal_places=2)
    rank = models.PositiveSmallIntegerField("thứ hạng")
    passed = models.BooleanField("thông qua")

    class Meta:
        verbose_name = verbose_name_plural = "kết quả biểu quyết"
        ordering = ["rank", "dossier__number"]
        constraints = [
            models.CheckConstraint(
                name="votes_within_voters",
                condition=Q(voters__gte=models.F("in_favour") + models.F("against") + models.F("blank")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.in_favour}/{self.voters}"

    @property
    def percent(self) -> str:
        """'85,7' of those who could vote; '0' where none could."""
        share = round(1000 * self.in_favour / self.voters) / 10 if self.voters else 0
        return f"{share:g}".replace(".", ",")
