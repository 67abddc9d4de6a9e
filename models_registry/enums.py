from django.db import models


class Kind(models.TextChoices):
    """Whether a registration begins a model or carries one on."""

    NEW = "new", "Đăng ký mới"
    MAINTAINED = "maintained", "Duy trì, nhân rộng"


class SubjectKind(models.TextChoices):
    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"


class ImportState(models.TextChoices):
    """An uploaded register: being read, read and shown, being stored, stored; refused, undone, thrown away."""

    READING = "reading", "Đang đọc"
    READ = "read", "Đã đọc, chờ xác nhận"
    STORING = "storing", "Đang nạp"
    STORED = "stored", "Đã nạp"
    REFUSED = "refused", "Không đọc được"
    UNDONE = "undone", "Đã hủy"
    DISCARDED = "discarded", "Đã bỏ"


class ListOf(models.TextChoices):
    """What a list that an administrator sends is of; the names of its addresses begin so."""

    UNITS = "units", "Đơn vị"
    PEOPLE = "people", "Tài khoản"


class RowState(models.TextChoices):
    """What a row of an upload will be, or why not."""

    NEW = "new", "Mới"
    CHANGED = "changed", "Đổi"
    UNCHANGED = "unchanged", "Giữ nguyên"
    REFUSED = "refused", "Từ chối"


class RowLink(models.TextChoices):
    """Whether a maintained row of an upload finds the model that it carries on."""

    LINKED = "linked", "Tự nối"
    ASKED = "asked", "Có phải là…?"
    NONE = "none", "Không có"


class BatchFileState(models.TextChoices):
    """A file of a send: being looked at, its unit asked for, an import, refused, left out; of a zip, opened into its files."""

    LOOKING = "looking", "Đang đọc"
    ASKS = "asks", "Cần xem"
    IMPORTED = "imported", "Đã rõ đơn vị"
    REFUSED = "refused", "Không mở được"
    DROPPED = "dropped", "Không nạp"
    OPENED = "opened", "Tệp nén, đã mở"


class State(models.TextChoices):
    """Where a registration is on its way from the commune's draft to the register."""

    DRAFT = "draft", "Nháp"
    SUBMITTED = "submitted", "Chờ xét"
    RETURNED = "returned", "Trả lại"
    ACCEPTED = "accepted", "Đã nhận"
    WITHDRAWN = "withdrawn", "Đã rút"


SENT = (State.SUBMITTED, State.RETURNED, State.ACCEPTED)  # the unit has registered something


class Action(models.TextChoices):
    """What is done to a registration on that way."""

    SUBMIT = "submit", "Gửi"
    RETURN = "return", "Trả lại"
    ACCEPT = "accept", "Nhận"
    WITHDRAW = "withdraw", "Rút"
    REOPEN = "reopen", "Mở lại"
    UNDO = "undo", "Hoàn tác"


class Verdict(models.TextChoices):
    """How a registration stands at the end of its year."""

    EFFECTIVE = "effective", "Hiệu quả"
    STRENGTHEN = "strengthen", "Cần củng cố"
    PAUSED = "paused", "Tạm dừng"
    ENDED = "ended", "Kết thúc"


class AttachmentState(models.TextChoices):
    """A file: waiting to be made ready, ready, or spoiled."""

    WAITING = "waiting", "Đang xử lý"
    READY = "ready", "Xong"
    FAILED = "failed", "Hỏng"


class LinkReason(models.TextChoices):
    """Why a registration may carry on an earlier model, without being its plain match."""

    EQUAL = "equal", "cùng tên, cùng người làm, chưa chắc là một"
    SUFFIX = "suffix", "cùng tên, thêm phần như “giai đoạn 2”"
    DOER = "doer", "cùng tên, người làm khác"
    WORDING = "wording", "cùng người làm, tên viết khác"
    PLACE = "place", "cùng tên, cùng người làm, nơi khác hoặc chưa rõ"
    FOUND = "found", "cán bộ tìm thấy"


class LinkState(models.TextChoices):
    """What became of the question which earlier model a maintained registration carries on."""

    AUTO = "auto", "Cổng nối"
    CONFIRMED = "confirmed", "Cán bộ nối"
    OPEN = "open", "Chờ xác nhận"
    REFUSED = "refused", "Không phải mô hình nào được gợi ý"
    NONE = "none", "Không thấy trong các năm trước"


LINKED = (LinkState.AUTO, LinkState.CONFIRMED)
DECIDED = (LinkState.CONFIRMED, LinkState.REFUSED)
