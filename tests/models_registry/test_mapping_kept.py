"""What was said by hand of a register's columns: given to the command, kept with an upload, remembered for the next one."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from models_registry.models import Registration
from models_registry.registers.mapping import Mapping
from models_registry.services import ImportOptions, ImportReport, import_register
from tests import registers as made
from tests.models_registry.conftest import Take, unit_of

PLAIN = ["Cột 1", "Cột 2", "Cột 3", "Cột 4", "Cột 5", "Cột 6", "Cột 7"]
COLUMNS = {"A": "number", "B": "title", "C": "subject", "D": "place", "E": "field", "F": "subject_kind", "G": "registered_on"}
LINES = [
    [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "Kinh tế", "Tập thể", "15/3/2024"],
    [2, "Tiếng loa an ninh", "Bà Hoa", "Phường Phú Hài", "Kinh tế", "Cá nhân", "16/3/2024"],
]


def said(**sheet: Any) -> dict[str, Any]:
    return {"version": 1, "sheets": [{"heading": {"row": 1}, "columns": COLUMNS} | sheet]}


def run(path: Path, capsys: Any, **options: Any) -> dict[str, Any]:
    call_command("import_register", str(path), season=2024, unit="phan-thiet", json=True, **options)
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_the_command_takes_a_mapping_and_tells_one_that_reads_the_same(new_season: Any, tmp_path: Path, capsys: Any) -> None:
    path, by_hand = made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]), tmp_path / "cach-doc.json"
    by_hand.write_text(json.dumps(said(fills={"kind": "new"})), "utf-8")
    first = run(path, capsys, mapping=by_hand, dry_run=True)
    assert (first["rows"], first["created"], first["rejected"]) == (2, 2, [])
    by_hand.write_text(json.dumps(first["mapping"]), "utf-8")
    assert run(path, capsys, mapping=by_hand, dry_run=True) == first
    assert run(path, capsys, mapping=by_hand)["saved"]
    assert list(Registration.objects.filter(season=new_season).order_by("pk").values_list("title", "kind")) == [
        ("Tuyến đường hoa", "new"),
        ("Tiếng loa an ninh", "new"),
    ]


@pytest.mark.parametrize(
    "text, said",
    [
        ("{", "Cách đọc sổ, mục “(cả tệp)”: không phải JSON"),
        (
            '{"version": 1, "sheets": [{"columns": {"B": "ten"}}]}',
            "Cách đọc sổ, mục “sheets[0].columns.B”: “ten” không phải vai trò",
        ),
    ],
)
def test_the_command_refuses_a_bad_mapping_by_its_key(new_season: Any, tmp_path: Path, capsys: Any, text: str, said: str) -> None:
    by_hand = tmp_path / "cach-doc.json"
    by_hand.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as ended:
        run(made.xlsx(tmp_path / "so.xlsx", [PLAIN, *LINES]), capsys, mapping=by_hand)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(said)


def test_new_or_maintained_by_the_models_of_earlier_years(take: Take, tmp_path: Path, season_2025: Any) -> None:
    kind_of: dict[str, str] = {}

    def send(*titles: str, **options: Any) -> ImportReport:
        rows = [[n, title, *LINES[0][2:6], options["day"]] for n, title in enumerate(titles, 1)]
        mapping = Mapping.from_json(said(fills={"kind": options["kind"]}))
        path = made.xlsx(tmp_path / "so.xlsx", [PLAIN, *rows])
        return take(path, mapping=mapping) if options["day"].endswith("2024") else _later(path, season_2025, mapping)

    assert send("Tuyến đường hoa", kind="new", day="15/3/2024").saved
    assert send("Tuyến đường hoa", "Đường đèn", kind="earlier", day="15/3/2025").saved
    kind_of |= dict(Registration.objects.filter(season=season_2025).values_list("title", "kind"))
    assert kind_of == {"Tuyến đường hoa": "maintained", "Đường đèn": "new"}
    again = send("Tuyến đường hoa", "Đường đèn", kind="earlier", day="15/3/2025")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)


def _later(path: Path, season: Any, mapping: Mapping) -> ImportReport:
    return import_register(
        path=path, season=season, unit=unit_of("phan-thiet"), actor=None, options=ImportOptions(mapping=mapping)
    )
