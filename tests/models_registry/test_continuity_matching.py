"""Which earlier model a maintained registration carries on, clause by clause, and on rows of the registers of 2024 to 2026."""

import csv
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from common.text import compare_key
from models_registry.enums import LinkReason
from models_registry.registers.continuity import Decision, Earlier, Later, Lineage, Stand, bare_title, decide
from models_registry.registers.vocabulary import former_place, names_of_place

ROOT = Path(__file__).parents[2]
DISTRICT, OLD, OTHER, NEW, GRANDPARENT = (
    1,
    2,
    3,
    4,
    5,
)  # a district with two places; the commune that followed both; who OLD followed
LINEAGE = Lineage(
    {DISTRICT: frozenset({DISTRICT}), OLD: frozenset({OLD, GRANDPARENT}), NEW: frozenset({NEW, OLD, OTHER, GRANDPARENT})},
    {OLD: ["xa cu", "cu"], OTHER: ["xa khac", "khac"], NEW: ["phuong moi", "moi"], DISTRICT: ["huyen a", "a"]},
)
HERE = Stand(DISTRICT, OLD)


def earlier(
    model: int, title: str = "Ánh sáng an ninh", doer: str = "Chi bộ thôn 3", place: int | None = OLD, year: int = 2024
) -> Earlier:
    return Earlier(model, model, year, compare_key(title), compare_key(doer), Stand(DISTRICT, place))


def later(pk: int = 1, title: str = "Ánh sáng an ninh", doer: str = "Chi bộ thôn 3", stand: Stand = HERE) -> Later:
    return Later(pk, compare_key(title), compare_key(doer), stand)


def one(row: Later, *known: Earlier) -> Decision:
    return decide([row], known, LINEAGE)[row.pk]


def proposed(decision: Decision) -> list[tuple[int, LinkReason]]:
    assert decision.link is None
    return [(proposal.earlier.model, proposal.reason) for proposal in decision.proposals]


@pytest.mark.parametrize(
    "title, doer",
    [
        ("Ánh sáng an ninh", "Chi bộ thôn 3"),
        ("  ÁNH  SÁNG an ninh ", "chi bộ Thôn 3"),
        ("“Ánh sáng an ninh”", "Chi bộ thôn 3."),
        (unicodedata.normalize("NFD", "Ánh sáng an ninh"), unicodedata.normalize("NFD", "Chi bộ thôn 3")),
    ],
)
def test_one_plain_match_links_by_itself(title: str, doer: str) -> None:
    link = one(later(title=title, doer=doer), earlier(7), earlier(8, "Tiếng kẻng an ninh")).link
    assert link is not None and link.model == 7


@pytest.mark.parametrize(
    "doer, old", [("UBND phường Mới", "UBND xã Cũ"), ("Bí thư Chi bộ thôn 1, phường Mới", "Bí thư Chi bộ thôn 1, xã Cũ")]
)
def test_a_doer_named_after_the_unit_that_took_over_is_the_same(doer: str, old: str) -> None:
    link = one(later(doer=doer, stand=Stand(NEW)), earlier(7, doer=old)).link
    assert link is not None and link.model == 7
    assert proposed(one(later(doer=doer), earlier(7, doer=old))) == [(7, LinkReason.DOER)]  # nobody took anything over


def test_a_doer_still_named_after_the_unit_before_the_last_merger_is_the_same() -> None:
    names = {**LINEAGE.names, GRANDPARENT: ["xa xua", "xua"]}
    lineage = Lineage(LINEAGE.followed, names)
    row, known = later(doer="UBND phường Mới", stand=Stand(NEW)), earlier(7, doer="UBND xã Xưa")
    assert decide([row], [known], lineage)[1].link == known
    other = earlier(8, doer="UBND xã Khác")  # of which nothing went into the place that it stands at
    assert proposed(decide([row], [other], lineage)[1]) == [(8, LinkReason.DOER)]


