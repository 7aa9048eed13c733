"""A seccomp filter for the box: system calls that no ordinary program needs, and that go round the other walls, are refused.

What it is there for, wall by wall: memory that no process owns (memfd_create, shmget) escapes a count of what processes hold;
ptrace and process_vm_writev let one process of the box write into another; sockets of other families than UNIX and IP are not
all shut by an empty network namespace (AF_VSOCK leads to the host of a virtual machine); namespaces, mounts, keys, BPF and
io_uring are kernel surface. A classic BPF program, as seccomp(2) of Linux wants it; written for x86-64 alone.
"""

from __future__ import annotations

import platform
import struct

_LOAD, _EQUAL, _ABOVE, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE, _ABSENT = 0x7FFF0000, 0x80000000, 0x00050000 | 1, 0x00050000 | 38  # EPERM, ENOSYS
_ARCHITECTURE, _X32 = 0xC000003E, 0x40000000
_CLONE, _CLONE3, _SOCKET = 56, 435, 41
NAMESPACES = 0x7E020000 | 0x80  # CLONE_NEW*: user, pid, net, ipc, uts, cgroup, mount, time
FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6

REFUSED = {
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438,
    "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "shmctl": 31, "msgget": 68, "semget": 64,
    "mq_open": 240, "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298,
    "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "mount": 165, "umount2": 166,
    "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "kexec_load": 246, "kexec_file_load": 320,
    "init_module": 175, "finit_module": 313, "delete_module": 176, "reboot": 169, "swapon": 167, "swapoff": 168, "acct": 163,
    "settimeofday": 164, "clock_settime": 227, "adjtimex": 159, "clock_adjtime": 305, "personality": 135,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "quotactl": 179, "syslog": 103, "vmsplice": 278, "iopl": 172,
    "ioperm": 173, "modify_ldt": 154, "fanotify_init": 300, "move_pages": 279, "migrate_pages": 256, "sethostname": 170,
}  # fmt: skip
"""The calls answered with EPERM, and their numbers on x86-64."""


def program(machine: str = "") -> bytes:
    """The filter for this machine as bytes of struct sock_filter; empty where there is none (any machine but x86-64)."""
    if (machine or platform.machine()) not in ("x86_64", "AMD64"):
        return b""
    return b"".join(struct.pack("HBBI", *line) for line in _lines())


def _lines() -> list[tuple[int, int, int, int]]:
    """(code, jump if true, jump if false, constant); jumps count the lines that are left out."""
    refuse = (_RETURN, 0, 0, _REFUSE)
    lines = [
        (_LOAD, 0, 0, 4),  # the architecture: 32-bit calls have other numbers
        (_EQUAL, 1, 0, _ARCHITECTURE),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_ABOVE, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        (_EQUAL, 0, 1, _CLONE3),  # its flags lie in memory, where a filter cannot look: the C library then takes clone
        (_RETURN, 0, 0, _ABSENT),
        (_EQUAL, 0, 3, _CLONE),
        (_LOAD, 0, 0, 16),
        (_ANY, 0, 1, NAMESPACES),
        refuse,
        (_LOAD, 0, 0, 0),
        (_EQUAL, 0, 3 + len(FAMILIES), _SOCKET),
        (_LOAD, 0, 0, 16),
        *((_EQUAL, len(FAMILIES) - n, 0, family) for n, family in enumerate(FAMILIES)),
        refuse,
        (_RETURN, 0, 0, _ALLOW),
    ]
    for number in REFUSED.values():
        lines += [(_EQUAL, 0, 1, number), refuse]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]
