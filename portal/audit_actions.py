"""What is done in this app, as the audit trail keeps and says it."""

from organisation.audit_actions import Audited


class AuditAction(Audited):
    ANSWER_REQUEST = "answer-request", "Trả lời yêu cầu sửa"
    ASK_BOOKLET = "ask-booklet", "Đề nghị lập tập sách mô hình"
    CHANGE_STORY = "change-story", "Sửa tin, câu chuyện"
    LOAD_DEMO = "load-demo", "Nạp dữ liệu thử"
    PUBLISH_STORY = "publish-story", "Ban hành, đăng tin, câu chuyện"
    REMOVE_CONTACT = "remove-contact", "Gỡ liên hệ"
    SEND_REQUEST = "send-request", "Gửi yêu cầu sửa"
    SET_DEMO_PASSWORD = "set-demo-password", "Đặt mật khẩu tài khoản thử"
    TAKE_BACK_STORY = "take-back-story", "Rút lại tin, câu chuyện"
    WRITE_CONTACT = "write-contact", "Viết liên hệ"
    WRITE_STORY = "write-story", "Viết tin, câu chuyện"
