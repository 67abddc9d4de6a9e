"""The open data sets of a season: their rows and their columns, from which the data dictionary is drawn too."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models_registry.models import Season
from models_registry.selectors import KIND_SLUGS, SUBJECT_SLUGS, in_register
from models_registry.selectors.verdicts import SLUGS, standing, with_verdicts
from portal.exports.tables import DataColumn
from portal.selectors.vocabulary import unit_teller, vocabulary
from recognition.selectors import of_season
from reports.figures import usual_day
from reports.selectors import tally

KINDS = {kind.value: slug for slug, kind in KIND_SLUGS.items()}
VERDICTS = {verdict.value: slug for slug, verdict in SLUGS.items()}
SUBJECTS = {kind.value: slug for slug, kind in SUBJECT_SLUGS.items()}
LABEL = "Tên ấy, có điều phân biệt với đơn vị khác cùng tên"


@dataclass(frozen=True)
class DataSet:
    slug: str
    title: str
    words: str
    columns: list[DataColumn]
    rows: Callable[[Season], Iterable[Any]]


def _registrations(season: Season) -> Iterable[Any]:
    rows = in_register(None).filter(season=season).select_related("model", "field", "unit", "place").order_by("pk")
    listed: Iterable[Any] = with_verdicts(rows).iterator(chunk_size=2000)
    told = unit_teller()
    for row in listed:
        row.unit_label = told(row)
        yield row


def _verdict(row: Any) -> str:
    stands = standing(row)
    return VERDICTS[stands.verdict] if stands else ""


def _judged(slug: str, heading: str) -> DataColumn:
    verdict = SLUGS[slug]
    return DataColumn(
        slug.replace("-", "_"), heading, f"Đánh giá cuối năm: {verdict.label.lower()}", lambda line: getattr(line, verdict)
    )


def _figures(season: Season) -> Iterable[Any]:
    return labelled(tally(season, usual_day(season)).units)


def labelled(lines: Iterable[Any]) -> Iterator[Any]:
    """Lines of a tally, each with its unit's `label`: the name, told from that of another unit."""
    marks = vocabulary().marks
    for line in lines:
        line.label = line.unit.name + marks.get(line.unit.unit_id, "")
        yield line


def _recognitions(season: Season) -> Iterable[Any]:
    return of_season(season).iterator(chunk_size=2000)


