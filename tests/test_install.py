"""The locks of requirements/: all that pyproject.toml asks for, each file with its hash, nothing of CUDA."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import ROOT

LOCKS = ("build.lock", "torch.lock", "runtime.lock", "dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
PLATFORMS = [
    {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.1",
    }
    for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
    for minor in range(11, 15)
]


def read_lock(name: str) -> list[tuple[Requirement, list[str]]]:
    """Return each requirement of a lock with its hashes; options such as `-r` are left out."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line.split("--hash=") for line in text.splitlines() if not re.match("#|-|$", line)]
    return [(Requirement(first), [one.strip() for one in hashes]) for first, *hashes in entries]


def read_locks(*names: str) -> list[Requirement]:
    return [requirement for name in names for requirement, _ in read_lock(name)]


def applies(requirement: Requirement, platform: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(platform)


def with_extras(requirements: list[str]) -> list[Requirement]:
    """Replace `yinju[extra]` by what the extra names."""
    found = []
    for requirement in map(Requirement, requirements):
        if requirement.name == "yinju":
            found += with_extras([one for extra in requirement.extras for one in EXTRAS[extra]])
        else:
            found.append(requirement)
    return found


def missing(wanted: list[Requirement], locked: list[Requirement]) -> list[str]:
    """Return what no entry of the locks satisfies on one of the platforms."""
    return [
        f"{requirement} on {platform}"
        for platform in PLATFORMS
        for requirement in wanted
        if applies(requirement, platform)
        and not any(
            canonicalize_name(one.name) == canonicalize_name(requirement.name)
            and applies(one, platform)
            and requirement.specifier.contains(pinned(one))
            for one in locked
        )
    ]


def pinned(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


def test_what_a_user_needs_is_locked() -> None:
    wanted = with_extras(PROJECT["project"]["dependencies"])
    assert missing(wanted, read_locks("torch.lock", "runtime.lock")) == []


def test_what_a_developer_needs_is_locked() -> None:
    locked = read_locks("torch.lock", "runtime.lock", "dev.lock")
    assert missing(with_extras(EXTRAS["dev"]), locked) == []


def test_a_missing_dependency_would_be_noticed() -> None:
    wanted = [Requirement("numpy>=9"), Requirement("gone"), Requirement("rich; python_version<'3'")]
    problems = " ".join(missing(wanted, read_locks("runtime.lock")))
    assert "numpy>=9" in problems
    assert "gone" in problems
    assert "rich" not in problems


def test_building_needs_only_what_is_locked() -> None:
    wanted = with_extras(PROJECT["build-system"]["requires"])
    assert missing(wanted, read_locks("build.lock")) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_has_one_version_and_hashes(name: str) -> None:
    entries = read_lock(name)
    assert entries
    for requirement, hashes in entries:
        assert "*" not in pinned(requirement)
        assert hashes, requirement
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), requirement


def test_no_requirement_is_locked_twice() -> None:
    locked = read_locks("torch.lock", "runtime.lock", "dev.lock")
    for platform in PLATFORMS:
        names = [canonicalize_name(one.name) for one in locked if applies(one, platform)]
        assert len(names) == len(set(names))


def test_nothing_of_cuda_is_locked() -> None:
    names = [one.name for one in read_locks(*LOCKS)]
    assert [name for name in names if re.search("nvidia|cuda|cudnn|triton|-cu[0-9]+", name)] == []


def test_torch_is_the_cpu_build() -> None:
    """On Linux the version must say so: PyPI has the CUDA build under the same number without it."""
    for platform in PLATFORMS:
        (torch,) = [one for one in read_locks("torch.lock") if applies(one, platform)]
        assert pinned(torch).endswith("+cpu") == (platform["sys_platform"] == "linux")


def test_torch_requires_what_its_static_metadata_says() -> None:
    (stated,) = PROJECT["tool"]["uv"]["dependency-metadata"]
    assert {pinned(one).removesuffix("+cpu") for one in read_locks("torch.lock")} == {
        stated["version"]
    }
    required = map(Requirement, metadata.requires("torch") or [])
    assert {str(one) for one in required if one.marker is None} == set(stated["requires-dist"])


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    options = [line for line in text.splitlines() if line.startswith("-")]
    assert options == (["-r runtime.lock"] if name == "dev.lock" else [])


def test_the_installed_packages_are_those_of_the_locks() -> None:
    here = [one for one in read_locks(*LOCKS) if applies(one, {})]
    installed = {one.name: metadata.version(one.name) for one in here}
    assert installed == {one.name: pinned(one) for one in here}


def test_nothing_is_missing_from_what_the_locks_install() -> None:
    """They are installed with --no-deps, so pip itself would not notice."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_make_installs_from_the_locks_only() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", ".venv/developing"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    commands = done.stdout.replace("\\\n", "\n").splitlines()
    installs = [line for line in commands if " -m pip " in line]
    assert len(installs) == len(LOCKS) + 2  # torch in two ways, and yinju itself
    for line in installs:
        assert "--no-deps" in line
        assert "--no-build-isolation" in line
        assert "--require-hashes" in line or line.endswith("-e .")


@pytest.fixture(scope="module")
def renew() -> ModuleType:
    spec = spec_from_file_location("renew", ROOT / "requirements" / "renew.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_renewing_says_what_changed(
    renew: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "some.lock"
    old = "# comment\n-r other.lock\na==1 \\\n    --hash=sha256:00\nb.c==2 ; marker == 'x' \\\n    --hash=sha256:11\n"
    entries = renew.read_entries(old)
    assert list(entries) == ["a", "b.c"]
    renew.write_lock(lock, entries, first="-r other.lock\n")
    assert "".join(lock.read_text(encoding="utf-8").splitlines(keepends=True)[1:]) == (
        old.removeprefix("# comment\n")
    )
    capsys.readouterr()
    renew.write_lock(lock, {"a": "a==1 \\\n    --hash=sha256:00", "d": "d==3"})
    assert capsys.readouterr().out.splitlines() == [
        "some.lock: 1 new or changed, 1 gone or replaced",
        "  - b.c==2",
        "  + d==3",
    ]
