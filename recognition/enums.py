from django.db import models


class Phase(models.TextChoices):
    """Where a round stands. One goes to the next; none is skipped."""

    PREPARING = "preparing", "Chuẩn bị"
    PROPOSING = "proposing", "Nhận đề nghị"
    SCORING = "scoring", "Thẩm định độc lập"
    JOINT = "joint", "Đối chiếu điểm"


class DossierState(models.TextChoices):
    """Where a dossier stands between the unit that proposes and the round."""

    PREPARING = "preparing", "Đang chuẩn bị"
    SENT = "sent", "Chờ xem hồ sơ"
    RETURNED = "returned", "Trả lại bổ sung"
    COMPLETE = "complete", "Đủ hồ sơ"
    WITHDRAWN = "withdrawn", "Đã rút"


IN_ROUND = (DossierState.SENT, DossierState.RETURNED, DossierState.COMPLETE)  # proposed, and not taken back


class DossierAction(models.TextChoices):
    """What is done to a dossier."""

    SEND = "send", "Gửi"
    RETURN = "return", "Trả lại"
    COMPLETE = "complete", "Nhận đủ hồ sơ"
    WITHDRAW = "withdraw", "Rút"


class PaperKind(models.TextChoices):
    """The papers of a dossier (domain.md section 5 step 4)."""

    PROPOSAL = "proposal", "Tờ trình"
    ACHIEVEMENT = "achievement", "Báo cáo thành tích"
    MINUTES = "minutes", "Biên bản họp xét"
    SUMMARY = "summary", "Biểu tổng hợp"
    EVIDENCE = "evidence", "Minh chứng"
    OPINION = "opinion", "Ý kiến cấp ủy nơi thực hiện"
    EARLIER = "earlier", "Quyết định công nhận trước đó"


class CouncilTask(models.TextChoices):
    """What a member does in the council."""

    CHAIR = "chair", "Chủ tịch"
    DEPUTY = "deputy", "Phó chủ tịch"
    SECRETARY = "secretary", "Thư ký"
    MEMBER = "member", "Ủy viên"


class SheetKind(models.TextChoices):
    """Whose scores a sheet holds."""

    OWN = "own", "Đơn vị tự chấm"
    MEMBER = "member", "Thành viên hội đồng"


class SheetState(models.TextChoices):
    """A sheet being written, handed in, or its member absent."""

    DRAFT = "draft", "Đang chấm"
    SENT = "sent", "Đã nộp"
    ABSENT = "absent", "Vắng, không đánh giá"
