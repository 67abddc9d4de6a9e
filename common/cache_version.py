"""Whether anything public has changed: a mark in the shared cache that every write renews after its commit."""

import logging
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

logger = logging.getLogger(__name__)

MARK = "public-mark"
_FOR_GOOD = None


def renew() -> None:
    """Whatever was kept of public pages is old now. A cache that does not answer keeps nothing either."""
    try:
        cache.set(MARK, uuid4().hex, _FOR_GOOD)
    except Exception:
        logger.warning("cache unreachable, what it kept of pages lives out its time", exc_info=True)


def renew_after_commit() -> None:
    """Call it in the transaction of a write; of many writes of one transaction the mark is renewed once."""
    if not any(waiting[1] is renew for waiting in transaction.get_connection().run_on_commit):
        transaction.on_commit(renew)
