from django.db import models


class Phase(models.TextChoices):
    """Where a round stands. One goes to the next; none is skipped."""

    PREPARING = "preparing", "Chuẩn bị"
    PROPOSING = "proposing", "Nhận đề nghị"
    SCORING = "scoring", "Thẩm định độc lập"
    JOINT = "joint", "Đối chiếu điểm"
    MEETING = "meeting", "Họp hội đồng"
    DECIDING = "deciding", "Ra quyết định"
    CLOSED = "closed", "Đã xong"


LAST_DAYS = {  # the field of a round that holds the last day of each phase
    Phase.PROPOSING: "propose_until",
    Phase.SCORING: "score_until",
    Phase.JOINT: "meet_on",
    Phase.MEETING: "meet_on",
    Phase.DECIDING: "decide_by",
}

ALONE = (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING)  # nobody sees another's scores in these
TOGETHER = (Phase.JOINT, Phase.MEETING, Phase.DECIDING, Phase.CLOSED)
VISITED_IN = (Phase.PROPOSING, Phase.SCORING, Phase.JOINT, Phase.MEETING)  # a visit still tells who judges something


class DossierState(models.TextChoices):
    """Where a dossier stands between the unit that proposes and the round."""

    PREPARING = "preparing", "Đang chuẩn bị"
    SENT = "sent", "Chờ xem hồ sơ"
    RETURNED = "returned", "Trả lại bổ sung"
    COMPLETE = "complete", "Đủ hồ sơ"
    WITHDRAWN = "withdrawn", "Đã rút"


class Outcome(models.TextChoices):
    """What the decisions made of a dossier that was complete: it follows from them, and is kept nowhere."""

    RECOGNISED = "recognised", "Được công nhận"
    REFUSED = "refused", "Không công nhận"
    AGAIN = "again", "Chờ xét lại"
    REVOKED = "revoked", "Thôi công nhận"


STATE_NAMES = dict[str, str](DossierState.choices) | dict[str, str](Outcome.choices)
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


COMMON_PAPERS = (PaperKind.PROPOSAL, PaperKind.MINUTES, PaperKind.SUMMARY)  # one for all that a unit proposes together


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
    OFFICIAL = "official", "Điểm chính thức"


class SheetState(models.TextChoices):
    """A sheet being written, handed in, or its member absent."""

    DRAFT = "draft", "Đang chấm"
    SENT = "sent", "Đã nộp"
    ABSENT = "absent", "Vắng, không đánh giá"


class Ballot(models.TextChoices):
    """How the council votes."""

    OPEN = "open", "Biểu quyết công khai"
    SECRET = "secret", "Bỏ phiếu kín"


class Share(models.TextChoices):
    """The part of the council, or of its votes, that is needed."""

    MORE_THAN_HALF = "half", "quá nửa"
    TWO_THIRDS = "two-thirds", "từ hai phần ba"
    THREE_QUARTERS = "three-quarters", "từ ba phần tư"


class MeetingWay(models.TextChoices):
    """How the council comes together."""

    THERE = "there", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"
    BOTH = "both", "Trực tiếp kết hợp trực tuyến"


class MeetingState(models.TextChoices):
    """A meeting before, while and after the council votes."""

    PREPARING = "preparing", "Chưa biểu quyết"
    VOTING = "voting", "Đang biểu quyết"
    CLOSED = "closed", "Đã biểu quyết xong"


class Choice(models.TextChoices):
    """A vote."""

    FOR = "for", "Tán thành"
    AGAINST = "against", "Không tán thành"
    BLANK = "blank", "Không có ý kiến"


class Purpose(models.TextChoices):
    """What a decision does."""

    RECOGNISE = "recognise", "Công nhận"
    WITHDRAW = "withdraw", "Thu hồi công nhận"
    CORRECT = "correct", "Đính chính"
    COMMEND = "commend", "Khen thưởng"
    GRADE = "grade", "Công nhận mức"
    UNGRADE = "ungrade", "Thu hồi mức"


class DraftState(models.TextChoices):
    """A decision being prepared, looked through, published."""

    PREPARING = "preparing", "Đang soạn"
    CHECKED = "checked", "Đã kiểm tra"
    PUBLISHED = "published", "Đã ban hành"


class Verdict(models.TextChoices):
    """What a decision says of one dossier or recognition."""

    RECOGNISE = "recognise", "Công nhận"
    REFUSE = "refuse", "Không công nhận"
    LATER = "later", "Để quyết định sau"
    REVOKE = "revoke", "Thu hồi"
    RETITLE = "retitle", "Đính chính tên"
    COMMEND = "commend", "Khen thưởng"
    GRADE = "grade", "Ghi mức"
    UNGRADE = "ungrade", "Thôi ghi mức"

    @property
    def short(self) -> str:
        """As a button of a dense list says it."""
        return {Verdict.REFUSE: "Không", Verdict.LATER: "Để sau"}.get(self, str(self.label))


class VisitVerdict(models.TextChoices):
    """What a site visit found."""

    AS_CLAIMED = "as-claimed", "Đúng như hồ sơ"
    PARTLY = "partly", "Đúng một phần"
    NOT_FOUND = "not-found", "Chưa đúng như hồ sơ"


class Award(models.TextChoices):
    """What a commendation gives."""

    GIAY_KHEN = "giay-khen", "Giấy khen"
    BANG_KHEN = "bang-khen", "Bằng khen"


class ListState(models.TextChoices):
    """A list of outcomes that was sent as a file."""

    READ = "read", "Chờ nạp"
    STORED = "stored", "Đã nạp"
    UNDONE = "undone", "Đã hủy"
    DISCARDED = "discarded", "Đã bỏ"


class OutcomeState(models.TextChoices):
    """What storing a row of a list of outcomes does."""

    NEW = "new", "Mới"
    CHANGED = "changed", "Đổi"
    UNCHANGED = "unchanged", "Đã có"
    REFUSED = "refused", "Bị từ chối"
    LEFT = "left", "Bỏ qua"
