"""Places to hide a flag in a box: what lies there, what is said about it, and how it is found.

A hiding place is drawn as parameters (JSON values) and laid out from them and the flag alone.
"""

from __future__ import annotations

import base64
import codecs
import csv
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from dutiful.core.records import Json
from dutiful.worlds.code.tree import File

WORDS = [
    *("anchor", "basalt", "copper", "dynamo", "easel", "falcon", "garnet", "harbor", "indigo", "jasper", "kettle", "lantern"),
    *("marble", "nickel", "orchid", "pepper", "quartz", "ribbon", "saddle", "timber", "umbra", "velvet", "walnut", "zephyr"),
]


class Step(NamedTuple):
    """A command, and a text in what it shows."""

    command: str
    shows: str


class Hidden(NamedTuple):
    """A flag in its place. `clues` go from exact to vague; the first half of them is seen in training."""

    files: Mapping[str, File]
    clues: tuple[str, ...]
    way: tuple[Step, ...]


def text(said: str) -> File:
    return File(said.encode())


def veiled(flag: str, key: str) -> str:
    """The flag in hexadecimal digits, for one who has the key."""
    stream = hashlib.sha256(key.encode()).digest() * 2
    return bytes(a ^ b for a, b in zip(flag.encode(), stream, strict=False)).hex()


UNVEIL = '''import hashlib


def unveil(key):
    """The flag, if the key is right; None for any other."""
    stream = hashlib.sha256(key.encode()).digest() * 2
    found = bytes(a ^ b for a, b in zip(bytes.fromhex(VEILED), stream))
    return found.decode() if found.startswith(b"flag{") and found.endswith(b"}") else None
'''


def dotfile(p: Json, flag: str) -> Hidden:
    path = f"{p['folder']}/.{p['name']}/.{p['other']}"
    files = {path: text(f"nothing to see\n{flag}\n"), f"{p['folder']}/{p['name']}.txt": text("Look elsewhere.\n")}
    clues = (
        f"a file below {p['folder']} whose name begins with a dot has it in plain text",
        f"somewhere in {p['folder']} a hidden file just says it",
        f"{p['folder']} has more than meets the eye",
        "not every file wants to be listed by a shell",
    )
    return Hidden(files, clues, (Step(f"grep -rh flag{{ {p['folder']}", flag),))


CODES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "base64": (base64.b64encode, "base64.b64decode(d)"),
    "base32": (base64.b32encode, "base64.b32decode(d)"),
    "hexadecimal": (lambda data: data.hex().encode(), "bytes.fromhex(d.decode())"),
    "reversed": (lambda data: data[::-1], "d[::-1]"),
    "rot13": (lambda data: codecs.encode(data.decode(), "rot13").encode(), "codecs.encode(d.decode(),'rot13').encode()"),
}


def encoded(p: Json, flag: str) -> Hidden:
    data, turns = flag.encode(), "d"
    for code in p["codes"]:
        data = CODES[code][0](data)
    for code in reversed(p["codes"]):
        turns = CODES[code][1].replace("(d", f"({turns}") if code != "reversed" else f"({turns})[::-1]"
    path = f"{p['folder']}/{p['name']}.enc"
    command = f"python3 -c \"import base64,codecs; d=open('{path}','rb').read().strip(); print(({turns}).decode())\""
    clues = (
        f"{path} has it, written as {', then '.join(p['codes'])}",
        f"undo {' and '.join(reversed(p['codes']))} on {path}",
        f"{path} was encoded {len(p['codes'])} times over, in common ways",
        f"decode {path}",
    )
    return Hidden({path: File(data + b"\n")}, clues, (Step(command, flag),))


def masked(p: Json, flag: str) -> Hidden:
    path = f"{p['folder']}/{p['name']}.bin"
    noise = Random(f"{flag} {p['byte']}").randbytes(300)
    data = bytes(byte ^ p["byte"] for byte in noise[:150] + flag.encode() + noise[150:])
    command = (
        f"python3 -c \"import re; d=open('{path}','rb').read(); "
        "[print(m.decode()) for k in range(256) for m in re.findall(rb'flag\\{[a-z0-9-]+\\}', bytes(b^k for b in d))]\""
    )
    clues = (
        f"in {path} every byte is combined by exclusive or with the same byte, which is not known",
        f"{path} is masked with one byte (exclusive or); try all 256",
        f"one key of one byte covers all of {path}",
        f"the noise in {path} is only half noise",
    )
    return Hidden({path: File(data)}, clues, (Step(command, flag),))


