"""The fields of the sheet as its page shows them."""

from dataclasses import dataclass

from models_registry.boxes import READ, Box, BoxField, Shape


@dataclass(frozen=True)
class SheetField:
    """One field of the sheet as its page shows it."""

    field: BoxField
    value: str
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_open: bool = True
    is_fixed: bool = False
    """There is but one choice: it is told, not asked."""

    @property
    def id(self) -> str:
        return f"id_{self.field.name}"

    @property
    def letters(self) -> int:
        return len(self.value)

    @property
    def rows(self) -> int:
        """The lines of a box for sentences; none for a field of one line."""
        if self.field.shape != Shape.TEXT and self.field.name != "title":
            return 0
        return 6 if self.field.limit > 1000 else 3 if self.field.limit > 500 else 2

    @property
    def is_figures(self) -> bool:
        return self.field.shape in READ

    @property
    def described_by(self) -> str:
        """The ids of what stands below the field."""
        told = (("help", self.field.help), ("n", self.rows), ("err", self.error))
        return " ".join(f"{self.id}_{part}" for part, there in told if there)

    @property
    def chosen(self) -> str:
        return dict(self.choices).get(self.value, "")


def sheet_fields(
    box: Box,
    answers: dict[str, str],
    choices: dict[str, list[tuple[str, str]]],
    *,
    errors: dict[str, str] | None = None,
    is_open: bool = True,
    fixed: frozenset[str] = frozenset(),
) -> list[SheetField]:
    """The fields of a box with what stands in them and what is wrong."""
    return [
        SheetField(
            one,
            answers.get(one.name, ""),
            (errors or {}).get(one.name, ""),
            tuple(choices.get(one.name, ())),
            is_open,
            one.name in fixed,
        )
        for one in box.fields
    ]
