"""What several views of rounds do."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from organisation.models import User
from recognition.models import RecognitionRound
from recognition.permissions import can_run
from recognition.selectors import rounds as reads

PAGE = 50


def actor_of(request: HttpRequest) -> User:
    """Return who sent the request: nobody else than a person who is logged in comes to a page of recognition."""
    assert request.user.is_authenticated
    return request.user


def round_or_404(request: HttpRequest, pk: int) -> RecognitionRound:
    return get_object_or_404(reads.rounds_visible_to(request.user), pk=pk)


def run_or_404(request: HttpRequest, pk: int) -> RecognitionRound:
    """The round, for who runs it."""
    found = round_or_404(request, pk)
    if not can_run(request.user, found.unit):
        raise Http404
    return found


def head(round_: RecognitionRound, **more: Any) -> dict[str, Any]:
    """What every page of a round shows in its head."""
    return {"round": round_, "season": round_.season, "illustrative": round_.season.is_illustrative} | more


def of_its_round(round_: RecognitionRound | None) -> dict[str, Any]:
    """For a page about a decision: its round and season, where it has one."""
    return head(round_) if round_ else {"round": None, "season": None, "illustrative": False}
