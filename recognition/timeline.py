"""What recognition adds to the history of a registration."""

from collections.abc import Iterable

from common.dates import day_begins
from models_registry.selectors.timeline import Event, tells
from recognition.selectors import dossiers_of, honours_of, introductions_of


@tells
def recognised(registration_ids: list[int]) -> Iterable[Event]:
    """Proposals, recognitions with their decisions, revocations, introductions to the centre."""
    for dossier in dossiers_of(registration_ids):
        if dossier.proposed_on:
            what = f"Đề nghị công nhận {dossier.level.names_on(dossier.proposed_on).honour}"
            yield Event(day_begins(dossier.proposed_on), what, look="waiting", has_time=False)
        if dossier.withdrawn_on:
            yield Event(day_begins(dossier.withdrawn_on), "Rút hồ sơ đề nghị", look="withdrawn", has_time=False)
    for given in honours_of(registration_ids):
        decision = given.decision
        look = "province" if decision.level.gathers_registers else "committee"
        words = (f"{decision.number}, {decision.issuer_name}",)
        what = f"Công nhận {decision.level_names.honour}{f', {given.grade}' if given.grade else ''}"
        yield Event(day_begins(decision.decided_on), what, decision.issuer_name, words, look, False)
        if given.ungraded_on:
            yield Event(
                day_begins(given.ungraded_on), f"Thu hồi mức {given.grade}", "", (str(given.ungraded_by),), "revoked", False
            )
        if given.revoked_on:
            yield Event(day_begins(given.revoked_on), "Hủy công nhận", "", (str(given.revoked_by),), "revoked", False)
    for sent in introductions_of(registration_ids):
        yield Event(day_begins(sent.introduced_on), "Giới thiệu Trung ương", sent.paper, (sent.programme,), "central", False)
        if sent.withdrawn_on:
            yield Event(
                day_begins(sent.withdrawn_on),
                "Rút giới thiệu Trung ương",
                sent.withdrawn_paper,
                (sent.withdrawn_why,),
                "revoked",
                False,
            )
