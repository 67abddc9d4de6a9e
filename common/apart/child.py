"""The process that reads one file: `main` with module:function and FD in its command line, the file on its standard input, the
arguments in FD, what the reader yields on its standard output.
"""

import importlib
import os
import sys
from typing import Any

from common.apart.limits import shut_in, take_limits
from common.apart.packing import BYTES, END, FAILED, HEAD, REFUSED, VALUE, pack, unpack
from common.call_stack import in_one_chunk
from common.exceptions import DomainError


@in_one_chunk
def main() -> None:
    reader, told = sys.argv[1:]
    take_limits()
    module, _, name = reader.partition(":")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not ours

    def send(kind: bytes, data: bytes = b"") -> None:
        out.write(HEAD.pack(kind, len(data)) + data)
        out.flush()

    with os.fdopen(int(told), "rb") as file:
        arguments = unpack(file.read())
    function = getattr(importlib.import_module(module), name)
    shut_in()
    try:
        for value in function(sys.stdin.buffer, *arguments):
            send(*_packed(value))
    except DomainError as error:
        send(REFUSED, pack(str(error)))
    except MemoryError:
        os._exit(1)  # as if it had been killed
    except BaseException:  # noqa: BLE001  also the crashes of libraries in Rust, which are no Exception
        import traceback  # a third of the start, and seldom needed

        send(FAILED, traceback.format_exc()[-4000:].encode("utf-8", "replace"))
    else:
        send(END)
    os._exit(0)  # nothing of a reader's runs after its last word


def _packed(value: Any) -> tuple[bytes, bytes]:
    return (BYTES, value) if isinstance(value, bytes) else (VALUE, pack(value))
