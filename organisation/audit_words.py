"""How the audit trail is read: what an entry's `action` and its `target_type` are called. The codes stay in the table, since hashes
are made of them.
"""

from functools import cache

from django.apps import apps

from organisation.audit_actions import Audited

NO_MORE_DONE = {"remind-members": "Nhắc thành viên hội đồng", "send": "Gửi"}
"""Of entries that earlier versions wrote."""


def action_words(action: str) -> str:
    """What was done, as an office says it; the code itself where nobody wrote words for it."""
    return _words().get(action, action)


@cache
def _words() -> dict[str, str]:
    """code -> words, of all apps; asked for when they are all there."""
    return NO_MORE_DONE | {str(action): str(action.label) for actions in Audited.__subclasses__() for action in actions}


def kind_words(target_type: str) -> str:
    """The kind of object an entry is about; its code if the kind no longer exists."""
    try:
        words = str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
    return words[:1].upper() + words[1:]
