"""Guides of the demo: how the portal itself is used, nothing made up; and the season's booklet."""

from django.db import transaction

from common.dates import today
from models_registry.models import Season
from organisation.models import User
from portal import services
from portal.enums import StoryKind
from portal.models import Booklet, Story

GUIDES = (
    (
        "Đăng ký một mô hình trong năm bước",
        "Chi bộ, chi hội, cơ quan đăng ký mô hình “Dân vận khéo” của năm: viết gì, gửi ai, chờ bao lâu.",
        """## Năm bước

1. **Xem đã ai làm chưa.** Tìm trên cổng bằng vài chữ, có dấu hay không dấu đều được. Thấy mô hình hay thì học theo, không cần nghĩ lại từ đầu.
2. **Viết chín ô.** Tên, vì sao làm, mục tiêu, cách làm, địa bàn, lực lượng, nguồn lực và thời gian, kết quả đếm được, khả năng duy trì. Cạnh mỗi ô có ví dụ. Viết đến đâu cổng lưu đến đó.
3. **Thêm ảnh, số đo.** Chụp bằng điện thoại là được; cổng xóa vị trí trong ảnh. Số đo ghi kèm ngày.
4. **Gửi.** Đảng ủy cấp trên xem, nhận hoặc trả lại kèm lý do ở đúng ô cần sửa.
5. **Cập nhật trong năm.** Có kết quả mới thì ghi thêm. Cuối năm, mô hình tốt được đề nghị công nhận.

## Năm sau

Mô hình còn làm thì bấm “Chép từ năm trước”: giữ nguyên gốc, không đếm hai lần.""",
    ),
    (
        "Làm theo một mô hình của nơi khác",
        "Tìm mô hình hợp với nơi mình, xem cách làm, xin đến học, ghi lại để nơi gốc cũng biết.",
        """## Tìm

Mở [bản đồ](/ban-do/) hoặc [danh sách mô hình](/mo-hinh/), lọc theo lĩnh vực, địa bàn, “Đã có nơi làm theo”.

## Xem cách làm

Trang nào cũng có “Cách làm theo”: các bước, chi phí, cần những ai, chỗ dễ vấp, giấy tờ. In được trên một tờ A4, có mã QR để mở lại.

## Xin đến học

Đơn vị đăng nhập rồi bấm “Xin đến học”: chọn ngày, ghi mấy người, muốn xem gì. Nơi có mô hình trả lời ngay trên cổng; ngày hẹn vào lịch điện thoại được.

## Ghi lại

Bắt tay làm thì bấm “Ghi nơi làm theo”. Kết quả của mình cộng vào đường lan tỏa của mô hình, và [ai học của ai](/nhan-rong/) không mất.""",
    ),
)


@transaction.atomic
def show_guides(season: Season) -> int:
    """The guides, published, and the booklet; made once. Returns how many were made now."""
    made, staff = 0, User.objects.get(username="tinh.chuyenvien")
    if not Story.objects.exists():
        for title, summary, body in GUIDES:
            story = services.write_story(
                story_id=None, text=services.StoryText(StoryKind.GUIDE, title, summary, body), actor=staff
            )
            services.publish_story(story_id=story.pk, on=today(), actor=staff)
            made += 1
    if not Booklet.objects.exists():
        Booklet.objects.create(season=season)
        services.make_booklet(season_id=season.pk, progress=lambda *_: None)
        made += 1
    return made
