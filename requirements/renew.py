"""Write the lock files of this folder anew and print what changed: `make lock`.

`uv pip compile --universal` resolves once for Linux and macOS and for Python 3.11 to 3.14, and writes
a file that plain pip reads. pip-compile and `pip lock` resolve only for the machine that they run on:
on another one, a package that only that one needs would be missing.

- build.lock: setuptools, which builds yinju itself and each package that has no wheel (jieba);
- runtime.lock: what `make serve` installs;
- dev.lock: what `make test` and `make check` install on top of runtime.lock;
- torch.lock: written by hand; the reason stands in it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
PYPROJECT = FOLDER.parent / "pyproject.toml"
HEADER = "# Written by `make lock` (requirements/renew.py); do not edit.\n"
# uv repeats the limits of [tool.uv] environments behind each requirement. They are dropped: on
# another platform pip would pass over each such line, install nothing and report success.
LIMITS = (
    " ; python_full_version < '3.15' and (sys_platform == 'darwin' or sys_platform == 'linux') "
)

Entries = dict[str, str]
"""Each package's requirement with its hashes, as it stands in a lock file, by the package's name."""


def read_entries(text: str) -> Entries:
    """Return the entries of a lock file's text; comments and options are left out."""
    found = re.findall(r"^[A-Za-z0-9].*(?:\n[ \t].*)*", text, re.MULTILINE)
    return {re.split(r"[^\w.-]", entry, maxsplit=1)[0].split("==")[0]: entry for entry in found}


def compile_lock(uv: str, *arguments: str, constraints: Entries, requirements: str = "") -> Entries:
    """Resolve requirements to the newest releases that fit, within the constraints' versions.

    Raises CalledProcessError where nothing fits; uv then prints why.
    """
    pins = "".join(f"{pin_of(entry)}\n" for entry in constraints.values())
    scratch = FOLDER / "constraints.tmp"
    scratch.write_text(pins, encoding="utf-8")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version=3.11"]
    command += ["--fork-strategy=fewest", "--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--no-emit-package=torch", f"--constraint={scratch}", *arguments]
    try:
        done = subprocess.run(
            command,
            input=requirements,
            cwd=FOLDER.parent,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        scratch.unlink()
    return read_entries(done.stdout.replace(LIMITS, " "))


def pin_of(entry: str) -> str:
    """Return `name==version` of an entry."""
    return re.split(r"[\s;\\]", entry, maxsplit=1)[0]


def write_lock(path: Path, entries: Entries, first: str = "") -> None:
    """Write one lock file and print each package whose version differs from the file's before."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before = {pin_of(entry) for entry in read_entries(text).values()}
    after = {pin_of(entry) for entry in entries.values()}
    path.write_text(HEADER + first + "\n".join(entries.values()) + "\n", encoding="utf-8")
    print(
        f"{path.name}: {len(after - before)} new or changed, {len(before - after)} gone or replaced"
    )
    for pin in sorted(before ^ after):
        print(f"  {'-' if pin in before else '+'} {pin}")


def main(uv: str) -> None:
    """Resolve the developer's set first: the runtime set is then a part of it, version by version."""
    everything = compile_lock(uv, str(PYPROJECT), "--extra=dev", constraints={})
    runtime = compile_lock(uv, str(PYPROJECT), constraints=everything)
    build = compile_lock(uv, "-", constraints=everything, requirements="setuptools\n")
    extra = {name: entry for name, entry in everything.items() if name not in runtime}
    write_lock(FOLDER / "build.lock", build)
    write_lock(FOLDER / "runtime.lock", runtime)
    write_lock(FOLDER / "dev.lock", extra, first="-r runtime.lock\n")


if __name__ == "__main__":
    main(sys.argv[1])
