"""Where the embedded servers keep their data."""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safetyplant.embedded.errors import EmbeddedError

SYSTEM_ROOT = Path("/var/lib/safetyplant")


@dataclass(frozen=True)
class Home:
    """One folder with a PostgreSQL cluster, a Valkey folder and the lock files around them.

    `durable` is off for test clusters, which give up crash safety for speed.
    """

    root: Path
    durable: bool = True

    @property
    def cluster(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def state(self) -> Path:
        """JSON written by the keeper once both servers answer: addresses and process ids."""
        return self.root / "servers.json"

    @property
    def log(self) -> Path:
        return self.root / "keeper.log"

    def lock(self, name: str) -> Path:
        return self.root / f"{name}.lock"


def home_of(checkout: Path, name: str = "main", *, durable: bool = True) -> Home:
    """The home of a checkout, made if missing.

    PostgreSQL refuses to run as root and its own OS user must reach the data, which would mean opening the folders above
    the checkout to everybody. As root the data therefore lies under /var/lib, and `var/embedded` links to it.
    """
    var = var_of(checkout)
    try:
        var.mkdir(parents=True, exist_ok=True)
        base = _system_base(var) if os.geteuid() == 0 else var / "embedded"
        root = base / name
        root.mkdir(parents=True, exist_ok=True)
        (root / "mutex.lock").touch()
    except OSError as error:
        raise EmbeddedError(
            f"SafetyPlant cannot write its data: {error.filename or var} is not writable ({error.strerror}); "
            "make it writable or set DATABASE_URL and REDIS_URL."
        ) from error
    return Home(root, durable)


def var_of(checkout: Path) -> Path:
    """The folder of everything that is made while running; SAFETYPLANT_VAR puts it elsewhere (tests of the start do)."""
    return Path(os.environ.get("SAFETYPLANT_VAR") or checkout.resolve() / "var")


def _system_base(var: Path) -> Path:
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:16]
    base = SYSTEM_ROOT / digest
    base.mkdir(parents=True, exist_ok=True)
    for folder in (SYSTEM_ROOT, base):
        folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    link = var / "embedded"
    if link.is_symlink() and link.readlink() != base:
        link.unlink(missing_ok=True)  # the checkout was moved or copied: its data is its own
    with suppress(FileExistsError):  # another start of this checkout may have made it meanwhile
        link.symlink_to(base)
    return base