def test_a_doer_named_after_the_new_name_of_a_unit_that_was_renamed_is_the_same() -> None:
    names = {**LINEAGE.names, OLD: ["xa cu", "cu", "phuong doi ten", "doi ten"]}
    row, known = later(doer="UBND phường Đổi Tên"), earlier(7, doer="UBND xã Cũ")
    assert decide([row], [known], Lineage(LINEAGE.followed, names, renamed=frozenset({OLD})))[1].link == known
    assert proposed(decide([row], [known], Lineage(LINEAGE.followed, names))[1]) == [(7, LinkReason.DOER)]


@pytest.mark.parametrize("place", [OLD, OTHER, GRANDPARENT])
def test_a_place_that_went_into_the_unit_in_whatever_depth_is_searched(place: int) -> None:
    link = one(later(stand=Stand(NEW)), earlier(7, place=place)).link
    assert link is not None and link.model == 7


def test_two_that_fit_equally_are_both_proposed() -> None:
    decision = one(later(stand=Stand(NEW)), earlier(7, place=OLD), earlier(8, place=OTHER))
    assert proposed(decision) == [(7, LinkReason.EQUAL), (8, LinkReason.EQUAL)]


def test_the_former_place_in_the_words_tells_two_apart() -> None:
    link = one(later(stand=Stand(NEW, None, OTHER)), earlier(7, place=OLD), earlier(8, place=OTHER)).link
    assert link is not None and link.model == 8


def test_two_in_the_words_of_one_former_place_are_both_proposed_whoever_registered_them() -> None:
    """The district registered one at the place, its heir the other, in the words of the same place."""
    heirs = Earlier(8, 8, 2024, compare_key("Ánh sáng an ninh"), compare_key("Chi bộ thôn 3"), Stand(NEW, None, OLD))
    row = later(stand=Stand(NEW, None, OLD))
    assert proposed(one(row, earlier(7), heirs)) == [(7, LinkReason.EQUAL), (8, LinkReason.EQUAL)]
    assert one(row, heirs).link == heirs
    assert proposed(one(later(stand=Stand(NEW, None, OTHER)), heirs)) == []
    assert one(later(stand=Stand(NEW)), heirs).link == heirs


def test_what_stood_last_year_goes_before_what_had_lapsed() -> None:
    link = one(later(), earlier(7, year=2022), earlier(8, year=2024)).link
    assert link is not None and link.model == 8


def test_what_had_lapsed_is_linked_at_the_same_place_and_asked_about_elsewhere() -> None:
    kept_since = Lineage(LINEAGE.followed, LINEAGE.names, {DISTRICT: 2025})
    assert decide([later()], [earlier(7)], kept_since)[1].link == earlier(7)
    assert proposed(decide([later(stand=Stand(NEW))], [earlier(7)], kept_since)[1]) == [(7, LinkReason.EQUAL)]


def test_two_rows_that_fit_one_model_link_neither() -> None:
    rows = [later(1, stand=Stand(NEW)), later(2, stand=Stand(NEW))]
    decisions = decide(rows, [earlier(7)], LINEAGE)
    assert [proposed(decisions[row.pk]) for row in rows] == [[(7, LinkReason.EQUAL)]] * 2


def test_a_row_that_fits_better_takes_the_model_and_the_other_gets_what_is_left() -> None:
    rows = [later(1, stand=Stand(NEW)), later(2, stand=Stand(NEW, None, OLD))]
    decisions = decide(rows, [earlier(7, place=OLD), earlier(8, place=OTHER)], LINEAGE)
    links = [decisions[row.pk].link for row in rows]
    assert [link and link.model for link in links] == [8, 7]


