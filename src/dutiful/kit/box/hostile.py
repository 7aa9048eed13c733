"""Programs that try to break out of a box or to use up what is around it. `proof` runs them and says what came of each.

A program prints "tried" before it tries, and "OPEN" with what it got where it got it. Words in capitals are filled in: SECRET (a
file of the host), HOME, PORT (the host listens there), SOCKET (an abstract UNIX socket), PROCESS (a process of the host), MARK
(a word to be found nowhere else), KEY (a variable in the host's environment), LIMIT and DISK (bytes that the box may use).
"""

from __future__ import annotations

from typing import NamedTuple


class Attack(NamedTuple):
    """One attempt. `design`: why it may work. `after`: what the host looks for when it is over (see `proof`)."""

    name: str
    code: str
    design: str = ""
    after: str = ""


_LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
_HOLD = """
import os, time
reading, writing = os.pipe()
for child in range(CHILDREN):
    if os.fork() == 0:
        try:
            HOLD
            os.write(writing, b'+')
            time.sleep(1)
        except OSError as error:
            os.write(2, f'{type(error).__name__}: {error}\\n'.encode())
        finally:
            os._exit(0)
os.close(writing)
held = 0
while more := os.read(reading, 99):
    held += len(more)
    if held * EACH > 2 * LIMIT:
        print('OPEN', held * EACH >> 20, 'MB held at once', flush=True); break
"""


def _hold(children: int, each: int, hold: str) -> str:
    """Children that each hold some memory at the same time."""
    return _HOLD.replace("HOLD", hold).replace("CHILDREN", str(children)).replace("EACH", str(each))


def _call(number: int, *arguments: object, good: str = "answer != -1") -> str:
    """A system call by its number (x86-64)."""
    words = ", ".join(map(str, (number, *arguments)))
    return f"{_LIBC}answer = libc.syscall({words})\nif {good}: print('OPEN', answer)"


_FILL = """
import os
total = 0
for place in PLACES:
    try:
        for number in range(400):
            with open(f'{place}/{number}.bin', 'wb') as file:
                file.write(bytes(1 << 20))
            total += 1 << 20
    except OSError as error:
        print(place, error)
if total > 4 * DISK: print('OPEN', total >> 20, 'MB written')
"""
_PIPES = """for number in range(28):
                a, b = os.pipe(); os.set_blocking(b, False)
                try: fcntl.fcntl(b, 1031, 1 << 20)
                except OSError: pass
                size = os.write(b, bytes(1 << 20))
            if size < 1 << 20: raise OSError(f'a pipe takes {size} bytes')"""
_FORGE = """
import glob, io, tarfile
stream = io.BytesIO(b'')
with tarfile.open(fileobj=stream, mode='w') as archive:
    entry = tarfile.TarInfo('../MARK'); entry.size = 1; archive.addfile(entry, io.BytesIO(b'x'))
    entry = tarfile.TarInfo('up'); entry.type = tarfile.SYMTYPE; entry.linkname = '..'; archive.addfile(entry)
    entry = tarfile.TarInfo('up/MARK'); entry.size = 1; archive.addfile(entry, io.BytesIO(b'x'))
for file in glob.glob('/proc/[0-9]*/fd/*'):
    if file[-2:] in ('/0', '/1', '/2'): continue
    try:
        with open(file, 'wb', 0) as pipe: pipe.write(b'0\\n' + stream.getvalue())
    except OSError: pass
"""
_SWEEP = """
import glob
for name in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):
    try:
        if 'MARK'[::-1].encode() in open(name, 'rb').read(): print('OPEN', name)
    except OSError: pass
"""

_RAISE = """
import resource
try: resource.setrlimit(9, (-1, -1)); print('OPEN')
except ValueError as error: raise PermissionError(str(error)) from None
"""

