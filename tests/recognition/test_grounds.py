"""How lines of grounds begin and end in a decision."""

import pytest

from recognition.exports.values import grounds


@pytest.mark.parametrize(
    "typed, begins, line",
    [
        ("Hội đồng xét", "Xét đề nghị của", "Xét đề nghị của Hội đồng xét;"),
        ("Đề nghị của Hội đồng.", "Xét đề nghị của", "Xét đề nghị của Hội đồng;"),
        ("Xét đề nghị của Hội đồng;", "Xét đề nghị của", "Xét đề nghị của Hội đồng;"),
        ("Công văn số 5", "Căn cứ", "Căn cứ Công văn số 5;"),
        ("Căn cứ Điều lệ", "Căn cứ", "Căn cứ Điều lệ;"),
    ],
)
def test_no_word_of_a_beginning_stands_twice(typed: str, begins: str, line: str) -> None:
    assert grounds(typed, begins) == [{"dong": line}]
