import re
from typing import Any

from common.commands import HouseCommand
from common.exceptions import DomainError
from organisation.chain import verify

BROKEN = 1
EMPTY = "Nhật ký không có mục nào: cổng mới dựng, hoặc đã bị xóa hết. Đối chiếu với mã đã lưu ở ngoài (--holds)."


class Command(HouseCommand):
    help = "Soát nhật ký: mỗi mục còn nguyên và nối tiếp mục trước. Nhật ký bị sửa, xóa: nêu chỗ đứt đầu tiên, mã thoát 1."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--since", type=int, default=1, help="soát từ mắt xích số này, coi các mắt xích trước là đúng")
        one.add_argument("--holds", default="", help="mã đã lưu ở ngoài cổng: có còn trong chuỗi hay không")

    def work(self, **options: Any) -> None:
        since, noted = options["since"], options["holds"].strip().lower()
        if since < 1:
            raise DomainError("Số mắt xích bắt đầu từ 1.")
        if noted and not re.fullmatch(r"[0-9a-f]{64}", noted):
            raise DomainError("Mã cần đối chiếu gồm 64 chữ số 0-9, a-f; xem lại mã đã lưu.")
        found = verify(since=since, wanted=noted)
        whole = f"Nhật ký còn nguyên từ số {since} đến số {found.number}. Mã mới nhất: {found.hash}"
        lines = [found.broken or (whole if found.number else EMPTY)]
        if noted and found.found_at:
            lines.append(f"Mã đã lưu đứng ở số {found.found_at}.")
        elif noted:
            lines.append("Mã đã lưu không có trong chuỗi: các mục đến mã ấy đã bị sửa hoặc bị cắt bỏ.")
        data = {"number": found.number, "hash": found.hash, "broken": found.broken, "found_at": found.found_at}
        self.answer(data, "\n".join(lines))
        if found.broken or (noted and not found.found_at):
            raise SystemExit(BROKEN)
