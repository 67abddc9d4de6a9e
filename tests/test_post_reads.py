"""Forms parse and check what a page sends: `make check` counts what reads it elsewhere."""

import pytest

from deploy import post_reads


@pytest.mark.parametrize(
    "source",
    [
        'request.POST.get("viec", "")',
        'request.POST["so"]',
        '"bo" in request.POST',
        "ids_in(request.POST.getlist('chon'))",
        "context = {'typed': request.POST}",
        "parse(request.POST)",
    ],
)
def test_what_is_counted(source: str) -> None:
    assert post_reads.reads_in(source) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "RoundForm(request.POST, units=units)",
        "forms.RoundForm(request.POST if request.method == 'POST' else None)",
        "if request.method == 'POST': pass",
    ],
)
def test_what_a_form_is_made_of_is_not(source: str) -> None:
    assert post_reads.reads_in(source) == []
