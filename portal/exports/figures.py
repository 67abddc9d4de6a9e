"""The tables of the figures page as files: each with its columns, for CSV and Excel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.exports.datasets import DATA_SETS, labelled
from portal.exports.tables import DataColumn
from portal.selectors.years import YearLine
from reports.selectors import Tally


@dataclass(frozen=True)
class Table:
    slug: str
    title: str
    columns: list[DataColumn]
    rows: Iterable[Any]
    adds_up: bool = False
    """Whether the sum of its rows says something: years do not, nor do themes, of which a model may serve several."""


_YEARS = [
    DataColumn("nam", "Năm", "Năm thi đua", lambda year: year.season.year),
    DataColumn("den_ngay", "Đến ngày", "Ngày chốt số liệu của năm ấy", lambda year: year.counted.as_of),
    DataColumn("dang_ky", "Đăng ký", "moi + duy_tri", lambda year: year.counted.registered),
    DataColumn("moi", "Mới", "Đăng ký mới", lambda year: year.counted.new),
    DataColumn("duy_tri", "Duy trì, nhân rộng", "Từ năm trước", lambda year: year.counted.maintained),
    DataColumn("cong_nhan", "Đơn vị công nhận", "Đơn vị công nhận", lambda year: year.counted.district_recognised),
    DataColumn("de_nghi", "Đề nghị cấp tỉnh", "Đề nghị lên cấp tỉnh", lambda year: year.counted.province_proposed),
    DataColumn("den_ngay_cuoi", "Cột sau đến ngày", "Ngày cuối của năm", lambda year: year.final.as_of),
    DataColumn("tinh_cong_nhan", "Cấp tỉnh công nhận", "Cấp tỉnh công nhận", lambda year: year.final.province_recognised),
    DataColumn("trung_uong", "Giới thiệu Trung ương", "Giới thiệu Trung ương", lambda year: year.final.central_introduced),
]


def tables(found: Tally, years: list[YearLine]) -> dict[str, Table]:
    """The tables of the page, by their names in addresses."""
    listed = (
        Table("don-vi", "Theo đơn vị", DATA_SETS["so-lieu"].columns, labelled(found.units)),
        Table("linh-vuc", "Theo lĩnh vực", _named("linh_vuc", "Lĩnh vực"), list(found.by_field.items()), adds_up=True),
        Table("chu-de", "Theo chủ đề", _named("chu_de", "Chủ đề"), [(label, number) for _, label, number in found.themes]),
        Table("nam", "Qua các năm", _YEARS, years),
    )
    return {table.slug: table for table in listed}


def _named(name: str, heading: str) -> list[DataColumn]:
    return [
        DataColumn(name, heading, heading, lambda row: row[0], 40),
        DataColumn("dang_ky", "Đăng ký", "Số đăng ký", lambda row: row[1]),
    ]