@pytest.mark.parametrize(
    "title",
    [
        "Ánh sáng an ninh (giai đoạn 2)",
        "Ánh sáng an ninh giai đoạn 2026 - 2030",
        "Ánh sáng an ninh - tiếp tục duy trì",
        "Ánh sáng an ninh (năm thứ hai) - duy trì và nhân rộng",
        "Duy trì mô hình Ánh sáng an ninh",
        "Ánh sáng an ninh năm 2024",
    ],
)
def test_a_title_with_what_says_that_it_goes_on_is_proposed(title: str) -> None:
    assert proposed(one(later(title=title), earlier(7))) == [(7, LinkReason.SUFFIX)]


@pytest.mark.parametrize("title", ["Duy trì", "Năm 2024", "Tiếp tục nhân rộng", "Giai đoạn 2", "Mô hình mới"])
def test_a_title_is_never_stripped_to_nothing(title: str) -> None:
    assert bare_title(compare_key(title))


@pytest.mark.parametrize(
    "title", ["Ánh sáng an ninh trên địa bàn", "Thắp ánh sáng an ninh", "Đường có ánh sáng an ninh", "Ánh sáng an"]
)
def test_a_reworded_title_of_the_same_doer_is_proposed(title: str) -> None:
    assert proposed(one(later(title=title), earlier(7))) == [(7, LinkReason.WORDING)]
    assert proposed(one(later(title=title, doer="UBND xã"), earlier(7))) == []


def test_another_doer_of_the_same_title_and_place_is_proposed_and_of_another_place_is_not() -> None:
    assert proposed(one(later(doer="Hội Nông dân"), earlier(7), earlier(8, place=OTHER))) == [(7, LinkReason.DOER)]


def test_the_same_doer_elsewhere_is_no_link() -> None:
    assert proposed(one(later(), earlier(8, place=OTHER))) == []


def test_what_an_ended_district_registered_without_a_place_is_proposed_not_linked() -> None:
    assert proposed(one(later(stand=Stand(NEW)), earlier(7, place=None))) == [(7, LinkReason.PLACE)]


def test_no_doer_is_no_same_doer() -> None:
    assert proposed(one(later(doer=""), earlier(7, doer=""))) == [(7, LinkReason.DOER)]


def test_at_most_three_are_proposed_best_first() -> None:
    known = [earlier(n, doer=f"Chi hội {n}") for n in range(3, 8)] + [earlier(9, "Ánh sáng an ninh, trật tự", "Chi hội 1")]
    decision = one(later(doer="Chi hội 5, xóm trên"), *known)
    assert len(decision.proposals) == 3
    assert decision.proposals[0].earlier.model == 5
    assert [it.score for it in decision.proposals] == sorted((it.score for it in decision.proposals), reverse=True)


def test_what_another_row_claims_with_more_right_comes_last() -> None:
    known = [earlier(n, doer=f"Tổ {n}") for n in range(3, 7)]
    rows = [later(1, doer="Đảng ủy"), later(2, "Ánh sáng an ninh (đợt 2)", "Tổ 3")]
    assert 3 not in [model for model, _ in proposed(decide(rows, known, LINEAGE)[1])]


@pytest.mark.parametrize(
    "words, found",
    [
        ("Thôn 9 (Xã Hàm Chính cũ)", 2),
        ("Khu phố 3, xã Hàm Chính", 2),
        ("Xã Tân Lập cũ", 3),
        ("Thôn 1, xã Tân Lập", None),
        ("Thôn 1", None),
        ("Xã Hàm Chính cũ và xã Tân Lập cũ", None),
    ],
)
def test_the_former_place_is_read_from_the_words(words: str, found: int | None) -> None:
    assert former_place(words, [(2, ["Xã Hàm Chính"]), (3, ["Xã Tân Lập"])], ["Xã Tân Lập"]) == found