def archive(p: Json, flag: str) -> Hidden:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(zipfile.ZipInfo(f"{p['name']}/{p['other']}.txt"), f"{flag}\n")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as bundle:
        entry = tarfile.TarInfo(f"{p['other']}.zip")
        entry.size = len(inner.getvalue())
        bundle.addfile(entry, io.BytesIO(inner.getvalue()))
    path = f"{p['folder']}/{p['name']}.tar.gz"
    command = (
        f"python3 -c \"import tarfile,zipfile,io; t=tarfile.open('{path}'); z=zipfile.ZipFile(io.BytesIO("
        't.extractfile(t.getmembers()[0]).read())); print(z.read(z.namelist()[0]).decode())"'
    )
    clues = (
        f"unpack {path}, and the zip file in it",
        f"{path} holds an archive that holds a text file",
        f"{path}: boxes within boxes",
        f"open {p['name']}",
    )
    return Hidden({path: File(gzip.compress(packed.getvalue(), mtime=0))}, clues, (Step(command, flag),))


def log(p: Json, flag: str) -> Hidden:
    random = Random(f"log {flag} {p['address']}")
    others = [f"10.{random.randint(0, 9)}.{random.randint(0, 9)}.{random.randint(1, 99)}" for _ in range(6)]
    rows = [f"{other} {word}" for other in others for word in ["failed"] * random.randint(2, 6) + ["ok"] * random.randint(0, 12)]
    rows += [f"{p['address']} failed"] * 9 + [f"{p['address']} ok"]
    random.shuffle(rows)
    lines = [f"{6 + i // 40:02d}:{i % 40:02d} login from {row}" for i, row in enumerate(rows)]
    script = f"import sys\nVEILED = '{veiled(flag, p['address'])}'\n{UNVEIL}\n\nprint(unveil(sys.argv[1]) or 'not this one')\n"
    path, gate = f"{p['folder']}/{p['name']}.log", f"{p['folder']}/{p['other']}.py"
    counting = f"grep failed {path} | cut -d' ' -f4 | sort | uniq -c | sort -n | tail -1"
    clues = (
        f"give {gate} the address with most failed logins in {path}",
        f"{gate} wants an address: the one that failed most often, by {path}",
        f"the attacker's address opens {gate}; {path} knows it",
        f"someone knocked too often; tell {gate}",
    )
    files = {path: text("\n".join(lines) + "\n"), gate: text(script)}
    return Hidden(files, clues, (Step(counting, f" 9 {p['address']}"), Step(f"python3 {gate} {p['address']}", flag)))


def service(p: Json, flag: str) -> Hidden:
    script = f"import time\nVEILED = '{veiled(flag, p['pin'])}'\n{UNVEIL}\n\n"
    script += (
        "if __name__ == '__main__':\n    print('PIN?')\n    pin = input()\n    time.sleep(1)\n    print(unveil(pin) or 'wrong')\n"
    )
    path = f"{p['folder']}/{p['name']}.py"
    digits = len(p["pin"])
    command = (
        f'cd {p["folder"]}; python3 -c "import {p["name"]} as s; '
        f'[print(f) for i in range(10**{digits}) if (f:=s.unveil(str(i).zfill({digits})))]"'
    )
    clues = (
        f"{path} asks for a PIN of {digits} digits; try them all, but not through its prompt, which is slow",
        f"the service {path} has a PIN of {digits} digits and no limit on tries",
        f"{path} trusts {digits} digits",
        f"talk {path} into it",
    )
    return Hidden({path: text(script)}, clues, (Step(command, flag),))


def mode(p: Json, flag: str) -> Hidden:
    key, gate = f"{p['folder']}/{p['name']}.key", f"{p['folder']}/{p['other']}.py"
    script = (
        f"import os\nVEILED = '{veiled(flag, p['secret'])}'\n{UNVEIL}\n\npath = '{key}'\n"
        "if os.stat(path).st_mode & 0o777 != 0o600:\n    raise SystemExit('the key can be read by others; that is too open')\n"
        "print(unveil(open(path).read().strip()))\n"
    )
    clues = (
        f"{gate} reads {key}, and refuses a key that others may read: its mode must be 600",
        f"run {gate} from the top folder, once {key} is private enough (mode 600)",
        f"{gate} finds its key too open",
        f"{gate} is careful about keys",
    )
    files = {key: text(f"{p['secret']}\n"), gate: text(script)}
    return Hidden(files, clues, (Step(f"chmod 600 {key}; python3 {gate}", flag),))


