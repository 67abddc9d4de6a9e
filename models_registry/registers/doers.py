"""What the name of who does it says where nothing else does: a body or a person, by its shape."""

import re
from functools import lru_cache

from common.text import clean, compare_key
from models_registry.enums import SubjectKind

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
    r"^(?:bch |ban chap hanh )?(?:hoi|chi hoi|chi bo|chi doan|doan|dang uy|dang bo|ban|to|doi|nhom|ubnd|uy ban|ubmt\w*|mttq\w*|mat tran|hdnd|cong an|"
    r"cong doan|cong ty|quan su|truong|tram|phong|trung tam|cau lac bo|clb|htx|hop tac xa|lien doan|don bien phong|bo doi|khoi|khu dan cu|nhan dan|"
    r"can bo|tap the|cap uy|chinh quyen|giao xu|ho dao|chua|hlhpn|hnd|hccb|dtn|ntm|co quan|don vi|bhxh|ngan hang|kho bac|toa an|vien kiem sat)\b"
)
_BEHIND = re.compile(r"\s*[,;(\n]|\s[-–]\s")
_LONGEST_NAME = 6  # words


@lru_cache(maxsize=8192)
def kind_of_doer(text: str) -> SubjectKind | None:
    """'Bà Lê Thị Hoa', 'Bí thư Chi bộ thôn 3' -> individual; 'Hội Nông dân xã X' -> collective; None where neither is plain."""
    name = _BEHIND.split(clean(text), maxsplit=1)[0]
    if _ADDRESSED.match(name) or _OFFICE_HELD.match(name):
        return SubjectKind.INDIVIDUAL
    if _BODY.match(compare_key(name)):
        return SubjectKind.COLLECTIVE
    words = name.split()
    is_name = 2 < len(words) <= _LONGEST_NAME and all(word[0].isupper() and not word.isupper() for word in words)
    return SubjectKind.INDIVIDUAL if is_name and not any(map(str.isdigit, name)) else None
