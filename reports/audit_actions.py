"""What is done in this app, as the audit trail keeps and says it."""

from organisation.audit_actions import Audited


class AuditAction(Audited):
    ANSWER_FINDING = "answer-finding", "Trả lời chỗ lệch của báo cáo"
    ASK_REPORT = "ask-report", "Đề nghị lập báo cáo"
    CORRECT_REPORT = "correct-report", "Đính chính báo cáo"
    DROP_QUOTED = "drop-quoted", "Bỏ số trích"
    DROP_REPORT = "drop-report", "Bỏ báo cáo"
    FREEZE_REPORT = "freeze-report", "Chốt báo cáo"
    KEEP_QUOTED = "keep-quoted", "Lưu số trích"
    REBUILD_REPORT = "rebuild-report", "Đếm lại báo cáo"
    STOP_REPORT = "stop-report", "Dừng báo cáo"
    WRITE_REPORT = "write-report", "Viết báo cáo"
