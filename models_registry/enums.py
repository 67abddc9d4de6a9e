from django.db import models


class Kind(models.TextChoices):
    """Whether a registration begins a model or carries one on."""

    NEW = "new", "Đăng ký mới"
    MAINTAINED = "maintained", "Duy trì, nhân rộng"


class SubjectKind(models.TextChoices):
    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"


class ImportState(models.TextChoices):
    """An uploaded register: being read, read and shown, being stored, stored."""

    READING = "reading", "Đang đọc"
    READ = "read", "Đã đọc, chờ xác nhận"
    STORING = "storing", "Đang nạp"
    STORED = "stored", "Đã nạp"
    REFUSED = "refused", "Không đọc được"
