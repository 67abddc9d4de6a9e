"""The registration sheet: nine boxes, their fields, limits and examples. After a ward's form of 2026 (papers.md).

What an officer reads beside each box stands here, once; the form, the page, the checker's comparison and the guide use it.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """What a field looks like and how its text is read."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    PLACE = "place"
    DAY = "day"
    NUMBER = "number"


READ = (Shape.DAY, Shape.NUMBER)  # typed as text, and more than text


@dataclass(frozen=True)
class BoxField:
    """One field: its name in `RegistrationSheet.answers`, its words, how long it may be, whether it must be filled."""

    name: str
    label: str
    help: str = ""
    shape: Shape = Shape.TEXT
    limit: int = 2000
    required: bool = False


@dataclass(frozen=True)
class Box:
    number: int
    title: str
    fields: tuple[BoxField, ...]
    example: str
    why: str = ""
    """Why the example is good, in one line."""
    needed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", frozenset(f.name for f in self.fields if f.required))


HAMLET_LIMIT = 100
HARD_LIMIT = 20_000  # letters that a field takes at all; past its own limit it is kept, and told
SHORTEST_TITLE = 10

BOXES = (
    Box(
        1,
        "Tên mô hình",
        (
            BoxField("title", "Tên mô hình", "Nói việc làm và ở đâu, không cần chữ “Dân vận khéo”.", Shape.LINE, 500, True),
            BoxField("field", "Lĩnh vực", "", Shape.CHOICE, 40, True),
            BoxField("subject_kind", "Ai làm", "", Shape.CHOICE, 10, True),
            BoxField(
                "subject",
                "Tên tập thể, cá nhân thực hiện",
                "Viết đủ tên, ví dụ: Chi bộ thôn Đông.",
                Shape.LINE,
                300,
                True,
            ),
            BoxField("kind", "Mới hay duy trì", "", Shape.CHOICE, 10, True),
        ),
        "“Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình”",
        "Có việc làm, có nơi làm. Tránh “Mô hình môi trường”: đọc không biết làm gì.",
    ),
    Box(
        2,
        "Thực trạng, lý do",
        (
            BoxField(
                "situation", "Thực trạng, lý do xây dựng mô hình", "Việc gì đang vướng, vướng với ai, từ bao giờ.", required=True
            ),
            BoxField(
                "changed",
                "Năm nay có gì khác năm trước",
                "Chỉ viết với mô hình duy trì: mở thêm nơi nào, đổi cách gì.",
                limit=1000,
            ),
        ),
        "“Cả thôn có 214 hộ, chưa có xe gom rác. Hằng ngày rác đổ ra mương, mùa mưa trôi vào ruộng; cử tri đã nói ở ba kỳ tiếp xúc.”",
        "Có số, có nơi, có ai nói.",
    ),
    Box(
        3,
        "Mục tiêu, tiêu chí",
        (BoxField("aims", "Mục tiêu, tiêu chí", "Đến cuối năm muốn đạt gì, nhìn vào đâu để biết là đạt.", required=True),),
        "“Đến 30/11: ít nhất 100 hộ có lò đốt rác đang dùng; không còn điểm đổ rác tự phát trên tuyến mương N4.”",
        "Đọc xong biết lúc nào là xong.",
    ),
    Box(
        4,
        "Nội dung, cách thức",
        (
            BoxField(
                "method",
                "Nội dung, cách thức thực hiện",
                "Mỗi dòng một bước: ai làm gì, với ai, bằng cách nào.",
                limit=5000,
                required=True,
            ),
        ),
        "“Đảng viên làm trước: 12 đảng viên xây lò tại nhà mình.\nMời bà con đến xem: mỗi tổ một buổi.\nGóp công đổi vật liệu: Hội Nông dân mua gạch chung, hộ nghèo được giúp ngày công.”",
        "Người nơi khác đọc là làm theo được.",
    ),
    Box(
        5,
        "Địa bàn, đối tượng",
        (
            BoxField("place", "Nơi thực hiện", "Để trống nếu mô hình làm trên toàn đơn vị.", Shape.PLACE, 100),
            BoxField(
                "hamlet",
                "Thôn, khu phố, tổ dân phố",
                "Khi mô hình chỉ làm ở một nơi, ví dụ: Thôn Đông, Khu phố 5.",
                Shape.LINE,
                HAMLET_LIMIT,
            ),
            BoxField("audience", "Địa bàn, đối tượng cụ thể", "Thôn, khu phố, tổ nào; những ai được vận động.", required=True),
        ),
        "“Thôn Đông, 214 hộ; trước hết là 60 hộ dọc mương N4.”",
    ),
    Box(
        6,
        "Lực lượng thực hiện",
        (
            BoxField("leads", "Chủ trì", "Một đơn vị chịu trách nhiệm chính.", Shape.LINE, 300, True),
            BoxField("partners", "Phối hợp", "Mỗi dòng một đơn vị.", limit=1000),
            BoxField("participants", "Tham gia", "Những ai góp sức, bao nhiêu người.", limit=1000),
        ),
        "“Chủ trì: Chi bộ thôn Đông.\nPhối hợp: Ban Công tác Mặt trận, Chi hội Nông dân.\nTham gia: 12 đảng viên, 60 hộ dân.”",
    ),
    Box(
        7,
        "Nguồn lực, thời gian",
        (
            BoxField("resources", "Nguồn lực", "Tiền, vật liệu, ngày công; ai góp.", required=True),
            BoxField("starts_on", "Bắt đầu từ ngày", "Viết ngày/tháng/năm.", Shape.DAY, 40, True),
            BoxField("schedule", "Tiến độ", "Mốc nào xong việc gì.", limit=1000),
            BoxField("assessed_on", "Ngày tự đánh giá", "Ngày đơn vị ngồi lại xem đạt chưa.", Shape.DAY, 40),
        ),
        "“Mỗi lò khoảng 350 nghìn đồng, hộ tự lo gạch; Hội Nông dân cho mượn khuôn.\nTháng 3 làm thử 12 lò, tháng 6 ra cả thôn, 30/11 đánh giá.”",
    ),
    Box(
        8,
        "Sản phẩm, kết quả đầu ra",
        (
            BoxField("outputs", "Kết quả kiểm chứng được", "Viết thứ đếm được, bao nhiêu, đến ngày nào, ai đếm.", required=True),
            BoxField("target_quantity", "Số lượng", "Ví dụ 1.500 hoặc 2,5.", Shape.NUMBER, 20),
            BoxField("target_what", "Đếm cái gì", "Ví dụ: lò đốt rác.", Shape.LINE, 200),
            BoxField("target_on", "Tính đến ngày", "", Shape.DAY, 40),
        ),
        "“Đến 15/10: 136 lò đốt rác đang dùng; Khối Dân vận xã đếm mỗi quý, ghi vào sổ theo dõi.”",
        "Có số, có ngày, có người đếm.",
    ),
    Box(
        9,
        "Khả năng duy trì, nhân rộng",
        (BoxField("upkeep", "Khả năng duy trì, nhân rộng", "Hết năm ai giữ tiếp; nơi nào làm theo được.", required=True),),
        "“Lò do hộ tự giữ, không cần kinh phí thêm. Ba thôn bên cạnh có cùng điều kiện, đã cử người sang xem.”",
    ),
)
FIELDS = {f.name: f for box in BOXES for f in box.fields}
BOX_OF = {f.name: box.number for box in BOXES for f in box.fields}


def written(answers: dict[str, str]) -> set[int]:
    """The numbers of the boxes in which everything that must be filled has something in it."""
    return {box.number for box in BOXES if all(answers.get(name, "").strip() for name in box.needed)}
