"""The read-only API of version 1: what the public pages show, as JSON. Its schema is drawn from here (`/api/v1/schema/`)."""

import re
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.cache import patch_cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from common.dates import read_day, today
from models_registry import selectors as registry
from models_registry.selectors import KIND_SLUGS, SUBJECT_SLUGS
from models_registry.selectors.verdicts import SLUGS, standing
from organisation.grouping import told_apart
from organisation.models import UnitVersion
from organisation.selectors.units import all_units, unit_keyed
from organisation.tree import unit_tree
from portal.selectors import opened
from portal.selectors.vocabulary import honour_slugs, unit_teller, vocabulary
from reports.figures import counted_day, usual_day
from reports.selectors import tally

KINDS = {kind.value: slug for slug, kind in KIND_SLUGS.items()}
SUBJECTS = {kind.value: slug for slug, kind in SUBJECT_SLUGS.items()}
VERDICTS = {verdict.value: slug for slug, verdict in SLUGS.items()}
_EARLIEST, _LATEST = 1945, 2999


class DayField(serializers.Field[date, str, str, date]):
    """A day as d/m/yyyy or yyyy-mm-dd."""

    def to_internal_value(self, data: str) -> date:
        day = read_day(str(data)[:40])
        if day is None or not _EARLIEST <= day.year <= _LATEST:
            raise serializers.ValidationError(f"Ngày không đọc được; viết như {today():%Y-%m-%d} hoặc {today():%d/%m/%Y}.")
        return day

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class RootOut(serializers.Serializer[Any]):
    seasons = serializers.URLField(help_text="Các năm")
    fields_of_work = serializers.URLField(help_text="Các lĩnh vực")
    units = serializers.URLField(help_text="Các đơn vị")
    registrations = serializers.URLField(help_text="Các đăng ký")
    figures = serializers.URLField(help_text="Số liệu")
    schema = serializers.URLField(help_text="Mô tả OpenAPI")


class SeasonOut(serializers.Serializer[Any]):
    year = serializers.IntegerField(help_text="Năm của đợt đăng ký")
    period = serializers.CharField(help_text="Giai đoạn: năm đầu, gạch nối, năm cuối")
    opens_on = serializers.DateField(help_text="Ngày mở đăng ký")
    cutoff_on = serializers.DateField(help_text="Ngày chốt số liệu")
    last_day = serializers.DateField(help_text="Ngày cuối cùng của đợt")
    is_illustrative = serializers.BooleanField(help_text="Chi tiết là dữ liệu minh họa")


class FieldOut(serializers.Serializer[Any]):
    slug = serializers.CharField(help_text="Mã lĩnh vực, dùng trong địa chỉ")
    name = serializers.CharField(help_text="Tên lĩnh vực")


class UnitOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="unit.key", help_text="Mã đơn vị")
    name = serializers.CharField(help_text="Tên vào ngày hỏi")
    label = serializers.SerializerMethodField(help_text="Tên ấy, có điều phân biệt với đơn vị khác cùng tên")
    place = serializers.CharField(help_text="Địa bàn")
    level = serializers.SerializerMethodField(help_text="Cấp, như gọi vào ngày hỏi")
    parent = serializers.CharField(source="parent.key", allow_null=True, default=None, help_text="Mã đơn vị cấp trên")
    latitude = serializers.FloatField(allow_null=True, help_text="Vĩ độ, WGS 84")
    longitude = serializers.FloatField(allow_null=True, help_text="Kinh độ, WGS 84")
    valid_from = serializers.DateField(allow_null=True, help_text="Từ ngày; trống là từ trước khi có số liệu")
    valid_to = serializers.DateField(allow_null=True, help_text="Đến trước ngày; trống là còn hoạt động")

    def get_label(self, version: UnitVersion) -> str:
        return str(self.context["labels"][version.unit_id])

    def get_level(self, version: UnitVersion) -> str:
        return version.level.names_on(self.context["day"]).name


class RegistrationOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Số của dòng đăng ký")
    model = serializers.CharField(source="model.slug", help_text="Mã mô hình, dùng trong địa chỉ")
    season = serializers.IntegerField(source="season.year", help_text="Năm")
    title = serializers.CharField(help_text="Tên mô hình")
    subject = serializers.CharField(help_text="Tập thể, cá nhân thực hiện")
    subject_kind = serializers.SerializerMethodField(help_text="tap-the hoặc ca-nhan")
    kind = serializers.SerializerMethodField(help_text="moi hoặc duy-tri")
    field = serializers.CharField(source="field.slug", help_text="Mã lĩnh vực")
    unit = serializers.CharField(source="unit.key", help_text="Mã đơn vị lập sổ")
    unit_name = serializers.CharField(help_text="Tên đơn vị lúc đăng ký")
    unit_label = serializers.SerializerMethodField(help_text="Tên ấy, có điều phân biệt với đơn vị khác cùng tên")
    place = serializers.CharField(source="place.key", allow_null=True, default=None, help_text="Mã địa bàn")
    place_name = serializers.CharField(help_text="Tên địa bàn lúc đăng ký")
    registered_on = serializers.DateField(help_text="Ngày đăng ký")
    withdrawn_on = serializers.DateField(allow_null=True, help_text="Ngày rút; trống là còn")
    honour = serializers.SerializerMethodField(help_text="Mức công nhận cao nhất còn hiệu lực: mã của mức, hoặc trống")
    taken = serializers.IntegerField(help_text="Số nơi đã làm theo mô hình")
    verdict = serializers.SerializerMethodField(
        help_text=f"Đánh giá cuối năm đã xác nhận: {', '.join(VERDICTS.values())}; trống là chưa"
    )
    verdict_as_of = serializers.SerializerMethodField(help_text="Đánh giá đến ngày; null là chưa")

    def get_verdict(self, row: Any) -> str:
        stands = standing(row)
        return VERDICTS[stands.verdict] if stands else ""

    def get_verdict_as_of(self, row: Any) -> date | None:
        stands = standing(row)
        return stands.as_of if stands else None

    def get_unit_label(self, row: Any) -> str:
        return str(self.context["told"](row))

    def get_subject_kind(self, row: Any) -> str:
        return SUBJECTS[row.subject_kind]

    def get_kind(self, row: Any) -> str:
        return KINDS[row.kind]

    def get_honour(self, row: Any) -> str:
        return str(self.context["honours"].get(row.honour_rank, ""))


class RecognitionOut(serializers.Serializer[Any]):
    season = serializers.IntegerField(source="registration.season.year", help_text="Năm của đăng ký được công nhận")
    level = serializers.CharField(source="decision.level_names.honour_name", help_text="Mức")
    number = serializers.CharField(source="decision.number", help_text="Số quyết định")
    issuer = serializers.CharField(source="decision.issuer_name", help_text="Cơ quan ban hành")
    decided_on = serializers.DateField(source="decision.decided_on", help_text="Ngày quyết định")
    revoked_on = serializers.DateField(allow_null=True, help_text="Ngày hủy; trống là còn hiệu lực")


class MeasureOut(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="Đếm cái gì")
    quantity = serializers.DecimalField(max_digits=16, decimal_places=2, coerce_to_string=False, help_text="Số lượng")
    counting_unit = serializers.CharField(help_text="Đơn vị tính")
    as_of = serializers.DateField(help_text="Tính đến ngày")
    source = serializers.CharField(help_text="Nguồn")


class ModelOut(serializers.Serializer[Any]):
    slug = serializers.CharField(help_text="Mã mô hình")
    title = serializers.CharField(help_text="Tên mô hình")
    why = serializers.CharField(help_text="Vì sao phải làm")
    how = serializers.CharField(help_text="Làm thế nào, mỗi dòng một bước")
    cost = serializers.CharField(help_text="Chi phí")
    outcome = serializers.CharField(help_text="Kết quả")
    began = serializers.CharField(help_text="Bắt đầu")
    source = serializers.CharField(help_text="Nguồn của phần chữ")
    measures = MeasureOut(many=True, help_text="Kết quả đo được theo ngày")
    registrations = RegistrationOut(many=True, help_text="Các năm, mới nhất trước")
    recognitions = RecognitionOut(many=True, help_text="Các lần công nhận")