FILES = (
    Attack("read /etc/passwd", "print('OPEN', open('/etc/passwd').read()[:20])"),
    Attack("read a file of the host", "print('OPEN', open('SECRET').read())"),
    Attack("read it through a link", "import os; os.symlink('SECRET', 's'); print('OPEN', open('s').read())"),
    Attack("list the home folder", "import os; print('OPEN', os.listdir('HOME'))"),
    Attack("write into the home folder", "open('HOME/MARK', 'w').write('x'); print('OPEN')"),
    Attack("write to /tmp of the host", "open('/tmp/MARK', 'w').write('x')", after="no mark"),
    Attack("write to the root of the box", "open('/MARK', 'w').write('x'); print('OPEN')"),
    Attack("write into /usr", "open('/usr/MARK', 'w').write('x'); print('OPEN')"),
    Attack("leave a link that leads out", "import os; os.symlink('SECRET', 'link'); os.symlink('..', 'up')", after="no way out"),
    Attack("leave a pipe and a device", "import os; os.mkfifo('pipe')\nos.mknod('disk', 0o60666, 2048)", after="no way out"),
    Attack("write into the pipes of the box", _FORGE, after="no mark"),
    Attack(
        "leave folders too deep to remove",
        "import os\nfor n in range(3000):\n    os.mkdir('d' * 50); os.chdir('d' * 50)",
        after="no way out",
    ),
    Attack(
        "what an earlier box left",
        "import os\nfor p in ('/tmp', '/dev/shm', '/box', '/dev', '/var/tmp'):\n"
        "    if os.path.exists(p + '/left'): print('OPEN', p)\n    try: open(p + '/left', 'w').close()\n    except OSError: pass",
        after="again",
    ),
)

SECRETS = (
    Attack("read a key in the environment", "import os; k = os.environ.get('KEY')\nif k: print('OPEN', k)"),
    Attack("read the environment of all processes", _SWEEP),
    Attack(
        "see processes of the host", "import os; n = sum(p.isdigit() for p in os.listdir('/proc'))\nif n > 8: print('OPEN', n)"
    ),
    Attack("read the kernel's log", _call(103, 3, "ctypes.create_string_buffer(4096)", 4096)),
    Attack("read the kernel's memory", "print('OPEN', open('/proc/kcore', 'rb').read(4))"),
    Attack("put a key on a keyring", _call(248, "b'user'", "b'MARK'", "b'x'", 1, -4)),
    Attack(
        "open raw devices",
        "import glob\nfor d in ('/dev/mem', '/dev/kmsg', '/dev/vda', '/dev/sda', '/dev/kvm'):\n"
        "    try: open(d, 'rb'); print('OPEN', d)\n    except OSError as e: print(e)",
    ),
)

NETWORK = (
    Attack("connect to the host", "import socket; socket.create_connection(('127.0.0.1', PORT), 2); print('OPEN')"),
    Attack("connect to a UNIX socket of the host", "import socket; s = socket.socket(1); s.connect('\\0SOCKET'); print('OPEN')"),
    Attack(
        "find a network card",
        "n = [l for l in open('/proc/net/dev').read().splitlines()[2:] if 'lo:' not in l]\nif n: print('OPEN', n)",
    ),
    Attack(
        "sockets past the network",
        "import socket\nfor f in (16, 17, 38, 40):\n    for k in (1, 2, 3, 5):\n"
        "        try: socket.socket(f, k); print('OPEN family', f)\n        except OSError: pass",
    ),
    Attack(
        "bind a port",
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print('OPEN')",
        "in an empty network of its own",
    ),
)

RIGHTS = (
    Attack("become root", "import os; os.setuid(0); print('OPEN')"),
    Attack("gain rights by a set-uid program", _call(157, 39, 0, 0, 0, 0, good="answer != 1")),
    Attack(
        "have a capability",
        "c = [l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1]\nif int(c, 16): print('OPEN', c)",
    ),
    Attack("mount a file system", _LIBC + "a = libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)\nif a != -1: print('OPEN')"),
    Attack("a user namespace by unshare", _LIBC + "if libc.unshare(0x10000000) != -1: print('OPEN')"),
    Attack(
        "a user namespace by clone",
        _LIBC + "p = libc.syscall(56, 0x10000011, 0, 0, 0, 0)\nif p == 0: os._exit(0)\nif p > 0: print('OPEN')",
    ),
    Attack(
        "a user namespace by clone3",
        _call(435, "(ctypes.c_uint64 * 8)(0x10000000, 0, 0, 0, 17)", 64).replace("if ", "if answer == 0: os._exit(0)\nif "),
    ),
    Attack("change the root", _LIBC + "if libc.chroot(b'/tmp') != -1: print('OPEN')"),
    Attack("trace another process", _LIBC + "if libc.ptrace(16, os.getppid(), 0, 0) != -1: print('OPEN')"),
    Attack("load a BPF program", _call(321, 0, "ctypes.create_string_buffer(128)", 72)),
    Attack("count with perf", _call(298, "ctypes.create_string_buffer(b'\\x01\\0\\0\\0\\x80', 128)", 0, -1, -1, 0)),
    Attack("set up io_uring", _call(425, 4, "ctypes.create_string_buffer(120)")),
    Attack("catch page faults", _call(323, 1)),
    Attack("set the clock", _call(227, 0, "(ctypes.c_long * 2)(1, 0)")),
    Attack("write to the kernel's settings", "open('/proc/sys/kernel/core_pattern', 'w'); print('OPEN')"),
    Attack("raise its own limits", _RAISE),
    Attack("take precedence", "import os; os.nice(-5); print('OPEN')"),
    Attack(
        "type on the terminal",
        "import fcntl, termios\nfcntl.ioctl(open('/dev/tty'), termios.TIOCSTI, b'x'); print('OPEN')",
    ),
)

