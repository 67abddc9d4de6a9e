from django.db import models


class ReportState(models.TextChoices):
    """Where a report stands."""

    DRAFT = "draft", "Bản nháp"
    FROZEN = "frozen", "Đã chốt"


class Weight(models.TextChoices):
    """What a finding of the reconciliation asks for."""

    ASKS = "asks", "Cần trả lời"
    LEFT_OUT = "left-out", "Không tính"
    NAMED = "named", "Nêu tên trong báo cáo"
    TOLD = "told", "Để biết"