class FiguresOut(serializers.Serializer[Any]):
    as_of = serializers.DateField(help_text="Tính đến hết ngày")
    registered = serializers.DictField(
        child=serializers.IntegerField(), help_text="total, new, maintained, collective, individual"
    )
    by_field = serializers.DictField(child=serializers.IntegerField(), help_text="Tên lĩnh vực: số đăng ký")
    district_recognised = serializers.DictField(
        child=serializers.IntegerField(), help_text="total; units: số đơn vị đã công nhận"
    )
    province_proposed = serializers.DictField(help_text="total; units; missing: mã đơn vị chưa đề nghị")
    province_recognised = serializers.DictField(child=serializers.IntegerField(), help_text="total, collective, individual")
    central_introduced = serializers.IntegerField(help_text="Số mô hình giới thiệu Trung ương")
    by_unit = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()), help_text="Mã đơn vị: các số")
    verdicts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Đánh giá cuối năm đã xác nhận: effective, strengthen, paused, ended"
    )


class RegistrationAsked(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=200, help_text="Từ khóa, có dấu hay không dấu")
    nam = serializers.IntegerField(required=False, min_value=_EARLIEST, max_value=_LATEST, help_text="Năm")
    linh_vuc = serializers.SlugField(required=False, max_length=40, help_text="Mã lĩnh vực")
    don_vi = serializers.RegexField(r"^[a-z0-9/-]+$", required=False, max_length=120, help_text="Mã đơn vị lập sổ hoặc địa bàn")
    loai = serializers.ChoiceField(list(KIND_SLUGS), required=False, help_text="Đăng ký mới hay duy trì, nhân rộng")
    ai = serializers.ChoiceField(list(SUBJECT_SLUGS), required=False, help_text="Tập thể hay cá nhân")
    con = serializers.BooleanField(required=False, help_text="true: bỏ những đăng ký đã rút")


class FiguresAsked(serializers.Serializer[Any]):
    nam = serializers.IntegerField(required=False, min_value=_EARLIEST, max_value=_LATEST, help_text="Năm; trống là năm mới nhất")
    ngay = DayField(required=False, help_text="Tính đến hết ngày; trống là ngày chốt; ngày chưa tới thì là hôm nay")
    don_vi = serializers.RegexField(r"^[a-z0-9/-]+$", required=False, max_length=120, help_text="Mã đơn vị; trống là tất cả")


class DayAsked(serializers.Serializer[Any]):
    ngay = DayField(required=False, help_text="Đơn vị của ngày nào; trống là hôm nay")


class Open:
    """What every address of the API has in common: open to all, for a moment kept by caches between."""

    authentication_classes: tuple[Any, ...] = ()
    permission_classes: tuple[Any, ...] = ()

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        patch_cache_control(answer, public=True, no_cache=True)
        answer["Access-Control-Allow-Origin"] = "*"  # read only, nobody's own
        return answer


def read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The address's parameters; hyphens stand for the underscores of their names. Raises ValidationError (400)."""
    allowed = {name.replace("_", "-"): name for name in kind().fields}
    given = {name: value for name, value in request.query_params.items() if name in allowed}
    asked = kind(data={allowed[name]: value for name, value in given.items()})
    if not asked.is_valid():
        raise ValidationError({name.replace("_", "-"): words for name, words in asked.errors.items()})
    return dict(asked.validated_data)


def hyphened(kind: type[serializers.Serializer[Any]]) -> list[Any]:
    """The same parameters for the schema, named as the address names them."""
    types: list[tuple[type, Any]] = [
        (serializers.IntegerField, int),
        (serializers.BooleanField, bool),
        (serializers.Field, str),
    ]
    found = []
    for name, field in kind().fields.items():
        shape = next(answer for known, answer in types if isinstance(field, known))
        choices = list(field.choices) if isinstance(field, serializers.ChoiceField) else None
        words = str(field.help_text or "")
        found.append(OpenApiParameter(name.replace("_", "-"), shape, required=field.required, enum=choices, description=words))
    return found


