"""The first day: five pages for each role, with what one does there. Data; the words are shown above the page itself."""

from dataclasses import dataclass

PARAMETER = "lam-quen"
"""In an address: which step of the tour is shown on that page."""


@dataclass(frozen=True)
class Step:
    page: str
    """The name of an address, with the year worked in where it takes one."""
    title: str
    words: str
    takes_year: bool = False


WORK = "models_registry:work"
_BOARD = Step(
    "models_registry:board",
    "Đăng ký của năm",
    "Mọi đăng ký ở một bảng: lọc theo trạng thái, đơn vị, lĩnh vực; tải Excel, in.",
    takes_year=True,
)
_ROUNDS = Step(
    "recognition:rounds",
    "Đợt xét",
    "Mỗi đợt có sáu bước từ đề nghị đến quyết định. Trang của đợt nói đang ở bước nào, còn chờ ai.",
)
_REPORTS = Step("reports:home", "Báo cáo", "Cổng lập sẵn bản nháp sau mỗi kỳ. Số nào cũng bấm được, ra đúng danh sách đã đếm.")
_REPLICATION = Step("replication:home", "Nhân rộng", "Mô hình được làm theo ở đâu, được bao nhiêu; đơn vị nào chậm.")
_ACCOUNT = Step("mfa_index", "Bảo vệ tài khoản", "Bật bước xác minh thứ hai: mật khẩu lộ thì người khác vẫn không vào được.")

TOURS = {
    "can-bo-co-so": (
        Step(WORK, "Việc của tôi", "Mở cổng thì xem trang này trước: việc nào đang chờ đồng chí, hạn ngày nào."),
        Step(
            "models_registry:start",
            "Đăng ký mô hình",
            "Viết mới chín mục ngắn, hoặc chép mô hình còn duy trì từ năm trước. Cổng tự lưu từng chữ.",
            takes_year=True,
        ),
        _BOARD,
        Step(
            "recognition:rounds",
            "Đề nghị công nhận",
            "Đợt nào đang nhận đề nghị thì chọn mô hình làm tốt, kèm tờ trình, biên bản, rồi gửi.",
        ),
        Step("replication:own", "Nơi làm theo", "Học mô hình của nơi khác thì ghi ở đây: làm ở thôn nào, được bao nhiêu."),
    ),
    "chuyen-vien-huyen": (
        Step(WORK, "Việc của tôi", "Mở cổng thì xem trang này trước: việc nào đang chờ đồng chí, hạn ngày nào."),
        Step(
            "models_registry:upload",
            "Nạp sổ",
            "Kéo sổ Excel, Word của các đơn vị vào đây. Cổng đọc, hỏi chỗ chưa rõ, sửa được ngay trên bảng.",
            takes_year=True,
        ),
        Step(
            "models_registry:queue",
            "Xét đăng ký",
            "Xem từng đăng ký, nhận hoặc trả lại kèm lý do ở đúng mục; phím tắt đi nhanh.",
            takes_year=True,
        ),
        _ROUNDS,
        _REPORTS,
    ),
    "lanh-dao-huyen": (
        Step(WORK, "Việc của tôi", "Chỗ cần đồng chí duyệt, chốt, ký hiện ở đây, kèm hạn."),
        _BOARD,
        Step(
            "models_registry:queue",
            "Xét đăng ký",
            "Xem từng đăng ký, nhận hoặc trả lại kèm lý do ở đúng mục; phím tắt đi nhanh.",
            takes_year=True,
        ),
        _ROUNDS,
        Step("reports:home", "Chốt báo cáo", "Xem lại số, đơn vị chưa gửi, chỗ cần trả lời; chốt rồi thì không ai sửa được."),
    ),
    "chuyen-vien-tinh": (
        Step(WORK, "Việc của tôi", "Mở cổng thì xem trang này trước: việc nào đang chờ đồng chí, hạn ngày nào."),
        Step("dashboard", "Tổng quan của năm", "Đơn vị nào chưa gửi, chậm ở đâu, hạn nào sắp tới; bấm vào số ra danh sách."),
        _BOARD,
        _ROUNDS,
        _REPORTS,
    ),
    "lanh-dao-ban": (
        Step(WORK, "Việc của tôi", "Chỗ cần đồng chí duyệt, chốt, ký hiện ở đây, kèm hạn."),
        Step("dashboard", "Tổng quan của năm", "Đơn vị nào chưa gửi, chậm ở đâu, hạn nào sắp tới; bấm vào số ra danh sách."),
        _ROUNDS,
        _REPORTS,
        _REPLICATION,
    ),
    "thanh-vien-hoi-dong": (
        Step(WORK, "Việc của tôi", "Hồ sơ nào đang chờ đồng chí chấm, biểu quyết, hạn ngày nào."),
        Step(
            "recognition:rounds", "Đợt xét", "Vào đợt, mở hồ sơ được giao: đọc bài viết, ảnh, tệp bên cạnh tiêu chí rồi cho điểm."
        ),
        Step("models_registry:keys", "Phím tắt", "Chấm, xét bằng bàn phím cho nhanh; phím nào dễ bấm nhầm thì tắt ở đây."),
        _ACCOUNT,
        Step("notifications:list", "Tin", "Hồ sơ mới, hạn chấm, lời mời xem lại đến đây; chọn cách nhận thư điện tử."),
    ),
    "quan-tri": (
        Step(WORK, "Việc của tôi", "Vai trò chờ người quản trị thứ hai xác nhận hiện ở đây."),
        Step("setting-up:home", "Thiết lập", "Còn thiếu gì để cổng chạy được, làm theo thứ tự nào."),
        Step(
            "naming:home",
            "Tên gọi",
            "Tên địa phương, cấp, vai trò theo thời gian: đổi từ ngày nào thì trang, giấy tờ đổi từ ngày ấy.",
        ),
        Step("organisation:waiting", "Vai trò chờ xác nhận", "Vai trò có quyền trên kết quả phải hai người quản trị cùng giao."),
        _ACCOUNT,
    ),
}
