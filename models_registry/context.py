from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from models_registry.selectors import current_season


def work_season(request: HttpRequest) -> dict[str, Any]:
    """The season that officers work in, for the masthead of pages that are of no season themselves."""
    return {"work_season": SimpleLazyObject(current_season)}
