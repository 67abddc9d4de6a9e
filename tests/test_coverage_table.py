"""The table of `make coverage`: which layer a file belongs to, how its figures are written."""

import json
from pathlib import Path

import pytest

from tests.coverage_table import layer_of, table


@pytest.mark.parametrize(
    "path, layer",
    [
        ("papers/services.py", ("papers", "services")),
        ("recognition/services/meetings.py", ("recognition", "services")),
        ("replication/figures.py", ("replication", "figures")),
        ("models_registry/management/commands/open_season.py", ("models_registry", "other")),
        ("common/jobs.py", ("common", "other")),
    ],
)
def test_a_layer_is_a_module_of_the_app_or_a_package_in_it(path: str, layer: tuple[str, str]) -> None:
    assert layer_of(path) == layer


def test_figures_are_summed_by_app_and_layer(tmp_path: Path) -> None:
    measured = {
        "papers/services.py": (3, 4),
        "reports/services/clock.py": (1, 1),
        "reports/services/writing.py": (2, 3),
        "reports/models.py": (0, 0),
    }
    files = {
        path: {"summary": {"covered_branches": reached, "num_branches": branches}}
        for path, (reached, branches) in measured.items()
    }
    source = tmp_path / "coverage.json"
    source.write_text(json.dumps({"files": files}))
    cells = {line.split()[0]: line.split()[1:3] for line in table(source).splitlines()}
    assert cells["papers"] == ["75.0", "(4)"]
    assert cells["reports"] == ["75.0", "(4)"]
    assert cells["all"] == ["75.0", "(8)"]
    assert cells["portal"] == ["-", "-"]
