"""What is done to units, accounts and roles, as the audit trail keeps and says it."""

from django.db import models


class Audited(models.TextChoices):
    """What is done in an app: the code that the audit trail keeps (hashes are made of it), and its words. Each app has its own."""


class AuditAction(Audited):
    ADD_BY_ADMINISTRATOR = "add-by-administrator", "Quản trị thêm"
    ADD_NAME = "add-name", "Thêm tên gọi"
    BEGIN_PROVINCE = "begin-province", "Bắt đầu đơn vị đứng đầu"
    CHANGE_BY_ADMINISTRATOR = "change-by-administrator", "Quản trị sửa"
    CHOOSE_PASSWORD = "choose-password", "Tự chọn mật khẩu"
    CLOSE_ACCOUNT = "close-account", "Đóng tài khoản"
    CONFIRM_PASSWORD = "confirm-password", "Xác nhận mật khẩu"
    CONFIRM_ROLE = "confirm-role", "Xác nhận vai trò"
    CORRECT_NAME = "correct-name", "Đính chính tên gọi"
    DELETE_BY_ADMINISTRATOR = "delete-by-administrator", "Quản trị xóa"
    DEMAND_SECOND_STEP = "demand-second-step", "Yêu cầu bước xác thực thứ hai"
    END_ROLE = "end-role", "Kết thúc vai trò"
    GIVE_ROLE = "give-role", "Giao vai trò"
    LOAD_PEOPLE = "load-people", "Nạp danh sách người"
    LOAD_UNITS = "load-units", "Nạp danh sách đơn vị"
    MOVE_ACCOUNT = "move-account", "Chuyển tài khoản"
    NAME_UNIT = "name-unit", "Đặt tên đơn vị"
    OPEN_ACCOUNT = "open-account", "Mở tài khoản"
    REFUSE_PASSWORD = "refuse-password", "Từ chối mật khẩu"
    REFUSE_ROLE = "refuse-role", "Từ chối vai trò"
    REMOVE_SECOND_STEP = "remove-second-step", "Gỡ bước xác thực thứ hai"
    RENAME_ACCOUNT = "rename-account", "Đổi tên tài khoản"
    RENEW_ENCRYPTION = "renew-encryption", "Làm mới mã hóa"
    RENEW_SECOND_STEP = "renew-second-step", "Làm mới bước xác thực thứ hai"
    REOPEN_ACCOUNT = "reopen-account", "Mở lại tài khoản"
    SET_PASSWORD_BY_ADMINISTRATOR = "set-password-by-administrator", "Quản trị đặt mật khẩu"
    SET_UP_LEVEL = "set-up-level", "Thiết lập cấp"
    SET_UP_SECOND_STEP = "set-up-second-step", "Thiết lập bước xác thực thứ hai"
    UNDEMAND_SECOND_STEP = "undemand-second-step", "Thôi yêu cầu bước xác thực thứ hai"
    UNDO_PEOPLE = "undo-people", "Hoàn tác danh sách người"
    WRONG_SECOND_STEP = "wrong-second-step", "Sai bước xác thực thứ hai"
