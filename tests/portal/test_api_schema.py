"""The API answers as its schema says, whatever is asked. Once, since no backend makes up an answer; values that a backend may refuse
are sent to both in `test_fuzz.py`.
"""

from functools import cache
from typing import Any

import pytest
import requests
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.long, pytest.mark.django_db]

API = ["", "dang-ky/", "don-vi/", "linh-vuc/", "mo-hinh/{slug}/", "nam/", "schema/", "so-lieu/"]
WITH_QUERY = ["dang-ky/", "don-vi/", "schema/", "so-lieu/"]


@cache
def operations() -> dict[str, Any]:
    """Each operation of the schema; schemathesis takes two seconds to load, and every process of a run collects this file."""
    import schemathesis

    loaded = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    return {found.ok().path.removeprefix("/api/v1/"): found.ok() for found in loaded.get_all_operations()}


def test_every_operation_of_the_api_is_asked_below() -> None:
    assert sorted(operations()) == API
    assert sorted(path for path, one in operations().items() if len(one.query)) == WITH_QUERY


@pytest.mark.parametrize("path, mode", [(path, "POSITIVE") for path in API] + [(path, "NEGATIVE") for path in WITH_QUERY])
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_api_keeps_its_schema(client: Client, path: str, mode: str, data: Any) -> None:
    """Whatever the schema allows is answered as it says; whatever it forbids is refused; nothing is a fault of ours."""
    from schemathesis import GenerationMode, Response

    operation = operations()[path]
    case = data.draw(operation.as_strategy(generation_mode=GenerationMode[mode]))
    query = {name: value for name, value in (case.query or {}).items() if "\x00" not in str(value)}
    answer = client.get(case.formatted_path, query)
    assert answer.status_code in {200, 301, 400, 404}, (case.formatted_path, query, answer.content[:200])
    if answer.status_code == 200 and not case.path.endswith("schema/"):
        sent = requests.Request("GET", f"http://testserver{case.formatted_path}").prepare()
        headers = {name: [value] for name, value in answer.headers.items()}
        operation.validate_response(Response(200, headers, answer.content, sent, elapsed=0, verify=False))
