"""What a unit sends up together: the packet of its dossiers in a round, with one set of papers for all of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organisation.models import Unit
from papers.models import PaperNumber
from recognition.models.rounds import RecognitionRound


def votes_are_whole(name: str) -> models.CheckConstraint:
    """Votes are n of m, or not known at all."""
    none = Q(votes_for__isnull=True, votes_of__isnull=True)
    known = Q(votes_for__isnull=False, votes_of__isnull=False, votes_of__gte=F("votes_for")) & Q(votes_of__gte=1)
    return models.CheckConstraint(name=name, condition=none | known)


class Packet(models.Model):
    """The dossiers that a unit proposes together. What comes after it was sent is the next packet, with papers of its own.

    The meeting is the unit's, in which it chose what to propose.
    """

    round = models.ForeignKey(RecognitionRound, models.PROTECT, related_name="packets", verbose_name="đợt xét")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị đề nghị")
    unit_name = models.CharField("tên đơn vị lúc đề nghị", max_length=200)
    number = models.PositiveSmallIntegerField("lần đề nghị", default=1)
    suffix = models.CharField("ký hiệu cơ quan", max_length=20, blank=True)
    proposal_number = models.OneToOneField(
        PaperNumber, models.PROTECT, null=True, related_name="+", verbose_name="số của tờ trình"
    )
    minutes_number = models.OneToOneField(
        PaperNumber, models.PROTECT, null=True, related_name="+", verbose_name="số của biên bản"
    )
    met_on = models.DateField("ngày họp xét", null=True)
    met_at = models.CharField("nơi họp", max_length=200, blank=True)
    members = models.PositiveSmallIntegerField("số được triệu tập", null=True)
    present = models.PositiveSmallIntegerField("số có mặt", null=True)
    chair = models.CharField("chủ trì", max_length=100, blank=True)
    secretary = models.CharField("thư ký", max_length=100, blank=True)
    votes_for = models.PositiveSmallIntegerField("tán thành", null=True)
    votes_of = models.PositiveSmallIntegerField("được biểu quyết", null=True)
    """Of every dossier that has no votes of its own."""
    listed_at = models.DateTimeField("lúc danh sách đổi", default=timezone.now)
    sent_at = models.DateTimeField("lúc gửi", null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị công nhận của đơn vị"
        ordering = ["round", "unit", "number"]
        constraints = [
            models.UniqueConstraint(name="packet_once", fields=["round", "unit", "number"]),
            models.UniqueConstraint(name="one_packet_in_hand", fields=["round", "unit"], condition=Q(sent_at__isnull=True)),
            models.CheckConstraint(
                name="packet_present_within_members",
                condition=Q(members__isnull=True, present__isnull=True)
                | Q(members__isnull=False, present__isnull=False, members__gte=F("present"), present__gte=1),
            ),
            votes_are_whole("packet_votes_whole"),
        ]

    def __str__(self) -> str:
        return f"Đề nghị {'' if self.number == 1 else f'bổ sung lần {self.number - 1} '}của {self.unit_name}"
