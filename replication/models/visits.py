"""Study visits (tham quan, học hỏi): asked by a unit, answered by the host, made, told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from models_registry.models import EmulationModel
from organisation.models import Unit
from replication.enums import VisitState
from replication.models.adoptions import Adoption


class StudyVisit(models.Model):
    """A unit comes to where a model is done, to learn it. `at`: the adopter that is visited; empty at the model's own place."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """The event's name in every calendar that took it."""
    model = models.ForeignKey(EmulationModel, models.PROTECT, related_name="study_visits", verbose_name="mô hình")
    at = models.ForeignKey(Adoption, models.PROTECT, null=True, related_name="study_visits", verbose_name="đến nơi làm theo")
    host = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị đón")
    host_name = models.CharField("tên đơn vị đón lúc ấy", max_length=200)
    visitor = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị đến học")
    visitor_name = models.CharField("tên đơn vị đến học lúc ấy", max_length=200)
    state = models.CharField("trạng thái", max_length=10, choices=VisitState.choices, default=VisitState.ASKED)
    wanted_on = models.DateField("muốn đến ngày")
    people = models.PositiveSmallIntegerField("số người", null=True)
    purpose = models.TextField("muốn học gì", blank=True)
    contact = models.CharField("người liên hệ", max_length=150, blank=True)
    planned_on = models.DateField("ngày hẹn", null=True)
    planned_at = models.TimeField("giờ hẹn", null=True)
    meeting_place = models.CharField("nơi đón", max_length=300, blank=True)
    answer = models.TextField("lời đơn vị đón", blank=True)
    cancelled_why = models.CharField("lý do thôi", max_length=300, blank=True)
    visited_on = models.DateField("đã đến ngày", null=True)
    party = models.CharField("đoàn gồm ai", max_length=300, blank=True)
    learned = models.TextField("đã học được gì", blank=True)
    revision = models.PositiveSmallIntegerField(default=0)
    """How often it was changed: calendars take the newer."""
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "chuyến tham quan"
        ordering = ["-wanted_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="visit_state_known", condition=Q(state__in=VisitState.values)),
            models.CheckConstraint(name="visit_elsewhere", condition=~Q(host=F("visitor"))),
            models.CheckConstraint(
                name="visit_agreed_has_day", condition=~Q(state=VisitState.AGREED) | Q(planned_on__isnull=False)
            ),
            models.CheckConstraint(
                name="visit_done_is_told",
                condition=Q(state=VisitState.DONE, visited_on__isnull=False) & ~Q(learned="")
                | ~Q(state=VisitState.DONE) & Q(visited_on__isnull=True),
            ),
            models.CheckConstraint(name="visit_refused_says_why", condition=~Q(state=VisitState.DECLINED) | ~Q(answer="")),
            models.CheckConstraint(
                name="visit_cancelled_says_why", condition=~Q(state=VisitState.CANCELLED) | ~Q(cancelled_why="")
            ),
            models.UniqueConstraint(
                name="visit_asked_once",
                fields=["model", "host", "visitor"],
                condition=Q(state__in=[VisitState.ASKED, VisitState.AGREED]),
            ),
        ]
        indexes = [
            models.Index(fields=["host", "-wanted_on"], name="visits_to_host"),
            models.Index(fields=["visitor", "-wanted_on"], name="visits_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.visitor_name} đến {self.host_name}"


class StudyPhoto(models.Model):
    """A photo of a study visit: upright, shrunk, without metadata. The same picture sent twice is kept once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(StudyVisit, models.CASCADE, related_name="photos")
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="study-visits/%Y/")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh tham quan"
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(name="study_photo_once", fields=["visit", "digest"])]

    def __str__(self) -> str:
        return str(self.pk)
