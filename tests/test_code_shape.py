"""Views ask nothing of the database themselves, functions stay short: `make check` looks for what does otherwise."""

import pytest

from deploy import function_lengths, queries


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Unit.objects", ["Unit.objects"]),
        ("rows.filter(pk=1)", [".filter()"]),
        ("found.steps.all()", [".all()"]),
        ("rows_of(board).exists()", [".exists()"]),
        ("get_object_or_404(Unit, key=key)", ["get_object_or_404(Unit, ...)"]),
        ("get_object_or_404(units_visible_to(user), key=key)", []),
        ("get_object_or_404(found.files, pk=file)", []),
        ("Paginator(rows, 50).get_page(asked.get('trang'))", []),
        ("storage.exists(name), places.values(), rows.count()", []),
        ("super().get(request, *args, **kwargs)", []),
    ],
)
def test_what_is_a_query(source: str, found: list[str]) -> None:
    assert [what for _, what in queries.queries_in(source)] == found


def test_a_docstring_is_not_counted() -> None:
    body = "    a = 1\n" * function_lengths.LINES
    source = f'def f():\n    """One.\n\n    Two.\n    """\n{body}'
    assert [lines for *_, lines in function_lengths.too_long(source)] == [function_lengths.LINES + 1]
    assert function_lengths.too_long(source.replace("    a = 1\n", "", 1)) == []
