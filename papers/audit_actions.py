"""What is done in this app, as the audit trail keeps and says it."""

from organisation.audit_actions import Audited


class AuditAction(Audited):
    DROP_TEMPLATE = "drop-template", "Bỏ mẫu của đơn vị"
    END_FORM = "end-form", "Kết thúc mẫu biểu"
    ENTER_FORM = "enter-form", "Ghi mẫu biểu"
    KEEP_TEMPLATE = "keep-template", "Lưu mẫu của đơn vị"
    SAVE_LETTERHEAD = "save-letterhead", "Lưu thể thức giấy tờ"
