"""What a kind of list is: the columns it may have, and the words by which their headings are known."""

import re
from dataclasses import dataclass
from functools import lru_cache

from common.text import compare_key
from models_registry.registers.abbreviations import stands_for

HEADED, SHORT = "heading", "short"
_LONGEST = 120  # letters of a heading
_AROUND = re.compile(r"^\(?\d{1,2}\)?\s+|\s*\(.*?\)\s*$")  # "(1) Tên", "Từ ngày (nếu có)"


@dataclass(frozen=True)
class ListRole:
    """One column: `pattern` is sought in a folded heading, `phrases` are what a heading that is cut short may stand for."""

    code: str
    label: str
    pattern: str
    phrases: tuple[str, ...] = ()
    is_ignored: bool = False
    """Whether it only makes a row a heading, as numbers and notes do."""


@dataclass(frozen=True)
class ListKind:
    """A kind of list. `needed`: columns without which a row is no heading; `carried`: those that merged cells fill downwards;
    `fills`: those for which a value may be told that stands in empty cells; `asked`: those of them that each row must have.
    """

    key: str
    name: str
    roles: tuple[ListRole, ...]
    needed: tuple[str, ...]
    carried: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    most_rows: int = 3_000

    def role(self, code: str) -> ListRole | None:
        return next((role for role in self.roles if role.code == code), None)

    def label(self, code: str) -> str:
        role = self.role(code)
        return role.label if role else code

    def role_of(self, label: str) -> tuple[ListRole, str] | None:
        """(role, how its heading says it); None for words that are no heading."""
        if not label or len(label) > _LONGEST:
            return None
        return _role_of(self, compare_key(label))


@lru_cache(maxsize=4096)
def _role_of(kind: ListKind, key: str) -> tuple[ListRole, str] | None:
    for words in dict.fromkeys((key, _AROUND.sub("", key).strip())):
        if found := next((role for role in kind.roles if re.search(role.pattern, words)), None):
            return found, HEADED
        if len(words) <= 40:
            for role in kind.roles:
                if any(stands_for(words, phrase) for phrase in role.phrases):
                    return role, SHORT
    return None