PROCESSES = (
    Attack("kill a process of the host", "import os; os.kill(PROCESS, 9)", after="host alive"),
    Attack("kill all processes", "import os; os.kill(-1, 9)", after="host alive"),
    Attack("kill its parents", "import os; os.kill(os.getppid(), 9); os.kill(1, 9)", after="host alive"),
    Attack(
        "leave a process behind",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    os.execv('/usr/bin/python3', ['python3', '-c', 'import time; time.sleep(60)', 'MARK'])\ntime.sleep(0.2)",
        after="no process",
    ),
    Attack(
        "a fork bomb", "import os, time\nfor n in range(400):\n    if os.fork() == 0: time.sleep(20); os._exit(0)\nprint('OPEN')"
    ),
    Attack(
        "500 threads",
        "import threading, time\nfor n in range(500):\n    "
        "threading.Thread(target=time.sleep, args=(20,), daemon=True).start()\nprint('OPEN')",
    ),
    Attack(
        "start programs", "import subprocess; subprocess.run(['id'], check=True); print('OPEN')", "those of /usr, in the same box"
    ),
    Attack(
        "write into the first process", "open('/proc/1/mem', 'r+b'); print('OPEN')", "it is the box's own, behind the same walls"
    ),
)

RESOURCES = (
    Attack("3 GB at once", "x = bytearray(3 << 30); print('OPEN')"),
    Attack("much memory in 20 children", _hold(20, 75 << 20, "x = bytearray(75 << 20)")),
    Attack(
        "memory without an owner",
        _hold(20, 19 << 20, "f = os.memfd_create('x'); [os.write(f, bytes(1 << 20)) for _ in range(19)]"),
    ),
    Attack(
        "memory shared between processes",
        _hold(20, 50 << 20, "import mmap; m = mmap.mmap(-1, 50 << 20)\n            for _ in range(50): m.write(bytes(1 << 20))"),
    ),
    Attack("System V shared memory", _call(29, 0, 64 << 20, "0o1600")),
    Attack("memory in pipes", _hold(24, 28 << 20, "import fcntl\n            " + _PIPES)),
    Attack("run for ever", "while True: pass", after="time"),
    Attack("sleep for ever", "import time; time.sleep(600)", after="time"),
    Attack("one file of 600 MB", "f = open('big', 'wb')\nfor n in range(600): f.write(bytes(1 << 20))\nf.flush(); print('OPEN')"),
    Attack("one file with a hole of 1 TB", "f = open('big', 'wb'); f.truncate(1 << 40); print('OPEN')"),
    Attack("many files of 1 MB", _FILL.replace("PLACES", "('/box', '/tmp', '/dev/shm', '/dev', '/', '/run', '/var/tmp')")),
    Attack(
        "deleted files kept open",
        "files = []\nfor n in range(60):\n    f = open('f', 'wb'); f.write(bytes(4 << 20)); f.flush()\n"
        "    import os; os.unlink('f'); files.append(f)\nprint('OPEN')",
    ),
    Attack("200,000 empty files", "for n in range(200_000): open(f'/tmp/{n}', 'w').close()\nprint('OPEN')"),
    Attack("200 MB of output", "print('x' * 60_000_000); print('x' * 60_000_000, end='OPEN')"),
    Attack("endless errors", "import sys\nwhile True: sys.stderr.write('x' * 10000)"),
    Attack(
        "write to its own places",
        "for p in ('/tmp', '/box'): open(p + '/a', 'w').write('x')\nprint('OPEN')",
        "in memory of its own, with a size",
    ),
)

ATTACKS = (*FILES, *SECRETS, *NETWORK, *RIGHTS, *PROCESSES, *RESOURCES)

STAYS_OPEN = (
    "A fault of the kernel that a permitted system call reaches, or of the processor (timing): put a virtual machine around.",
    "Reading what lies in /usr of the host, and what /proc says about the machine.",
    "Between two looks, 20 ms apart, all processes together may take more memory than allowed; the kernel's bound is memory x "
    "processes.",
    "Using every processor until the time is over.",
    "Lying: output, exit code and files are what the program makes them.",
)
"""What no box of this kind stops."""
