"""Papers printed in a process of its own. No database."""

from pathlib import Path
from typing import Any

import pytest

from papers import pdf
from papers.pdf import Press, TooLarge

PLAN = "#let said = json(bytes(sys.inputs.data))\n#said.words"


def test_what_is_printed_apart_is_what_is_printed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = tmp_path / "plan.typ"
    plan.write_text(PLAN)
    press, data = Press(plan), {"words": "Tuyến đường hoa"}
    apart = press.print_apart(data)
    assert apart.startswith(b"%PDF") and "_compiler" not in press.__dict__

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise TooLarge("lớn quá")

    monkeypatch.setattr(pdf, "read_apart", refuse)
    here = press.print_apart(data)
    assert here.startswith(b"%PDF") and abs(len(here) - len(apart)) < 200
