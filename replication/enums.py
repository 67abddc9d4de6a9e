from django.db import models


class CampaignState(models.TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", "Đang chuẩn bị"
    RUNNING = "running", "Đang nhân rộng"
    CLOSED = "closed", "Đã kết thúc"


class CampaignAction(models.TextChoices):
    """What is done to a campaign."""

    START = "start", "Phát động"
    CLOSE = "close", "Kết thúc"
    REOPEN = "reopen", "Mở lại"


class DirectiveKind(models.TextChoices):
    """The paper that orders a campaign."""

    LETTER = "CV", "Công văn"
    PLAN = "KH", "Kế hoạch"
    NOTICE = "TB", "Thông báo"
    CONCLUSION = "KL", "Kết luận"
    DIRECTIVE = "CT", "Chỉ thị"
    RESOLUTION = "NQ", "Nghị quyết"
    OTHER = "other", "Văn bản khác"


class Method(models.TextChoices):
    """How a unit came to know the model."""

    VISIT = "visit", "Tham quan"
    CONFERENCE = "conference", "Hội nghị"
    DIRECTIVE = "directive", "Văn bản chỉ đạo"
    OWN = "own", "Tự tìm hiểu"


class Progress(models.TextChoices):
    """How a target unit of a campaign stands on a day."""

    REACHED = "reached", "Đạt chỉ tiêu"
    ON_WAY = "on-way", "Đang làm"
    LATE = "late", "Chậm"
    NOT_BEGUN = "not-begun", "Chưa làm"
    STOPPED = "stopped", "Đã thôi"


class VisitState(models.TextChoices):
    """Where a study visit stands."""

    ASKED = "asked", "Chờ trả lời"
    AGREED = "agreed", "Đã hẹn"
    DECLINED = "declined", "Chưa đón được"
    CANCELLED = "cancelled", "Đã thôi"
    DONE = "done", "Đã đến học"


class VisitAction(models.TextChoices):
    """What is done to a study visit: the first two by the host, the others by the visitors."""

    AGREE = "agree", "Nhận đón"
    DECLINE = "decline", "Chưa đón được"
    CANCEL = "cancel", "Thôi không đến"
    TELL = "tell", "Ghi đã học được gì"