class Root(Open, APIView):
    """Các địa chỉ của API."""

    @extend_schema(responses=RootOut, summary="Các địa chỉ của API")
    def get(self, request: Request) -> Response:
        return Response({name: reverse(f"api:{name}", request=request) for name in RootOut().fields})


class Seasons(Open, APIView):
    @extend_schema(responses=SeasonOut(many=True), summary="Các năm")
    def get(self, request: Request) -> Response:
        return Response(SeasonOut(registry.seasons(), many=True).data)


class Fields(Open, APIView):
    @extend_schema(responses=FieldOut(many=True), summary="Các lĩnh vực")
    def get(self, request: Request) -> Response:
        return Response(FieldOut(registry.fields(), many=True).data)


class Units(Open, APIView):
    @extend_schema(parameters=hyphened(DayAsked), responses=UnitOut(many=True), summary="Các đơn vị vào một ngày")
    def get(self, request: Request) -> Response:
        day = read(DayAsked, request).get("ngay") or today()
        found = list(all_units(day))
        labels = told_apart(found, tree=unit_tree())
        return Response(UnitOut(found, many=True, context={"day": day, "labels": labels}).data)


class ByKey(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "so-dong"
    cursor_query_param = "trang"
    ordering = "id"
    invalid_cursor_message = "Không có trang ấy; hãy lấy địa chỉ trang từ “next”, “previous”."

    def decode_cursor(self, request: Request) -> Any:
        """As written by us; the library takes any text for an id."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not re.fullmatch("[0-9]{1,18}", cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _context() -> dict[str, Any]:
    """What the serializer of registrations needs beside the rows."""
    words = vocabulary()
    return {"honours": honour_slugs(words), "told": unit_teller(words)}


class Registrations(Open, ListAPIView[Any]):
    """Mọi đăng ký trong sổ, cả những đăng ký đã rút (có ngày rút), theo số dòng; mỗi trang có địa chỉ của trang sau."""

    serializer_class = RegistrationOut
    pagination_class = ByKey

    def get_queryset(self) -> Any:
        asked = read(RegistrationAsked, self.request)
        return opened.registrations(
            year=asked.get("nam"),
            field=asked.get("linh_vuc"),
            kind=KIND_SLUGS[asked["loai"]] if "loai" in asked else None,
            subject_kind=SUBJECT_SLUGS[asked["ai"]] if "ai" in asked else None,
            unit=asked.get("don_vi"),
            stands=bool(asked.get("con")),
            words=asked.get("q", ""),
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **_context()}

    @extend_schema(parameters=hyphened(RegistrationAsked), summary="Các đăng ký")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class Model(Open, APIView):
    @extend_schema(responses=ModelOut, summary="Một mô hình")
    def get(self, request: Request, slug: str) -> Response:
        found = registry.model_at(None, slug)
        if found.model is None or not found.stands:
            raise Http404
        whole = {
            name: getattr(found.model, name) for name in ("slug", "title", "why", "how", "cost", "outcome", "began", "source")
        }
        years = opened.years_of(found.model)
        whole |= {"measures": opened.measures_of(found.model), "registrations": years}
        whole |= {"recognitions": opened.recognitions_of(years)}
        return Response(ModelOut(whole, context=_context()).data)


class Figures(Open, APIView):
    @extend_schema(parameters=hyphened(FiguresAsked), responses=FiguresOut, summary="Số liệu một năm, tính đến hết một ngày")
    def get(self, request: Request) -> Response:
        asked = read(FiguresAsked, request)
        season = registry.season_of(asked["nam"]) if "nam" in asked else registry.newest_season()
        unit = unit_keyed(asked["don_vi"]) if "don_vi" in asked else None
        if season is None or ("don_vi" in asked and unit is None):
            raise Http404
        day = asked.get("ngay") or usual_day(season)
        if "ngay" in asked and day < season.opens_on:
            raise ValidationError({"ngay": f"Năm {season} mở đăng ký từ {season.opens_on:%d/%m/%Y}."})
        told = tally(season, counted_day(season, day), unit)
        return Response(told.as_dict() | {"verdicts": told.verdicts})
