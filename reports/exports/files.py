"""The three files of a report."""

from reports.enums import ReportState
from reports.exports.excel import write_excel
from reports.exports.pdf import write_pdf
from reports.exports.values import printed
from reports.exports.word import write_word
from reports.models import Report


def papers_of(report: Report) -> dict[str, bytes]:
    """docx, xlsx and pdf; of a frozen one as they were kept. Raises TemplateRefused where the office's own Word file is broken."""
    if report.state == ReportState.FROZEN:
        return {name: getattr(report, name).open("rb").read() for name in ("docx", "xlsx", "pdf")}
    found = printed(report)
    return {"docx": write_word(found), "xlsx": write_excel(found).read(), "pdf": write_pdf(found)}


def paper_of(report: Report, name: str) -> bytes:
    """One of them."""
    found = printed(report)
    if name == "docx":
        return write_word(found)
    return write_excel(found).read() if name == "xlsx" else write_pdf(found)
