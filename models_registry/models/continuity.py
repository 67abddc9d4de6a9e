"""Which model a maintained registration carries on: what was found, what people decided, which models turned out to be one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from models_registry.enums import DECIDED, LinkReason, LinkState
from models_registry.models.register import EmulationModel, Registration


class Continuity(models.Model):
    """What became of the question, for a maintained registration in a register. The link itself is `Registration.model`."""

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="continuity")
    state = models.CharField("trạng thái", max_length=10, choices=LinkState.choices)
    is_by_hand = models.BooleanField(default=False)
    """A person undid a link: the portal never links it by itself again."""
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("lúc quyết định", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "nối với năm trước"
        indexes = [models.Index(fields=["state", "registration"], name="continuity_state")]
        constraints = [
            models.CheckConstraint(name="continuity_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(
                name="continuity_decided_at_a_time",
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.get_state_display()}"


class ContinuityProposal(models.Model):
    """An earlier registration whose model this one may carry on, why, and how near it is in hundredths."""

    continuity = models.ForeignKey(Continuity, models.CASCADE, related_name="proposals")
    earlier = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=LinkReason.choices)
    score = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "gợi ý nối với năm trước"
        ordering = ["-score", "-earlier__season__year", "earlier"]
        constraints = [
            models.UniqueConstraint(name="proposed_once", fields=["continuity", "earlier"]),
            models.CheckConstraint(name="proposal_score_in_hundredths", condition=Q(score__lte=100)),
            models.CheckConstraint(name="proposal_not_itself", condition=~Q(earlier=F("continuity"))),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} ({self.score}%)"


class Repeat(models.Model):
    """A registration that may be one of the same season sent again: the earlier one by a unit that ended in between, and which
    stands at this one's unit since. Confirmed, it leaves the register and the earlier one counts alone; `before` puts it back.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="repeats")
    earlier = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=LinkReason.choices)
    score = models.PositiveSmallIntegerField()
    state = models.CharField("trạng thái", max_length=10, choices=LinkState.choices, default=LinkState.OPEN)
    before = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("lúc quyết định", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "đăng ký gửi hai lần"
        ordering = ["-score", "earlier"]
        constraints = [
            models.UniqueConstraint(name="repeat_asked_once", fields=["registration", "earlier"]),
            models.UniqueConstraint(
                name="one_repeat_is_set_aside", fields=["registration"], condition=Q(state=LinkState.CONFIRMED)
            ),
            models.CheckConstraint(name="repeat_not_itself", condition=~Q(earlier=F("registration"))),
            models.CheckConstraint(name="repeat_state_known", condition=Q(state__in=[LinkState.OPEN, *DECIDED])),
            models.CheckConstraint(
                name="repeat_decided_by_someone",
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} = {self.earlier}"


class ModelJoin(models.Model):
    """Two models that were found to be one: `joined` has no registration any more, its address leads to `kept`.

    `moved` and `before` are what undoing puts back: {what: ids that went over}, {word of `kept`: [as it was, as it became]}.
    """

    kept = models.ForeignKey(EmulationModel, models.CASCADE, related_name="joins", verbose_name="mô hình giữ lại")
    joined = models.ForeignKey(EmulationModel, models.CASCADE, related_name="+", verbose_name="mô hình nhập vào")
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="+")
    """The maintained registration that was linked; empty where the province joined two models."""
    reason = models.TextField("lý do", blank=True)
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhập")
    made_at = models.DateTimeField("lúc nhập", auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("lúc tách lại", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "nhập mô hình"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="joined_once", fields=["joined"], condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(name="joined_to_another", condition=~Q(kept=F("joined"))),
            models.CheckConstraint(name="join_says_why", condition=Q(registration__isnull=False) | ~Q(reason="")),
            models.CheckConstraint(
                name="join_undone_by_someone", condition=Q(undone_at__isnull=True) | Q(undone_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined} → {self.kept}"
