"""What a reader may not: take much memory or time, reach a network, start a program, write or open a file. Linux holds it to
that by itself: resource limits, Landlock for files (since 5.13), seccomp for calls.

Sources: linux/seccomp.h, linux/filter.h, linux/landlock.h; the numbers of calls from asm/unistd_64.h and asm-generic/unistd.h.
"""

import ctypes
import os
import resource
import struct
import sys
from errno import ENOSYS, EPERM
from pathlib import Path

MEMORY = 512 * 1024 * 1024
SECONDS = 18

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_RESTRICT, _RULE, _RULESET = 446, 445, 444  # Landlock, on every architecture
_READ_FILE, _READ_DIR, _BENEATH = 1 << 2, 1 << 3, 1
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}  # by version; later ones add others than files

_CALLS = {  # name: (x86_64, aarch64); None where it is not there
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "pidfd_open": (434, 434),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
}
_CLONE, _CLONE3, _THREAD = (56, 220), (435, 435), 0x10000
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def take_limits() -> None:
    """Memory, time of the processor, no file written; before the reader is loaded."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def shut_in() -> None:
    """No network, no program, no file but the code itself, as far as this machine's system can (`holding.held`)."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _only_code(libc)
        _no_calls(libc)


def _only_code(libc: ctypes.CDLL) -> None:
    """Nothing may be opened but, to read, Python's libraries and the packages of the house that hold readers."""
    version = libc.syscall(_RULESET, None, 0, 1)
    if version < 1:
        return
    handled = struct.pack("Q", _FILE_RIGHTS[min(version, 3)])
    ruleset = libc.syscall(_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        return
    house = Path(__file__).resolve().parent.parent.parent
    code = {Path(part).resolve() for part in (*sys.path, "/usr/lib", "/lib", "/usr/share") if Path(part).is_dir()} - {house}
    for folder in code | {house / "common", house / "models_registry", house / "papers"}:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, opened)
        libc.syscall(_RULE, ruleset, _BENEATH, rule, 0)
        os.close(opened)
    libc.syscall(_RESTRICT, ruleset, 0)


def _no_calls(libc: ctypes.CDLL) -> None:
    column, machine = _MACHINES.get(os.uname().machine, (0, 0))
    if not machine:
        return
    steps = [_step(_LOAD, 4), _step(_EQUAL, machine, 1, 0), _step(_RETURN, _KILL), _step(_LOAD, 0)]
    if not column:  # x86_64: calls of its 32-bit sister have a bit of their own
        steps += [_step(_AT_LEAST, 0x40000000, 0, 1), _step(_RETURN, _KILL)]
    for numbers in _CALLS.values():
        if numbers[column] is not None:
            steps += [_step(_EQUAL, numbers[column], 0, 1), _step(_RETURN, _ERROR | EPERM)]
    steps += [_step(_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _ERROR | ENOSYS)]  # its flags cannot be looked at: clone's can
    steps += [
        _step(_EQUAL, _CLONE[column], 0, 3),
        _step(_LOAD, 16),
        _step(_ANY_BIT, _THREAD, 1, 0),
        _step(_RETURN, _ERROR | EPERM),
    ]
    steps += [_step(_RETURN, _ALLOW)]
    program = ctypes.create_string_buffer(b"".join(steps))
    length = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    libc.prctl(_SET_SECCOMP, _FILTER, length, 0, 0)


def _step(code: int, value: int | None, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_so, if_not, value)
