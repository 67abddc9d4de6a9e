"""What is done in this app, as the audit trail keeps and says it."""

from organisation.audit_actions import Audited


class AuditAction(Audited):
    ADD_STUDY_PHOTO = "add-study-photo", "Thêm ảnh chuyến học"
    ADD_TARGETS = "add-targets", "Thêm đơn vị được giao"
    ASK_VISIT = "ask-visit", "Xin đến học"
    CHANGE_CAMPAIGN = "change-campaign", "Sửa chiến dịch nhân rộng"
    CLOSE_CAMPAIGN = "close-campaign", "Đóng chiến dịch nhân rộng"
    DROP_TARGET = "drop-target", "Bỏ đơn vị được giao"
    END_ADOPTION = "end-adoption", "Kết thúc nơi làm theo"
    LINK_REGISTRATION = "link-registration", "Nối đăng ký"
    OPEN_CAMPAIGN = "open-campaign", "Mở chiến dịch nhân rộng"
    RECORD_ADOPTION = "record-adoption", "Ghi nơi làm theo"
    RECORD_OUTPUT = "record-output", "Ghi kết quả đo được"
    REGISTER_ADOPTION = "register-adoption", "Đăng ký nơi làm theo"
    REMOVE_STUDY_PHOTO = "remove-study-photo", "Gỡ ảnh chuyến học"
    REOPEN_CAMPAIGN = "reopen-campaign", "Mở lại chiến dịch nhân rộng"
    SAVE_HOW_TO = "save-how-to", "Lưu hướng dẫn làm theo"
    SET_TARGETS = "set-targets", "Đặt đơn vị được giao"
    START_CAMPAIGN = "start-campaign", "Phát động chiến dịch nhân rộng"
    TELL_VISIT = "tell-visit", "Kể lại chuyến học"
    VISIT_AGREED = "visit-agreed", "Hẹn ngày học"
    VISIT_ASKED = "visit-asked", "Xin đến học"
    VISIT_CANCELLED = "visit-cancelled", "Thôi chuyến học"
    VISIT_DECLINED = "visit-declined", "Chưa đón được"
    VISIT_DONE = "visit-done", "Ghi đã đến học"
