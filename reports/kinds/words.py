"""The sentences of reports, as a board would write them. Figures stand in braces, so that an officer may change the words and
never a number. `values_of` says what each brace holds, `links_of` what it opens.
"""

from common.dates import read_day, write_day
from common.numbers import write_number
from reports.kinds.base import Facts, UnitFacts

LISTED = 6  # so many units a sentence names; of more it says how many, and the annex names them
ANNEX = "danh sách ở Phụ lục"

LINKS = {
    "dang_ky": "dang-ky",
    "moi": "moi",
    "duy_tri": "duy-tri",
    "tap_the": "tap-the",
    "ca_nhan": "ca-nhan",
    "cong_nhan": "cap-huyen",
    "de_nghi": "de-nghi",
    "cap_tinh": "cap-tinh",
    "cap_tinh_tap_the": "cap-tinh-tap-the",
    "cap_tinh_ca_nhan": "cap-tinh-ca-nhan",
    "trung_uong": "trung-uong",
    "hieu_qua": "hieu-qua",
    "can_cung_co": "can-cung-co",
    "tam_dung": "tam-dung",
    "ket_thuc": "ket-thuc",
}


COUNTED = ("cong_nhan", "de_nghi", "dang_ky")  # of units: how many did, how many did not


def links_of(facts: Facts) -> dict[str, str]:
    """What the number in each brace opens: a figure's rows, of them those that came in the span ('trong-ky/'), those of the year
    before ('nam-truoc/') and those that are compared with it ('so-sanh/'), places and campaigns ('nhan-rong/'), or a part of the report's page ('#').
    """
    found = LINKS | {f"moi_{brace}": f"trong-ky/{figure}" for brace, figure in LINKS.items() if figure in facts.arrived}
    if facts.before:
        found |= {f"{part}_{brace}": f"nam-truoc/{figure}" for brace, figure in LINKS.items() for part in ("truoc", "lech")}
        found |= {f"nay_{brace}": f"so-sanh/{figure}" for brace, figure in LINKS.items()} if facts.before.units else {}
    found |= dict.fromkeys(("so_don_vi", *(f"don_vi_{brace}" for brace in COUNTED)), "#theo-don-vi")
    found |= {f"het_{brace}": "#theo-don-vi" for brace in COUNTED if len(ended_with(facts, LINKS[brace])) > LISTED}
    found |= {f"chua_{brace}": "#phu-luc" for brace in COUNTED if len(without(facts, LINKS[brace])) > LISTED}
    return found | {name: f"nhan-rong/{name.replace('_', '-')}" for name in ("chien_dich", "noi_lam", "noi_lam_moi")}


def values_of(facts: Facts) -> dict[str, str]:
    """What stands in each brace."""
    day = read_day(facts.as_of)
    assert day
    found = {brace: write_number(facts.numbers[figure]) for brace, figure in LINKS.items() if figure in facts.numbers}
    found |= {f"moi_{brace}": write_number(facts.arrived[figure]) for brace, figure in LINKS.items() if figure in facts.arrived}
    found |= {
        "ngay": write_day(day),
        "nam": str(facts.season),
        "nam_truoc": str(facts.season - 1),
        "ky": facts.label,
        "noi": f"toàn {facts.head}" if facts.whole else facts.short,
        "tinh": facts.head,
        "cap": facts.own_level,
        "so_don_vi": write_number(len(facts.reporting)),
        "don_vi_cong_nhan": _share(facts, "cap-huyen"),
        "don_vi_de_nghi": _share(facts, "de-nghi"),
        "don_vi_dang_ky": _share(facts, "dang-ky"),
        "chua_dang_ky": _missing_names(without(facts, "dang-ky")),
        "chua_cong_nhan": _missing_names(without(facts, "cap-huyen")),
        "chua_de_nghi": _missing_names(without(facts, "de-nghi")),
        "da_cong_nhan": _names(those_with(facts, "cap-huyen")),
        "da_de_nghi": _names(those_with(facts, "de-nghi")),
        "het_cong_nhan": _called(ended_with(facts, "cap-huyen")),
        "het_de_nghi": _called(ended_with(facts, "de-nghi")),
        "linh_vuc": "; ".join(f"{name.lower()} {write_number(number)}" for name, number in facts.fields.items()),
        "chien_dich": write_number(facts.spread.campaigns),
        "noi_lam": write_number(facts.spread.places),
        "noi_lam_moi": write_number(facts.spread.new_places),
    }
    if facts.before:
        now, then = facts.compared, facts.before.numbers
        both = {brace: figure for brace, figure in LINKS.items() if figure in now and figure in then}
        found |= {f"truoc_{brace}": write_number(then[figure]) for brace, figure in both.items()}
        found |= {f"lech_{brace}": write_number(abs(now[figure] - then[figure])) for brace, figure in both.items()}
        if facts.before.units:
            found |= {f"nay_{brace}": write_number(now[figure]) for brace, figure in both.items()}
            found["don_vi_so_sanh"] = write_number(sum(one.key in facts.before.units for one in facts.reporting))
            found["noi_so_sanh"] = ", ".join(facts.before.areas)
    return found