def test_twelve_hundred_rows_against_a_hundred_thousand_models_take_no_time() -> None:
    words = ["tổ tự quản", "ánh sáng an ninh", "nuôi bò vỗ béo", "thắp sáng đường quê", "phân loại rác", "chính quyền thân thiện"]
    known = [
        Earlier(n, n, 2024, compare_key(f"{words[n % 6]} số {n // 40}"), f"chi bo thon {n % 90}", Stand(DISTRICT, 10 + n % 20))
        for n in range(100_000)
    ]
    rows = [
        Later(n, f"{it.title} giai doan 2" if n % 3 else it.title, it.doer, it.spot)
        for n, it in enumerate(known[:: 100_000 // 1200])
    ]
    begun = process_time()
    decisions = decide(rows, known, LINEAGE)
    assert process_time() - begun < 2
    assert all(decision.link or decision.proposals for decision in decisions.values())


def _history() -> tuple[dict[str, int], Lineage, dict[int, list[str]]]:
    """Unit ids by key, their lineage, and the names of places."""
    with (ROOT / "demo/units.csv").open(encoding="utf-8-sig") as file:
        units = list(csv.DictReader(file))
    ids = {row["key"]: n for n, row in enumerate(units, start=1)}
    followed = {pk: {pk} for pk in ids.values()}
    with (ROOT / "demo/unit_successions.csv").open(encoding="utf-8-sig") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: date.fromisoformat(row["effective_on"])):
            followed[ids[row["successor"]]] |= followed[ids[row["predecessor"]]]
    places = {ids[row["key"]]: [row["place"]] for row in units}
    names = {pk: sorted(names_of_place(*told), key=len, reverse=True) for pk, told in places.items()}
    return ids, Lineage({pk: frozenset(past) for pk, past in followed.items()}, names), places


def test_rows_of_real_registers_are_linked_and_proposed_as_they_should_be() -> None:
    """Each row beside its true origin, the origins of all others and what else those units had."""
    ids, lineage, places = _history()
    below = {(key.rpartition("/")[0], compare_key(places[pk][0])): pk for key, pk in ids.items()}
    with (ROOT / "tests/data/lineage.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known: dict[str, list[Earlier]] = {}
    found: Counter[tuple[str, str]] = Counter()
    for n, row in enumerate(rows):
        if row["origin_season"]:
            place = below.get((row["origin_unit"], compare_key(row["origin_place"])))
            origin = Earlier(
                n,
                n,
                int(row["origin_season"]),
                compare_key(row["origin_title"]),
                compare_key(row["origin_subject"]),
                Stand(ids[row["origin_unit"]], place),
            )
            known.setdefault(row["season"], []).append(origin)
    for season, earlier_ones in known.items():
        for unit in {row["unit"] for row in rows if row["season"] == season}:
            past = lineage.past(ids[unit])
            mine = [(n, row) for n, row in enumerate(rows) if (row["season"], row["unit"]) == (season, unit)]
            former = [(pk, places[pk]) for pk in past if pk != ids[unit]]
            asked = [
                Later(
                    n,
                    compare_key(row["title"]),
                    compare_key(row["subject"]),
                    Stand(
                        ids[unit],
                        below.get((unit, compare_key(row["place"]))),
                        former_place(row["place"], former, places[ids[unit]]),
                    ),
                )
                for n, row in mine
            ]
            near = [it for it in earlier_ones if it.spot.unit in past or it.spot.place in past]
            for pk, decision in decide(asked, near, lineage).items():
                how = "auto" if decision.link else "proposed" if decision.proposals else "nothing"
                models = [decision.link.model] if decision.link else [it.earlier.model for it in decision.proposals]
                right = pk in models if rows[pk]["how"] != "none" else not decision.link
                found[rows[pk]["how"], how if right else f"{how} wrong"] += 1
    assert {(how, what) for how, what in found if how in ("exact", "folded", "heir")} == {
        ("exact", "auto"),
        ("folded", "auto"),
        ("heir", "auto"),
    }
    assert {(how, what) for how, what in found if how in ("wording", "suffix", "subject")} == {
        ("wording", "proposed"),
        ("suffix", "proposed"),
        ("subject", "proposed"),
    }
    assert {what for how, what in found if how == "none"} <= {"nothing", "proposed"}
