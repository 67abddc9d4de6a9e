"""What the name of who does it says where nothing else does: a body or a person, by its shape."""

import re
from functools import lru_cache

from common.text import clean
from models_registry.enums import SubjectKind
from models_registry.registers.vocabulary import match_subject_kind
from organisation.models import PLACE_KINDS

_ADDRESSED = re.compile(
    r"^(?:hộ |gia đình )?(?:ông|bà|anh|chị|cô|chú|bác|cụ|em|thầy|sư cô|đ/c|đ\.c|đồng chí|các đồng chí)[.:]?\s+(?=\w)",
    re.IGNORECASE,
)
_OFFICE_HELD = re.compile(
    r"^(?:phó )?(?:bí thư|chủ tịch|giám đốc|hiệu trưởng|hiệu phó|trưởng|phó|người|già làng|đảng viên|hội viên|đoàn viên|công chức|linh mục|"
    r"thượng tọa|đại đức)\b|^(?:\w+ )?(?:hội|tổ|thôn|đội|nhóm|ban|ấp|khu phố) (?:trưởng|phó)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"^(?:bch |ban chấp hành )?(?:hội|chi (?:hội|bộ|đoàn)|đoàn|đảng (?:ủy|uỷ|bộ)|ban|tổ|đội|hải đội|đại đội|nhóm|ubnd|(?:ủy|uỷ) ban|ubmt\w*|mttq\w*|"
    r"mặt trận|hđnd|công (?:an|đoàn|ty)|quân sự|bộ (?:chỉ huy|đội)|trường|trạm|phòng|trung tâm|câu lạc bộ|clb|htx|hợp tác xã|liên đoàn|đồn|khối|"
    r"khu dân cư|nhân dân|cán bộ|tập thể|cấp (?:ủy|uỷ)|chính quyền|giáo xứ|họ đạo|chùa|hlhpn|hnd|hccb|đtn|cơ quan|đơn vị|bhxh|ngân hàng|kho bạc|"
    r"(?:tòa|toà) án|viện kiểm sát)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"^(?:{PLACE_KINDS}|thôn|khu phố|ấp|buôn|bon|xóm|toàn|các)\b", re.IGNORECASE)
_BEHIND = re.compile(r"\s*[,;(\n]|\s[-–]\s")
_LONGEST_NAME = 6  # words


@lru_cache(maxsize=8192)
def kind_of_doer(text: str) -> SubjectKind | None:
    """'Bà Lê Thị Hoa', 'Bí thư Chi bộ thôn 3' -> individual; 'Hội Nông dân xã X' -> collective; None where neither is plain."""
    name = _BEHIND.split(clean(text), maxsplit=1)[0]
    if _ADDRESSED.match(name) or _OFFICE_HELD.match(name):
        return SubjectKind.INDIVIDUAL
    if _BODY.match(name):
        return SubjectKind.COLLECTIVE
    words = [] if _PLACE.match(name) else name.split()
    is_name = 2 < len(words) <= _LONGEST_NAME and all(word[0].isupper() and not word.isupper() for word in words)
    return SubjectKind.INDIVIDUAL if is_name and not any(map(str.isdigit, name)) else None


def is_doer(text: str) -> bool:
    return kind_of_doer(text) is not None and match_subject_kind(text) is None


def is_body(text: str) -> bool:
    return kind_of_doer(text) == SubjectKind.COLLECTIVE and match_subject_kind(text) is None


def names_one(text: str) -> bool:
    """Whether it names somebody by itself: 'Bí thư Chi bộ thôn 3' below a name says what he is."""
    return kind_of_doer(text) is not None and not _OFFICE_HELD.match(clean(text)) and match_subject_kind(text) is None
