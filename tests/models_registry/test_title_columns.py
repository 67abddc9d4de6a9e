"""Names of models in two columns or more, each headed by what they are: by kind of registration, of doer, by field. No database."""

from pathlib import Path
from typing import Any

import pytest

from models_registry.registers import opening
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow
from tests import registers as made
from tests.models_registry.test_several_models import BODY, CONTEXT, FLOWERS, LAMPS, ROAD, UNION
from tests.odd_formats import read_here

PERSON = "Ông Lê Văn Ba, Trưởng thôn 2"
DAY = "5/3/2024"
ROAD_SAID, FLOWERS_SAID = (ROAD, BODY, "collective", "new", 1), (FLOWERS, UNION, "collective", "maintained", 1)
PERSON_SAID = (FLOWERS, PERSON, "individual", "maintained", 1)
BOTH = [ROAD_SAID, FLOWERS_SAID]

TABLES: dict[str, tuple[list[list[str]], list[Any]]] = {
    "kinds, fields behind the names": (
        [
            ["STT", "Tập thể", "Tên mô hình đăng ký mới (lĩnh vực)", "Tên mô hình tiếp tục duy trì (lĩnh vực)", "Ngày đăng ký"],
            ["1", BODY, f"{ROAD} (kinh tế)", f"{LAMPS} (văn hóa - xã hội)", DAY],
            ["2", UNION, "", f"{FLOWERS} (kinh tế)", DAY],
        ],
        [ROAD_SAID, (LAMPS, BODY, "collective", "maintained", 2), FLOWERS_SAID],
    ),
    "kinds below the name": (
        [
            ["STT", "Đơn vị", "Tên mô hình", "", "Lĩnh vực", "Ngày đăng ký"],
            ["", "", "Đăng ký mới", "Duy trì"],
            ["1", BODY, ROAD, "", "Kinh tế", DAY],
            ["2", UNION, "", FLOWERS, "Kinh tế", DAY],
        ],
        BOTH,
    ),
    "kinds without the word for a name": (
        [
            ["STT", "Đơn vị", "Mô hình mới", "Mô hình duy trì", "Lĩnh vực", "Ngày đăng ký"],
            ["1", BODY, ROAD, "", "Kinh tế", DAY],
            ["2", UNION, "", f"1. {FLOWERS}; 2. {LAMPS}", "Kinh tế", DAY],
        ],
        [*BOTH, (LAMPS, UNION, "collective", "maintained", 1)],
    ),
    "doers below the name": (
        [
            ["STT", "Tên mô hình", "", "Người, đơn vị thực hiện", "Lĩnh vực", "Mới/Duy trì", "Ngày đăng ký"],
            ["", "Của tập thể", "Của cá nhân"],
            ["1", ROAD, "", BODY, "Kinh tế", "Mới", DAY],
            ["2", "", FLOWERS, PERSON, "Kinh tế", "Duy trì", DAY],
        ],
        [ROAD_SAID, PERSON_SAID],
    ),
    "doers and kinds": (
        [
            ["STT", "Đơn vị, người thực hiện", "Mô hình đăng ký năm 2024", "", "", "", "Lĩnh vực", "Ngày đăng ký"],
            ["", "", "Tập thể", "", "Cá nhân"],
            ["", "", "Mới", "Duy trì", "Mới", "Duy trì"],
            ["1", BODY, ROAD, "", "", "", "Kinh tế", DAY],
            ["2", PERSON, "", "", "", FLOWERS, "Kinh tế", DAY],
        ],
        [ROAD_SAID, PERSON_SAID],
    ),
    "a doer beside each": (
        [
            ["STT", "Tập thể", "", "Cá nhân", "", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"],
            ["", "Tên đơn vị", "Tên mô hình", "Họ và tên", "Tên mô hình"],
            ["1", BODY, ROAD, "", "", "Kinh tế", "Mới", DAY],
            ["2", "", "", PERSON, FLOWERS, "Kinh tế", "Duy trì", DAY],
        ],
        [ROAD_SAID, PERSON_SAID],
    ),
    "fields": (
        [
            [
                "STT",
                "Đơn vị",
                "Tên mô hình lĩnh vực kinh tế",
                "Tên mô hình lĩnh vực văn hóa - xã hội",
                "Mới/duy trì",
                "Ngày đăng ký",
            ],
            ["1", BODY, ROAD, "", "Mới", DAY],
            ["2", UNION, "", LAMPS, "Duy trì", DAY],
        ],
        [ROAD_SAID, (LAMPS, UNION, "collective", "maintained", 2)],
    ),
    "crosses, the name elsewhere": (
        [
            ["STT", "Nội dung", "Mô hình mới", "Mô hình duy trì", "Đơn vị", "Lĩnh vực", "Ngày đăng ký"],
            ["1", ROAD, "x", "", BODY, "Kinh tế", DAY],
            ["2", FLOWERS, "", "x", UNION, "Kinh tế", DAY],
        ],
        BOTH,
    ),
    "last year's name beside this year's": (
        [
            ["STT", "Đơn vị", "Tên mô hình năm 2023", "Tên mô hình năm 2024", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"],
            ["1", BODY, "", ROAD, "Kinh tế", "Mới", DAY],
            ["2", UNION, LAMPS, FLOWERS, "Kinh tế", "Duy trì", DAY],
        ],
        BOTH,
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_name_is_what_stands_over_its_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lines, expected = TABLES[name]
    monkeypatch.setattr(opening, "read_apart", read_here)
    rows: list[ReadRow | RefusedRow] = list(
        RegisterReader(made.text_file(tmp_path / "so.csv", lines), CONTEXT, None, "so").rows()
    )
    assert [
        isinstance(row, ReadRow) and (row.title, row.subject, row.subject_kind, row.kind, row.field_id) for row in rows
    ] == expected