def those_with(facts: Facts, figure: str) -> list[UnitFacts]:
    return [one for one in facts.reporting if one.numbers.get(figure)]


def without(facts: Facts, figure: str) -> list[UnitFacts]:
    return [one for one in facts.reporting if not one.numbers.get(figure)]


def ended_with(facts: Facts, figure: str) -> list[UnitFacts]:
    """Units that no longer report on the day, whose models still count."""
    return [one for one in facts.units if not one.reports and one.numbers.get(figure)]


def _called(units: list[UnitFacts]) -> str:
    """Their names while they are few, else how many."""
    return _names(units) if len(units) <= LISTED else f"{len(units)} đơn vị"


def _missing_names(units: list[UnitFacts]) -> str:
    return _names(units) if len(units) <= LISTED else f"{len(units)} đơn vị ({ANNEX})"


def _names(units: list[UnitFacts]) -> str:
    return ", ".join(one.short for one in units)


def _share(facts: Facts, figure: str) -> str:
    return f"{len(those_with(facts, figure))}/{len(facts.reporting)}"


def _units(facts: Facts, figure: str, verb: str, brace: str) -> str:
    """'13/14 đơn vị (trừ Đức Linh) đề nghị 39': none, all, a few missing, more missing than there. What units did that ended
    before the day counts too, and is told.
    """
    have, lack = len(those_with(facts, figure)), len(without(facts, figure))
    share, missing, there = f"don_vi_{brace}", f"chua_{brace}", f"da_{brace}"
    if not facts.whole:
        return f"{verb} {{{brace}}} mô hình" if facts.numbers[figure] else f"chưa {verb} mô hình nào"
    gone = ended_with(facts, figure)
    if not have:
        none = f"chưa đơn vị nào {verb} mô hình"
        return f"{{het_{brace}}} {verb} {{{brace}}} mô hình trước khi kết thúc hoạt động, từ đó {none}" if gone else none
    also = f", kể cả phần của {{het_{brace}}} trước khi kết thúc hoạt động" if gone else ""
    if lack and lack <= LISTED:
        said = f"{{{share}}} đơn vị (trừ {{{missing}}}) {verb} {{{brace}}}"
    elif lack and have <= LISTED:
        said = f"mới có {{{share}}} đơn vị ({{{there}}}) {verb} {{{brace}}}"
    else:
        said = f"{{{share}}} đơn vị {verb} {{{brace}}}"
    return said + also


def _recognising(facts: Facts) -> str:
    return _units(facts, "cap-huyen", "công nhận", "cong_nhan") + _of_grades(facts)


