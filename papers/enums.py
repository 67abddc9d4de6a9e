from django.db import models


class Layout(models.TextChoices):
    """Whose layout a body's papers have."""

    PARTY = "party", "Văn bản của Đảng"
    STATE = "state", "Văn bản của cơ quan nhà nước (Nghị định 30/2020)"


class Spelling(models.TextChoices):
    """Where the office puts the tone of “uy”."""

    UY = "ủy", "ủy"
    UY_OLD = "uỷ", "uỷ"


class Symbol(models.TextChoices):
    """Symbols of kinds of paper, as they stand in a number (domain.md section 7)."""

    DECISION = "QĐ", "Quyết định"
    PROPOSAL = "TTr", "Tờ trình"
    MINUTES = "BB", "Biên bản"
    REPORT = "BC", "Báo cáo"
    LETTER = "CV", "Công văn"
    NOTICE = "TB", "Thông báo"
    CERTIFICATE = "GCN", "Giấy công nhận"
