"""PDF/A out of a Typst plan and data. Only the fonts inside the engine are used, so that every machine makes the same page."""

import io
import json
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from common.apart.parent import read_apart
from common.exceptions import DomainError


def qr_svg(address: str) -> str:
    """A QR code of an address as SVG, with a quiet border of one module."""
    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(out, kind="svg", border=1, xmldecl=False, scale=4)
    return out.getvalue().decode()


class TooLarge(DomainError):
    """The paper exceeds the memory or time that rendering is allowed."""


class Press:
    """One plan, compiled for many sets of data; the engine keeps its fonts in between. One thread at a time."""

    def __init__(self, plan: Path) -> None:
        self._plan = plan
        self._lock = Lock()

    @cached_property
    def _compiler(self) -> typst.Compiler:
        return typst.Compiler(input=str(self._plan), root=str(self._plan.parent), ignore_system_fonts=True)

    def print(self, data: Any) -> bytes:
        """The pages that the plan makes of the data (`sys.inputs.data`), as PDF/A-2b with its fonts embedded."""
        inputs = {"data": json.dumps(data)}
        with self._lock:
            made = self._compiler.compile(format="pdf", pdf_standards="a-2b", sys_inputs=inputs, pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    def print_apart(self, data: Any) -> bytes:
        """As `print`, in a process of its own, for plans that need no other file: the engine keeps tens of megabytes of the papers
        that it made. What is too large for that process is printed here.
        """
        try:
            file = io.BytesIO(json.dumps(data).encode())
            return b"".join(read_apart("papers.printing:pages", file, self._plan.read_text(), refused=TooLarge))
        except TooLarge:
            return self.print(data)

    def picture(self, data: Any, ppi: float = 144) -> bytes:
        """The plan's only page as PNG."""
        inputs = {"data": json.dumps(data)}
        with self._lock:
            made = self._compiler.compile(format="png", ppi=ppi, sys_inputs=inputs)
        assert isinstance(made, bytes)
        return made
