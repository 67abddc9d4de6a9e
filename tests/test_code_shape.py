"""Views ask nothing of the database themselves, services build no addresses, functions stay short: `make check` looks for what does otherwise."""

import ast
from collections.abc import Iterable

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from deploy import function_lengths, links, queries


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


def test_what_builds_an_address() -> None:
    source = 'tell(link=reverse("a:b"))\nreversed(rows), link_to("a:b", 5)\nhref = resolve_url("a:b")'
    assert sorted(links.built_in(source)) == [(1, "reverse"), (3, "resolve_url")]


def pages(resolver: URLResolver, space: str = "", before: int = 0) -> Iterable[tuple[str, int]]:
    """(name, number of arguments) of every named page."""
    for one in resolver.url_patterns:
        takes = before + one.pattern.regex.groups
        if isinstance(one, URLResolver):
            yield from pages(one, f"{space}{one.namespace}:" if one.namespace else space, takes)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}", takes


def test_every_link_names_a_page_and_all_that_it_takes() -> None:
    """A message keeps its link by name: a wrong one would be found by whoever follows it."""
    there, named = set(pages(get_resolver())), set()
    for path in (path for app in queries.APPS for path in (links.ROOT / app).rglob("*.py")):
        if "link_to(" in (source := path.read_text()):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "link_to" and isinstance(node.args[0], ast.Constant):
                    named.add((str(node.args[0].value), len(node.args) - 1))
    assert len(named) > 30 and named <= there