DATA_SETS = {
    one.slug: one
    for one in (
        DataSet(
            "dang-ky",
            "Đăng ký",
            "Mỗi dòng một đăng ký trong sổ của năm, cả những đăng ký đã rút.",
            [
                DataColumn("so", "Số", "Số của dòng đăng ký, không đổi", lambda r: r.pk, 10),
                DataColumn("mo_hinh", "Mã mô hình", "Phần cuối địa chỉ trang mô hình", lambda r: r.model.slug, 30),
                DataColumn("ten", "Tên mô hình", "Tên trong sổ năm ấy", lambda r: r.title, 60),
                DataColumn("ai_lam", "Tập thể, cá nhân", "Ai thực hiện, như sổ ghi", lambda r: r.subject, 40),
                DataColumn("loai_hinh", "Loại hình", "tap-the, ca-nhan", lambda r: SUBJECTS[r.subject_kind]),
                DataColumn("dang_ky", "Đăng ký", "moi, duy-tri (duy trì, nhân rộng)", lambda r: KINDS[r.kind]),
                DataColumn("linh_vuc", "Lĩnh vực", "Mã lĩnh vực", lambda r: r.field.slug if r.field else ""),
                DataColumn("don_vi", "Mã đơn vị", "Đơn vị lập sổ", lambda r: r.unit.key, 24),
                DataColumn("ten_don_vi", "Đơn vị", "Tên lúc đăng ký", lambda r: r.unit_name, 32),
                DataColumn("nhan_don_vi", "Đơn vị, ghi rõ", LABEL, lambda r: r.unit_label, 40),
                DataColumn(
                    "dia_ban",
                    "Mã địa bàn",
                    "Nơi trực thuộc đơn vị; trống là của chính đơn vị",
                    lambda r: r.place and r.place.key,
                    30,
                ),
                DataColumn("ten_dia_ban", "Địa bàn", "Tên lúc đăng ký", lambda r: r.place_name, 24),
                DataColumn("ngay_dang_ky", "Ngày đăng ký", "Từ ngày này được đếm", lambda r: r.registered_on),
                DataColumn("ngay_rut", "Ngày rút", "Từ ngày này thôi đếm; trống là còn", lambda r: r.withdrawn_on),
                DataColumn("danh_gia", "Đánh giá cuối năm", f"{', '.join(VERDICTS.values())}; trống là chưa", _verdict, 14),
                DataColumn("noi_lam_theo", "Nơi làm theo", "Số nơi đã làm theo mô hình, đến hôm nay", lambda r: r.taken),
            ],
            _registrations,
        ),
        DataSet(
            "so-lieu",
            "Số liệu theo đơn vị",
            "Mỗi dòng một đơn vị, đến hết ngày chốt số liệu của năm; ngày ấy chưa tới thì đến hôm nay.",
            [
                DataColumn("don_vi", "Mã đơn vị", "Đơn vị lập sổ", lambda line: line.unit.unit.key, 24),
                DataColumn("ten_don_vi", "Đơn vị", "Tên vào ngày ấy", lambda line: line.unit.name, 40),
                DataColumn("nhan_don_vi", "Đơn vị, ghi rõ", LABEL, lambda line: line.label, 48),
                DataColumn("dang_ky", "Đăng ký", "moi + duy_tri", lambda line: line.registered),
                DataColumn("moi", "Mới", "Đăng ký mới trong năm", lambda line: line.new),
                DataColumn("duy_tri", "Duy trì", "Duy trì, nhân rộng từ năm trước", lambda line: line.maintained),
                DataColumn("cong_nhan", "Đơn vị công nhận", "Đơn vị đã công nhận", lambda line: line.district_recognised),
                DataColumn("de_nghi", "Đề nghị cấp tỉnh", "Đã đề nghị lên cấp tỉnh", lambda line: line.province_proposed),
                DataColumn(
                    "tinh_cong_nhan", "Cấp tỉnh công nhận", "Cấp tỉnh đã công nhận", lambda line: line.province_recognised
                ),
                *(_judged(slug, str(verdict.label)) for slug, verdict in SLUGS.items()),
                DataColumn("ghi_muc", "Có ghi mức", "Trong số đơn vị công nhận, có ghi mức", lambda line: line.graded.total()),
                DataColumn(
                    "de_nghi_khen", "Đề nghị khen", "Trong số đơn vị công nhận, có đề nghị khen thưởng", lambda line: line.praised
                ),
            ],
            _figures,
        ),
        DataSet(
            "cong-nhan",
            "Công nhận",
            "Mỗi dòng một lần công nhận của một đăng ký trong năm, cả những lần đã hủy.",
            [
                DataColumn("dang_ky", "Số đăng ký", "Như cột so của tệp đăng ký", lambda r: r.registration_id, 12),
                DataColumn("mo_hinh", "Mã mô hình", "Phần cuối địa chỉ trang mô hình", lambda r: r.registration.model.slug, 30),
                DataColumn("ten", "Tên mô hình", "Tên trong sổ năm ấy", lambda r: r.registration.title, 60),
                DataColumn("muc", "Mức", "Mức công nhận", lambda r: r.decision.level_names.honour_name),
                DataColumn(
                    "ghi_them",
                    "Ghi thêm",
                    "Mức ghi thêm trong mức ấy",
                    lambda r: r.standing_grade.name if r.standing_grade else "",
                    16,
                ),
                DataColumn("so_quyet_dinh", "Số quyết định", "Số, ký hiệu", lambda r: r.decision.number, 20),
                DataColumn("co_quan", "Cơ quan", "Cơ quan ban hành", lambda r: r.decision.issuer_name, 40),
                DataColumn("ngay", "Ngày", "Ngày quyết định", lambda r: r.decision.decided_on),
                DataColumn("ngay_huy", "Ngày hủy", "Trống là còn hiệu lực", lambda r: r.revoked_on),
            ],
            _recognitions,
        ),
    )
}
