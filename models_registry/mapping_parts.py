"""The parts of the page “Cột nào là gì”, as its templates take them."""

from dataclasses import dataclass

from models_registry.mapping_forms import Option


@dataclass(frozen=True)
class PageColumn:
    """One column: what it is taken for, how that is known, what its choice holds."""

    letter: str
    label: str
    code: str
    guessed: str
    state: str
    words: str
    why: str
    extra: tuple[Option, ...] = ()
    bad: str = ""

    @property
    def id(self) -> str:
        return f"cot-{self.letter.lower()}"

    @property
    def look(self) -> str:
        """The class of its cells."""
        return {"unclear": "asks", "unused": "off"}.get(self.state, "")


@dataclass(frozen=True)
class PageRow:
    number: int
    kind: str  # top, head, or data
    cells: tuple[str, ...]

    @property
    def only(self) -> str:
        """The text of a line above the table that stands in one cell."""
        words = [cell for cell in self.cells if cell]
        return words[0] if self.kind == "top" and len(words) == 1 else ""


@dataclass(frozen=True)
class Fill:
    """A value for a whole column. `options` empty: it is typed."""

    name: str
    label: str
    more: str
    value: str
    options: tuple[Option, ...] = ()
    bad: str = ""
    needed: str = ""

    @property
    def is_day(self) -> bool:
        return self.name in ("registered_on", "valid_from")


@dataclass(frozen=True)
class Word:
    """A short word of a list, how often it stands there, what it means."""

    name: str
    column: str
    word: str
    count: int
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class PageJoin:
    id: str
    columns: tuple[str, ...]
    code: str
    separator: str