def _of_grades(facts: Facts) -> str:
    """', trong đó 55 mô hình tiêu biểu (29 tập thể, 26 cá nhân); đề nghị khen thưởng 18 mô hình'."""
    named = [
        f"{write_number(number)} mô hình {name} ({write_number(many)} tập thể, {write_number(one)} cá nhân)"
        for name, number, many, one in facts.grades
    ]
    praised = facts.numbers.get("de-nghi-khen", 0)
    said = f", trong đó {', '.join(named)}" if named else ""
    return said + (f"; đề nghị khen thưởng {write_number(praised)} mô hình" if praised else "")


def _proposing(facts: Facts) -> str:
    return _units(facts, "de-nghi", "đề nghị", "de_nghi")


def tally(facts: Facts) -> str:
    """The paragraph of the tally: registered, of them new and maintained; who recognised; who proposed; by the province."""
    if not facts.numbers["dang-ky"]:
        return "Tính đến ngày {ngay}, {noi} chưa có mô hình nào được đăng ký" + (" ở {cap}." if facts.whole else ".")
    new, kept = facts.numbers["moi"], facts.numbers["duy-tri"]
    parts = "trong đó đăng ký năm {nam} là {moi}, tiếp tục duy trì và nhân rộng từ năm {nam_truoc} là {duy_tri}"
    if not kept:
        parts = "đều là đăng ký mới trong năm {nam}"
    elif not new:
        parts = "đều là mô hình tiếp tục duy trì và nhân rộng từ năm {nam_truoc}"
    level = " ở {cap}" if facts.whole else ""
    return (
        f"Tính đến ngày {{ngay}}, {{noi}} có {{dang_ky}} mô hình được đăng ký{level}, {parts}; "
        f"{_recognising(facts)}; {_proposing(facts)}."
    )


def _missing(facts: Facts) -> list[tuple[str, str, list[UnitFacts]]]:
    """(what is missing, brace, who) of what the paragraph of the tally could not name."""
    found = []
    for figure, verb, brace in (
        ("dang-ky", "đăng ký", "chua_dang_ky"),
        ("cap-huyen", "công nhận", "chua_cong_nhan"),
        ("de-nghi", "đề nghị", "chua_de_nghi"),
    ):
        have, lack = those_with(facts, figure), without(facts, figure)
        named_above = figure != "dang-ky" and (len(lack) <= LISTED or len(have) <= LISTED)
        if facts.whole and lack and not (named_above or not have):
            found.append((verb, brace, lack))
    return found


def missing(facts: Facts) -> str:
    """Who has not registered, recognised, proposed: in sentences of their own where the paragraph could not name them."""
    return "\n".join(f"Chưa {verb}: {{{brace}}}." for verb, brace, _lack in _missing(facts))


def annexes(facts: Facts) -> list[tuple[str, list[UnitFacts]]]:
    """(title, units) of those that `missing` only counts."""
    return [(f"{len(lack)} đơn vị chưa {verb}", lack) for verb, _brace, lack in _missing(facts) if len(lack) > LISTED]


def by_field(facts: Facts) -> str:
    if not facts.numbers["dang-ky"]:
        return ""
    one, many = facts.numbers["ca-nhan"], facts.numbers["tap-the"]
    who = "của tập thể {tap_the}, của cá nhân {ca_nhan}"
    if not one:
        who = "đều của tập thể"
    elif not many:
        who = "đều của cá nhân"
    return f"Theo lĩnh vực: {{linh_vuc}}. Theo người thực hiện: {who}."


def honours(facts: Facts) -> str:
    """What the province recognised and introduced: of all, or of the unit's own."""
    found, central = facts.numbers["cap-tinh"], facts.numbers["trung-uong"]
    if not found:
        none = "Cấp tỉnh chưa công nhận mô hình nào trong năm {nam}."
        return none if facts.whole else "{noi} chưa có mô hình nào được {tinh} công nhận trong năm {nam}."
    parts = "({cap_tinh_tap_the} tập thể, {cap_tinh_ca_nhan} cá nhân)"
    if not facts.numbers["cap-tinh-ca-nhan"]:
        parts = "(đều của tập thể)"
    elif not facts.numbers["cap-tinh-tap-the"]:
        parts = "(đều của cá nhân)"
    if not facts.whole:
        more = "; {trung_uong} mô hình được giới thiệu với Trung ương" if central else ""
        return f"{{noi}} có {{cap_tinh}} mô hình được {{tinh}} công nhận {parts}{more}."
    more = "; giới thiệu {trung_uong} mô hình với Trung ương" if central else ""
    return f"Cấp tỉnh công nhận {{cap_tinh}} mô hình {parts}{more}."


