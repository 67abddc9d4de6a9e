"""What ties the entries of the audit trail together: the digest of an entry and the hash of a link. Neither ever changes form:
every hash noted outside the portal would stop holding.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any

FIELDS = ("at", "actor_id", "actor_name", "action", "target_type", "target_id", "target_name", "unit_id", "note", "changes")
GENESIS = "0" * 64  # what stands before the first link


def digest_of(entry: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, of all that an entry says, as canonical JSON."""
    said = {name: entry[name] for name in FIELDS} | {"at": entry["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hash_of(previous: str, digest: str) -> str:
    """The hash of a link: it covers its entry and, through the hash before it, all earlier ones. The database's triggers count it
    the same way.
    """
    return sha256((previous + digest).encode()).hexdigest()