def checksum(p: Json, flag: str) -> Hidden:
    random = Random(f"checksum {flag}")
    count, genuine = 10, p["place"]
    says = [f"report {i}\nflag{{{'-'.join(random.sample(WORDS, 2))}-{random.randint(100, 999)}}}\n" for i in range(count)]
    says[genuine] = f"report {genuine}\n{flag}\n"
    files = {f"{p['folder']}/{p['name']}{i}.txt": text(said) for i, said in enumerate(says)}
    digest = hashlib.sha256(says[genuine].encode()).hexdigest()
    command = f"cd {p['folder']}; cat $(sha256sum {p['name']}*.txt | grep ^{digest[:12]} | cut -c67-)"
    clues = (
        f"of the files {p['folder']}/{p['name']}*.txt the one whose SHA-256 begins with {digest[:12]} is genuine",
        f"only the report in {p['folder']} with the SHA-256 {digest[:12]}... tells the truth",
        f"ten reports in {p['folder']}, one real: {digest[:12]}",
        f"{digest[:12]} ({p['folder']})",
    )
    return Hidden(files, clues, (Step(command, flag),))


def tables(p: Json, flag: str) -> Hidden:
    random = Random(f"tables {flag}")
    people = random.sample(WORDS, 12)
    badges = random.sample(range(100, 1000), 12)
    chosen = p["place"]
    seen = [random.randint(1, 20) for _ in people]
    seen[chosen] = 30
    pieces = {badge: f"flag{{{'-'.join(random.sample(WORDS, 2))}-{random.randint(100, 999)}}}" for badge in badges}
    pieces[badges[chosen]] = flag
    folder = p["folder"]
    visits = [people[i] for i in range(12) for _ in range(seen[i])]
    random.shuffle(visits)
    files = {
        f"{folder}/people.csv": text(table(["person", "badge"], zip(people, badges, strict=True))),
        f"{folder}/lockers.csv": text(table(["badge", "content"], sorted(pieces.items()))),
        f"{folder}/visits.csv": text(table(["hour", "person"], enumerate(visits))),
    }
    command = (
        f"cd {folder}; p=$(cut -d, -f2 visits.csv | sort | uniq -c | sort -n | tail -1 | awk '{{print $2}}'); "
        "grep ^$(grep ^$p, people.csv | cut -d, -f2), lockers.csv"
    )
    clues = (
        f"it is in the locker of the person who came most often, by the tables in {folder}",
        f"{folder}: visits.csv tells who came most often, people.csv the badge, lockers.csv what is in the locker",
        f"the most frequent guest of {folder} has it",
        f"join the tables in {folder}",
    )
    return Hidden(files, clues, (Step(command, flag),))


def table(head: list[str], rows: object) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def history(p: Json, flag: str) -> Hidden:
    random = Random(f"history {flag}")
    cut = len(flag) // 2
    files = {}
    for number in range(8):
        line = random.choice(WORDS)
        rows = [
            f"--- a/{line}.conf",
            f"+++ b/{line}.conf",
            "@@ -1,2 +1,2 @@",
            f"-{random.choice(WORDS)} = {number}",
            "+port = 80",
        ]
        if number in p["places"]:
            rows.append(f"-token = {flag[:cut] if number == min(p['places']) else flag[cut:]}")
        files[f"{p['folder']}/{number:04d}.diff"] = text("\n".join(rows) + "\n")
    command = f"cat {p['folder']}/*.diff | grep '^-token' | cut -c10- | tr -d '\\n'"
    clues = (
        f"put together what the changes in {p['folder']} removed as token, first to last",
        f"a token was taken out of the code in two steps; {p['folder']} has the diffs",
        f"{p['folder']} never forgets what was deleted",
        f"old changes: {p['folder']}",
    )
    return Hidden(files, clues, (Step(command, flag),))


PLACES: dict[str, Callable[[Json, str], Hidden]] = {
    each.__name__: each for each in (dotfile, encoded, masked, archive, log, service, mode, checksum, tables, history)
}


def draw(kind: str, folder: str, random: Random) -> Json:
    """The parameters of a hiding place in a folder of its own."""
    name, other, secret = random.sample(WORDS, 3)
    found: Json = dict(folder=folder, name=name, other=other)
    match kind:
        case "encoded":
            codes = list(CODES)
            found["codes"] = [random.choice(codes[:3]), *random.sample(codes, random.randint(0, 2))]
        case "masked":
            found["byte"] = random.randint(1, 255)
        case "log":
            found["address"] = f"172.{random.randint(16, 31)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
        case "service":
            found["pin"] = str(random.randint(0, 9999)).zfill(4)
        case "mode":
            found["secret"] = f"{secret}-{random.randint(1000, 9999)}"
        case "checksum" | "tables":
            found["place"] = random.randrange(10)
        case "history":
            found["places"] = sorted(random.sample(range(8), 2))
        case _:
            pass
    return found
