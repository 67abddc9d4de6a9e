"""The work of a press in a process of its own (`common.apart`): what the engine keeps of its pages goes with it."""

from collections.abc import Iterator
from typing import IO

import typst


def pages(file: IO[bytes], plan: str) -> Iterator[bytes]:
    """The pages that a plan makes of the data in a file, as `papers.pdf.Press.print`."""
    compiler = typst.Compiler(input=plan.encode(), ignore_system_fonts=True)
    made = compiler.compile(format="pdf", pdf_standards="a-2b", sys_inputs={"data": file.read().decode()}, pdf_tags=False)
    assert isinstance(made, bytes)
    yield made
