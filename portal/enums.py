from django.db.models import TextChoices


class StoryKind(TextChoices):
    NEWS = "tin", "Tin"
    STORY = "chuyen", "Câu chuyện"
    GUIDE = "huong-dan", "Hướng dẫn"


class RequestKind(TextChoices):
    WRONG = "sai", "Thông tin sai"
    PHOTO = "anh", "Gỡ ảnh"
    PERSONAL = "ca-nhan", "Gỡ thông tin cá nhân"
    OTHER = "khac", "Việc khác"


class RequestState(TextChoices):
    OPEN = "moi", "Chờ trả lời"
    DONE = "da-sua", "Đã sửa, đã gỡ"
    DECLINED = "khong", "Không sửa"
