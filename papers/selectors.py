"""Reads of papers: the letterhead of a day, the next number, the Word file in force."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q, QuerySet

from common.addresses import link_to
from common.dates import today
from organisation.models import Reader, Unit
from organisation.naming import in_force, names
from organisation.permissions import stands_in_for, units_where
from organisation.roles import May
from organisation.selectors.units import unit_on
from organisation.setting_up import Step, highest_units, step_of_setting_up
from organisation.tree import unit_tree
from papers.enums import Layout
from papers.models import FormRecord, Letterhead, PaperNumber, PaperTemplate
from papers.permissions import body_headed_by


def letterheads_visible_to(user: Reader) -> QuerySet[Letterhead]:
    """All versions of the letterheads that the user may write, newest first."""
    bodies = units_where(user, May.KEEP_PAPERS) | stands_in_for(user, May.KEEP_PAPERS)
    return Letterhead.objects.filter(unit__in=bodies).order_by("suffix", "-valid_from")


def letterheads_on(unit: Unit, day: date) -> list[Letterhead]:
    """The letterheads of a unit's bodies as they were on a day, one for each suffix; before its first day the first one. The
    body that was declared first comes first.
    """
    found: dict[str, Letterhead] = {}
    there = list(Letterhead.objects.filter(unit=unit).order_by("valid_from"))
    first: dict[str, int] = {}
    for one in there:
        first[one.suffix] = min(first.get(one.suffix, one.pk), one.pk)
    for one in sorted(there, key=lambda one: (first[one.suffix], one.valid_from)):
        if one.suffix not in found or one.valid_from <= day:
            found[one.suffix] = one
    return list(found.values())


def head_of(unit: Unit, day: date, suffix: str = "") -> Letterhead:
    """The unit's letterhead on a day: the one with the suffix, else that of its first body. Without any, its name over empty
    lines, so that a paper can be made and signed by hand.
    """
    found = letterheads_on(unit, day)
    if found:
        return next((one for one in found if one.suffix == suffix), found[0])
    version = unit_on(unit, day)
    parent = unit_on(version.parent, day).name if version.parent else ""
    return Letterhead(
        unit=unit,
        suffix="...",
        body_name=version.name,
        superior_name=parent,
        place=version.short_name,
        signer_title="",
        signer_name="",
        recipients="Như trên\nLưu",
        valid_from=day,
    )


def first_head(unit: Unit, day: date) -> dict[str, str]:
    """What the form for a unit's first letterhead begins with: for the province's committee, its advising board."""
    plain, record = head_of(unit, day), in_force(names().provinces, day)
    if record is None or record.committee != plain.body_name:
        return {"body_name": plain.body_name, "superior_name": plain.superior_name, "place": plain.place}
    board = record.board.removesuffix(record.committee).strip()
    return {"suffix": record.board_symbol, "body_name": board, "superior_name": record.committee, "place": record.name}


def letterhead_on(unit: Unit, suffix: str, day: date) -> Letterhead | None:
    return next((one for one in letterheads_on(unit, day) if one.suffix == suffix), None)


def term_of(letterhead: Letterhead, day: date) -> str:
    """In what numbers run: the Party's by term, the State's by year."""
    return str(day.year) if letterhead.layout == Layout.STATE else letterhead.term


def term_on(letterhead: Letterhead, day: date) -> str:
    """The term of the body of a letterhead on another day: that of its version of that day."""
    there = letterhead_on(letterhead.unit, letterhead.suffix, day) or letterhead
    return term_of(there, day)


def next_number(letterhead: Letterhead, symbol: str, term: str) -> int:
    given = PaperNumber.objects.filter(unit=letterhead.unit_id, suffix=letterhead.suffix, symbol=symbol, term=term)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


def template_of(unit: Unit, form: str) -> PaperTemplate | None:
    """The Word file that an office wrote for a form, where it did."""
    return PaperTemplate.objects.filter(unit=unit, form=form, replaced_at__isnull=True).first()


def templates_visible_to(user: Reader) -> QuerySet[PaperTemplate]:
    return PaperTemplate.objects.filter(unit__in=units_where(user, May.KEEP_PAPERS))


def templates_in_force(user: Reader) -> QuerySet[PaperTemplate]:
    return templates_visible_to(user).filter(replaced_at__isnull=True)


def forms_visible_to(user: Reader) -> QuerySet[FormRecord]:
    """The prescribed forms of the user's own bodies and of those above them, whose forms they follow."""
    held = units_where(user, May.SEE_BOARD) | units_where(user, May.KEEP_PAPERS)
    tree = unit_tree()
    reach = {above for pk in held for above in tree.line_then(pk, today())}
    return FormRecord.objects.filter(unit__in=reach).select_related("unit", "replaced_by").order_by("form", "-valid_from", "pk")


def form_on(unit: Unit, form: str, day: date) -> FormRecord | None:
    """The form that was prescribed for a paper on a day: by the body itself, else by the nearest one above it."""
    line = unit_tree().line_then(unit.pk, day)
    there = FormRecord.objects.filter(unit__in=line, form=form, valid_from__lte=day).filter(
        Q(valid_to=None) | Q(valid_to__gte=day)
    )
    return min(there, key=lambda one: line.index(one.unit_id), default=None)


@step_of_setting_up
def letterheads_to_set_up(user: Reader) -> Iterable[Step]:
    bodies = highest_units(today())
    heads = Letterhead.objects.filter(unit__in=[version.unit_id for version in bodies])
    without = [version.name for version in bodies if version.unit_id not in {head.unit_id for head in heads}]
    yield Step(
        60,
        "Thể thức giấy tờ",
        "Tên cơ quan, ký hiệu, người ký, nhiệm kỳ: tờ trình, biên bản, quyết định lấy theo.",
        lacks="" if heads and not without else f"Chưa khai thể thức của {', '.join(without) or 'cơ quan chủ quản'}.",
        has=", ".join(head.body_name for head in heads),
        does="Xem thể thức" if heads else "Khai thể thức",
        href=link_to("papers:home") if body_headed_by(user) else None,
        who="Chuyên viên giữ giấy tờ của cơ quan chủ quản làm việc này",
    )
