import sys
from pathlib import Path
from typing import Any

from common.commands import HouseCommand
from common.exceptions import DomainError
from models_registry.selectors import season_of
from organisation.models import User
from recognition.services import import_outcomes

SOME_REJECTED = 1


class Command(HouseCommand):
    help = "Nạp kết quả của các đăng ký: rút, công nhận, đề nghị, giới thiệu. Có dòng sai thì không nạp gì."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--by", default="", help="tên đăng nhập của người đánh giá cuối năm, nếu tệp có cột verdict")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc, không nạp")
        parser.add_argument("--accept-valid", action="store_true", help="nạp dòng đúng, bỏ dòng sai")

    def work(self, **options: Any) -> None:
        season = season_of(options["season"])
        if season is None:
            raise DomainError(f"Chưa mở năm {options['season']}.")
        report = import_outcomes(
            path=options["file"],
            season=season,
            actor=self._person(options["by"]),
            accept_valid=options["accept_valid"],
            dry_run=options["dry_run"],
        )
        lines = [
            f"{report.file}: {report.rows} dòng; mới {report.created}, đổi {report.updated}, "
            f"giữ nguyên {report.unchanged}, bị từ chối {len(report.rejected)}. "
            f"{'Đã nạp.' if report.saved else 'Chưa nạp gì.'}"
        ]
        lines += [f"  Lưu ý dòng {w['row']}: {w['message']}" for w in report.warnings]
        lines += [f"  TỪ CHỐI dòng {r['row']}, cột {r['column']}: {r['message']}" for r in report.rejected]
        self.answer(report.as_dict(), "\n".join(lines))
        if report.rejected:
            sys.exit(SOME_REJECTED)

    @staticmethod
    def _person(name: str) -> User | None:
        found = User.objects.filter(username=name, is_active=True).first()
        if name and found is None:
            raise DomainError(f"Không có tài khoản “{name}” đang mở.")
        return found