def verdicts(facts: Facts) -> str:
    """How many of what is registered is effective, as provinces publish it; nothing while nothing was judged."""
    told = [
        (facts.numbers.get("can-cung-co"), "{can_cung_co} cần củng cố"),
        (facts.numbers.get("tam-dung"), "{tam_dung} tạm dừng"),
        (facts.numbers.get("ket-thuc"), "{ket_thuc} kết thúc"),
    ]
    others = [words for number, words in told if number]
    if not others and not facts.numbers.get("hieu-qua"):
        return ""
    said = "Đánh giá cuối năm: {hieu_qua}/{dang_ky} mô hình hiệu quả"
    return f"{said}; {', '.join(others)}." if others else f"{said}."


def span(facts: Facts) -> str:
    """What came in the span alone."""
    came = facts.arrived
    if not any(came.get(figure) for figure in ("dang-ky", "cap-huyen", "de-nghi", "cap-tinh")):
        return "Trong {ky}, {noi} không có đăng ký, công nhận, đề nghị nào mới."
    said = []
    for figure, words in (
        ("dang-ky", "đăng ký thêm {moi_dang_ky} mô hình"),
        ("cap-huyen", "công nhận {moi_cong_nhan} mô hình ở {cap}"),
        ("de-nghi", "đề nghị {tinh} xét {moi_de_nghi} mô hình"),
        ("cap-tinh", "được {tinh} công nhận {moi_cap_tinh} mô hình"),
    ):
        if came.get(figure):
            said.append(words)
    return f"Trong {{ky}}, {{noi}} {', '.join(said)}."


def of_some(facts: Facts) -> str:
    """Why only some units are compared with the year before; empty where all are."""
    if facts.before is None or not facts.before.units:
        return ""
    return "Năm {nam_truoc} cổng chỉ có nơi nay là {don_vi_so_sanh} đơn vị ({noi_so_sanh}), nên chỉ so các đơn vị này."


def compared(facts: Facts) -> str:
    """Beside the same day of the year before."""
    if facts.before is None:
        return "Chưa có số liệu năm {nam_truoc} trên cổng để so sánh."
    now, then = facts.compared["dang-ky"], facts.before.numbers["dang-ky"]
    if not then:
        return "Cùng kỳ năm {nam_truoc} chưa có mô hình nào được đăng ký."
    if said := of_some(facts):
        step = "bằng" if now == then else f"{'tăng' if now > then else 'giảm'} {{lech_dang_ky}} so với"
        more = f"Các đơn vị này đăng ký {{nay_dang_ky}} mô hình, {step} cùng kỳ năm {{nam_truoc}} ({{truoc_dang_ky}} mô hình)."
        return f"{said} {more}"
    if now == then:
        return "Số đăng ký bằng cùng kỳ năm {nam_truoc} ({truoc_dang_ky} mô hình)."
    words = "tăng" if now > then else "giảm"
    return f"So với cùng kỳ năm {{nam_truoc}} ({{truoc_dang_ky}} mô hình), số đăng ký {words} {{lech_dang_ky}}."


def spread(facts: Facts) -> str:
    of = facts.spread
    if not of.campaigns and not of.places:
        return "Chưa ghi nơi nào nhân rộng mô hình."
    places = "chưa nơi nào làm theo"
    if of.places:
        more = "thêm {noi_lam_moi} nơi" if of.new_places else "không thêm nơi nào"
        places = f"{{noi_lam}} nơi làm theo các mô hình, trong kỳ {more}"
    return f"Có {{chien_dich}} chiến dịch nhân rộng; {places}." if of.campaigns else f"Có {places}."
