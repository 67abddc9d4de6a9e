"""What the register's services refuse: seasons, sheets, files, themes, days; each clause with its sentence."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.transitions import diagram
from models_registry import services
from models_registry.models import (
    Attachment,
    EmulationModel,
    Registration,
    RegistrationSheet,
    ReturnReason,
    Season,
    SeasonExtension,
    Theme,
    ThemeTag,
)
from models_registry.selectors.sheets import pieces_of
from models_registry.services import (
    Description,
    MeasureTyped,
    NewMeasure,
    NewSeason,
    add_attachment,
    add_theme,
    begin_maintained,
    describe_attachment,
    describe_model,
    discard_draft,
    grant_extension,
    measure_output,
    name_themes,
    open_season,
    record_basis,
    record_output,
    remind_now,
    remove_attachment,
    retry_photo,
    save_view,
    say_different,
    tag_themes,
    withdraw,
)
from models_registry.services.outputs import OutputRefused
from models_registry.services.seasons import REASONS
from models_registry.transitions import TRANSITIONS
from organisation.models import AuditEvent, UnitVersion
from tests.conftest import DEMO
from tests.online import HAM_HIEP, Action, accepted, begin, do, fill, person, sent, write
from tests.pages import refused
from tests.photos import photo

pytestmark = pytest.mark.django_db
WRITER, CHECKER, OTHER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "phanthiet.chuyenvien"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"period": "2021"}, "Giai đoạn “2021” không đúng; viết năm đầu, gạch nối, năm cuối."),
        ({"period": "2025-2021"}, "Giai đoạn “2025-2021” không đúng; viết năm đầu, gạch nối, năm cuối."),
        ({"year": 2026, "cutoff_on": date(2026, 11, 30)}, "Năm 2026 không thuộc giai đoạn 2021-2025."),
        (
            {"opens_on": date(2025, 3, 1), "closes_on": date(2025, 2, 1)},
            "Ngày cuối nhận đăng ký không được trước ngày đầu.",
        ),
        ({"cutoff_on": date(2024, 11, 30)}, "Ngày chốt 30/11/2024 không thuộc năm 2025."),
        (
            {"opens_on": date(2025, 12, 1), "cutoff_on": date(2025, 11, 30)},
            "Ngày chốt 30/11/2025 trước ngày mở đăng ký 01/12/2025.",
        ),
    ],
)
def test_a_season_that_cannot_be_is_not_opened(changed: dict[str, Any], words: str) -> None:
    before = Season.objects.count()
    with refused(words):
        open_season(NewSeason.of_year(**{"year": 2025, "period": "2021-2025", "cutoff_on": date(2025, 11, 30)} | changed))
    assert Season.objects.count() == before


def test_a_season_that_is_open_is_not_opened_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    again = ["open_season", "2023", "--period", "2021 - 2025", "--cutoff"]
    call_command(*again, "2023-10-15")
    assert "Năm 2023: chốt số liệu 15/10/2023." in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command(*again, "2023-11-30")
    told = "Năm 2023 đã mở từ trước, giai đoạn 2021-2025, chốt số liệu 15/10/2023; lệnh này không đổi năm đã mở."
    assert told in capsys.readouterr().err
    assert Season.objects.get(year=2023).cutoff_on == date(2023, 10, 15)


def test_the_first_season_brings_the_reasons_and_no_themes() -> None:
    ReturnReason.objects.all().delete()
    open_season(NewSeason.of_year(2011, "2011-2015", date(2011, 11, 30)))
    open_season(NewSeason.of_year(2019, "2019-2024", date(2019, 11, 30)))
    assert list(ReturnReason.objects.values_list("words", "box")) == list(REASONS)
    assert not Theme.objects.filter(period__name__in=["2011-2015", "2019-2024"]).exists()  # they are the province's to name


def test_themes_are_named_by_who_leads_the_period(season: Any) -> None:
    words = "Vai trò của đồng chí không được sửa chủ đề."
    with refused(words, NotAllowed):
        name_themes(period_id=season.period_id, labels={}, actor=person(WRITER))
    with refused(words, NotAllowed):
        add_theme(period_id=season.period_id, plan="Kế hoạch 1", label="Chủ đề", actor=person(WRITER))


def test_a_note_for_a_theme_has_five_hundred_letters_at_most(season: Any) -> None:
    row = begin()
    theme = Theme.objects.filter(period=season.period)[0]
    Theme.objects.filter(pk=theme.pk).update(label="Xây dựng nông thôn mới")
    with refused("Phần ghi cho chủ đề dài quá 500 ký tự."):
        tag_themes(registration_id=row.pk, notes={theme.pk: "x" * 501}, actor=person(WRITER))
    assert tag_themes(registration_id=row.pk, notes={theme.pk: "x" * 500}, actor=person(WRITER)) == 1
    assert ThemeTag.objects.get(registration=row).note == "x" * 500


def test_before_its_first_day_a_season_takes_nothing() -> None:
    Season.objects.filter(year=2023).update(opens_on=date(2023, 2, 1))
    with time_machine.travel("2023-01-31 03:00Z", tick=False), refused("Năm 2023 nhận đăng ký từ ngày 01/02/2023."):
        begin()


def test_more_time_is_after_the_units_last_day(new_season: Any, unit: Any) -> None:
    given = {"season_id": new_season.pk, "reason": "Bão", "actor": None}
    first = grant_extension(unit=unit("phan-thiet"), until=date(2099, 2, 1), **given)
    assert grant_extension(unit=unit("phan-thiet"), until=date(2099, 2, 1), **given) == first  # a second tap
    with refused("Ngày gia hạn phải sau hạn đang có của đơn vị."):
        grant_extension(unit=unit("phan-thiet"), until=date(2099, 1, 15), **given)
    assert SeasonExtension.objects.filter(unit=unit("phan-thiet")).count() == 1


def test_a_maintained_draft_is_begun_by_who_writes_for_the_unit(unit: Any, season: Any) -> None:
    with refused("Vai trò của đồng chí không viết đăng ký cho đơn vị này.", NotAllowed):
        begin_maintained(season_id=season.pk, unit=unit(HAM_HIEP), answers={}, actor=person(OTHER))


def test_what_is_no_field_of_the_sheet_is_left_out() -> None:
    row = begin()
    saved = write(row, WRITER, title="Tên mô hình mới", colour="đỏ")
    assert (saved.changed, "colour" in RegistrationSheet.objects.get(pk=row.pk).answers) == (["title"], False)


def test_a_place_that_is_no_more_leaves_the_line_where_it_was() -> None:
    row = begin()
    sheet = RegistrationSheet.objects.get(pk=row.pk)
    RegistrationSheet.objects.filter(pk=row.pk).update(answers=sheet.answers | {"place": "xa-khong-con"})
    write(row, WRITER, title="Tên mô hình mới")
    now = Registration.objects.get(pk=row.pk)
    assert (now.title, now.place_id) == ("Tên mô hình mới", row.place_id)


def test_a_sheet_that_cannot_be_read_is_not_accepted() -> None:
    row = sent()
    sheet = RegistrationSheet.objects.get(pk=row.pk)
    RegistrationSheet.objects.filter(pk=row.pk).update(answers=sheet.answers | {"starts_on": "31/02/2023"})
    with pytest.raises(DomainError, match=r"^Chưa nhận được: .*“31/02/2023”.* Xin trả lại để đơn vị sửa\.$"):
        do(row, Action.ACCEPT, CHECKER)
    assert Registration.objects.get(pk=row.pk).state == "submitted"


def test_a_difference_is_said_in_five_hundred_letters_and_once() -> None:
    row = fill(begin())
    other = Registration.objects.filter(place__key=HAM_HIEP, state="accepted")[0]
    ids = {"registration_id": row.pk, "others": [other.pk], "actor": person(WRITER)}
    with refused("Lý do dài quá 500 ký tự."):
        say_different(reason="x" * 501, **ids)
    assert [say_different(reason="Khác thôn", **ids), say_different(reason="Khác thôn", **ids)] == [1, 0]
    assert row.differences.get().reason == "Khác thôn"


def test_the_page_of_a_model_has_its_own_parts() -> None:
    model = EmulationModel.objects.all()[0]
    with refused("Trang mô hình không có mục ấy."):
        describe_model(model_id=model.pk, texts={"title": "Khác"}, actor=None)


def test_what_is_not_in_the_register_is_not_taken_back_and_not_before_its_day() -> None:
    with refused("Đăng ký này chưa vào sổ."):
        withdraw(registration=begin(), withdrawn_on=date(2023, 12, 1), actor=None)
    row = accepted()
    day = row.registered_on
    assert day is not None
    with refused(f"Ngày rút 01/01/2020 trước ngày đăng ký {day:%d/%m/%Y}."):
        withdraw(registration=row, withdrawn_on=date(2020, 1, 1), actor=None)


def test_only_units_below_ones_own_are_reminded(season: Any) -> None:
    version = UnitVersion.objects.filter(unit__key=HAM_HIEP).latest("valid_from")
    with refused(f"Vai trò của đồng chí không nhắc {version.short_name}.", NotAllowed):
        remind_now(season=season, missing=[(version, date(2023, 12, 31))], words="Xin gửi", actor=person(OTHER))


def test_a_number_of_before_the_movement_is_too_far_away() -> None:
    row = accepted()
    typed = {"what": "đường hoa", "counting_unit": "km", "quantity": "1", "as_of": "1/1/1900"}
    with pytest.raises(OutputRefused) as caught:
        record_output(registration_id=row.pk, typed=MeasureTyped(**typed), actor=person(WRITER))
    assert caught.value.errors == {"as_of": "Tính đến ngày: 01/01/1900 quá xa. Xin xem lại năm."}


@pytest.fixture
def attached(settings: Any, tmp_path: Path) -> Attachment:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = SimpleUploadedFile("anh.jpg", photo(width=40, height=30))
    return add_attachment(registration_id=begin().pk, file=file, actor=person(WRITER))


def test_a_caption_has_its_limit_and_a_file_that_is_gone_is_told(attached: Attachment) -> None:
    ids = {"attachment_id": attached.pk, "actor": person(WRITER)}
    with refused("Chú thích dài quá 300 ký tự."):
        describe_attachment(said=Description(caption="x" * 301), **ids)
    with refused("Mô tả ảnh dài quá 300 ký tự."):
        describe_attachment(said=Description(caption="", alternative="x" * 301), **ids)
    assert Attachment.objects.get().caption == ""
    remove_attachment(**ids)
    with refused("Tệp này đã được xóa."):
        remove_attachment(**ids)


def test_a_photo_on_its_way_is_not_asked_for_again(attached: Attachment) -> None:
    retry_photo(attachment_id=attached.pk, actor=person(WRITER))
    assert Attachment.objects.get().job_id == attached.job_id


def test_a_photo_that_is_gone_leaves_its_job_nothing_to_do(attached: Attachment) -> None:
    remove_attachment(attachment_id=attached.pk, actor=person(WRITER))
    jobs.run(attached.job_id)
    attached.job.refresh_from_db()
    assert (attached.job.state, attached.job.progress) == ("done", 0)


def test_pieces_of_a_text_say_what_went_and_what_came() -> None:
    assert pieces_of("giữ nhà sạch", "giữ nhà rất sạch") == [
        ("same", "giữ nhà "),
        ("new", "rất"),
        ("same", " "),
        ("same", "sạch"),
    ]
    assert pieces_of("giữ nhà rất sạch", "giữ nhà sạch") == [
        ("same", "giữ nhà "),
        ("gone", "rất"),
        ("same", " "),
        ("same", "sạch"),
    ]


def test_the_way_of_a_registration_is_drawn_from_its_table() -> None:
    drawn = diagram("draft", TRANSITIONS.items())
    assert f"```mermaid\n{drawn}\n```" in (DEMO.parent / "docs" / "states.md").read_text()
    assert drawn.splitlines()[:3] == ["stateDiagram-v2", "    [*] --> draft", "    draft --> submitted: submit"]


def test_what_was_sent_once_is_not_thrown_away() -> None:
    row = do(sent(), Action.RETURN, CHECKER, "Chưa rõ cách làm")
    with refused("Chỉ xóa được bản nháp chưa gửi lần nào. Đăng ký đã gửi thì rút, có lý do."):
        discard_draft(registration_id=row.pk, actor=person(WRITER))
    assert Registration.objects.filter(pk=row.pk).count() == 1


def test_a_communes_officer_does_not_write_for_the_whole_district() -> None:
    row = begin()
    saved = write(row, WRITER, place="")
    assert (saved.refused, saved.changed) == ({"place": "Đồng chí không viết đăng ký cho nơi đã chọn."}, [])
    assert write(row, CHECKER, place="").changed == ["place"]


def test_a_kind_of_view_has_a_name_of_a_limited_length() -> None:
    with refused("Tên kiểu xem dài quá 60 ký tự."):
        save_view(owner=person(CHECKER), name="x" * 61, asked={"tt": "tat-ca"})
    assert save_view(owner=person(CHECKER), name="x" * 60, asked={"tt": "tat-ca"}).name == "x" * 60


def test_what_says_the_same_again_is_written_once(season: Any) -> None:
    model, before = EmulationModel.objects.all()[0], AuditEvent.objects.count()
    value = NewMeasure(what="đường hoa", counting_unit="km", quantity=Decimal(1), as_of=date(2023, 6, 1), source="")
    assert measure_output(model_id=model.pk, value=value, actor=None) == measure_output(
        model_id=model.pk, value=value, actor=None
    )
    describe_model(model_id=model.pk, texts={"why": model.why}, actor=None)
    record_basis(season_id=season.pk, words=season.basis, paper=None, actor=person("tinh.chuyenvien"))
    assert [event.action for event in AuditEvent.objects.order_by("pk")[before:]] == ["measure-output"]


def test_a_file_that_went_while_one_waited_for_its_registration_is_told(
    attached: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_it_went(*given: Any) -> Any:
        row = attached.registration
        Attachment.objects.all().delete()
        return row

    monkeypatch.setattr(services.attachments, "_lock_for_files", after_it_went)
    with refused("Tệp này đã được xóa."):
        remove_attachment(attachment_id=attached.pk, actor=person(WRITER))
