"""PDF/A out of a Typst plan and data. Only the fonts inside the engine are used, so that every machine makes the same page."""

import io
import json
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst


def qr_svg(address: str) -> str:
    """A QR code of an address as SVG, with a quiet border of one module."""
    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(out, kind="svg", border=1, xmldecl=False, scale=4)
    return out.getvalue().decode()


class Press:
    """One plan, compiled for many sets of data; the engine keeps its fonts in between. One thread at a time."""

    def __init__(self, plan: Path) -> None:
        self._compiler = typst.Compiler(input=str(plan), root=str(plan.parent), ignore_system_fonts=True)
        self._lock = Lock()

    def print(self, data: Any) -> bytes:
        """The pages that the plan makes of the data (`sys.inputs.data`), as PDF/A-2b with its fonts embedded."""
        inputs = {"data": json.dumps(data)}
        with self._lock:
            made = self._compiler.compile(format="pdf", pdf_standards="a-2b", sys_inputs=inputs, pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    def picture(self, data: Any, ppi: float = 144) -> bytes:
        """The plan's only page as PNG."""
        inputs = {"data": json.dumps(data)}
        with self._lock:
            made = self._compiler.compile(format="png", ppi=ppi, sys_inputs=inputs)
        assert isinstance(made, bytes)
        return made
