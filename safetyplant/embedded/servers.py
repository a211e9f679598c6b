"""Start and stop of the two servers, as children that die with their parent."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safetyplant.embedded.engines import Engines
from safetyplant.embedded.errors import EmbeddedError
from safetyplant.embedded.home import Home

START_SECONDS = 60
DATABASE = ROLE = "safetyplant"
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


def die_with_parent(sig: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `sig` when the parent dies, whatever killed it (Linux; elsewhere nothing happens)."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arm() -> None:
        prctl(1, sig, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and now
            os.kill(os.getpid(), sig)

    return arm


def free_port(preferred: int = 0) -> int:
    """`preferred` if nothing listens there, or any free port of the loopback."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No free port on 127.0.0.1 for the embedded servers.")


@dataclass
class Server:
    """What both servers share: an account, a log, a process."""

    home: Home
    engines: Engines
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def spawn(self, command: Sequence[str], log: Path, *, death: int) -> None:
        account = self.engines.account
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home.root,
                env=_clean_environment(),
                user=account.uid if account.switch else None,
                group=account.gid if account.switch else None,
                extra_groups=[] if account.switch else None,
                start_new_session=True,
                preexec_fn=die_with_parent(death),  # noqa: PLW1509 - the keeper has one thread
            )

    def stop(self, *signals: int, patience: float = 20) -> None:
        if self.process is None:
            return
        for sig in (*signals, signal.SIGKILL):
            if self.process.poll() is not None:
                return
            self.process.send_signal(sig)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Postgres(Server):
    """PostgreSQL with a password of its own on a loopback port."""

    def start(self) -> None:
        self._initialise()
        end_orphan(self.home.cluster / "postmaster.pid", str(self.home.cluster), signal.SIGINT)
        for _attempt in range(3):
            self.port = free_port(self.port)
            self.spawn(self._command(), self.home.root / "postgres.log", death=signal.SIGINT)
            if self._becomes_ready():
                return
        raise EmbeddedError(f"The embedded PostgreSQL did not start; its log is {self.home.root / 'postgres.log'}.")

    def halt(self) -> None:
        self.stop(signal.SIGINT, signal.SIGQUIT)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{_secret(self.home)}@127.0.0.1:{self.port}/{DATABASE}"

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            **({} if self.home.durable else FAST_SETTINGS),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.engines.postgres_bin / "postgres"), "-D", str(self.home.cluster), *options]

    def _becomes_ready(self) -> bool:
        pidfile, end = self.home.cluster / "postmaster.pid", time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < end:
            lines = _lines(pidfile)
            if len(lines) >= 8 and lines[0] == str(self.process.pid if self.process else 0) and lines[7].strip() == "ready":
                return True
            time.sleep(0.02)
        self.halt()
        return False

    def _initialise(self) -> None:
        """Make the cluster and its database aside and move it into place whole, so that a cut first start leaves none."""
        if self.home.cluster.exists():
            return
        fresh, account = self.home.root / f"postgres.{os.getpid()}", self.engines.account
        fresh.mkdir(mode=0o700)
        account.own(fresh)
        password = self.home.root / f"password.{os.getpid()}"
        password.write_text(_secret(self.home))
        password.chmod(0o600)
        account.own(password)
        options = [
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--auth=scram-sha-256",
        ]
        self._run("initdb", "-D", str(fresh), "-U", ROLE, f"--pwfile={password}", "--no-sync", *options)
        password.unlink()
        self._run("postgres", "--single", "-D", str(fresh), "postgres", sql=f"CREATE DATABASE {DATABASE};\n")
        fresh.rename(self.home.cluster)

    def _run(self, program: str, *arguments: str, sql: str = "") -> None:
        account = self.engines.account
        done = subprocess.run(
            [str(self.engines.postgres_bin / program), *arguments],
            check=False,
            input=sql,
            capture_output=True,
            text=True,
            cwd=self.home.root,
            env=_clean_environment(),
            user=account.uid if account.switch else None,
            group=account.gid if account.switch else None,
            extra_groups=[] if account.switch else None,
        )
        if done.returncode != 0 or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            detail = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
            raise EmbeddedError(f"The embedded PostgreSQL could not be prepared ({program}: {detail[0]}).")


class Valkey(Server):
    """Valkey (the Redis protocol) with a password of its own on a loopback port."""

    def start(self) -> None:
        self.home.valkey.mkdir(mode=0o700, exist_ok=True)
        self.engines.account.own(self.home.valkey)
        end_orphan(self.home.valkey / "valkey.pid", "valkey-server", signal.SIGTERM)
        for _attempt in range(3):
            self.port = free_port(self.port)
            self.spawn(
                [str(self.engines.valkey_server), str(self._configuration())], self.home.root / "valkey.log", death=signal.SIGTERM
            )
            if self._becomes_ready():
                return
        raise EmbeddedError(f"The embedded Redis server did not start; its log is {self.home.root / 'valkey.log'}.")

    def halt(self) -> None:
        self.stop(signal.SIGTERM)

    @property
    def url(self) -> str:
        return f"redis://:{_secret(self.home)}@127.0.0.1:{self.port}/0"

    def _configuration(self) -> Path:
        """In a file rather than on the command line, where everyone on the machine could read the password."""
        path = self.home.valkey / "valkey.conf"
        snapshots = "300 1" if self.home.durable else '""'
        path.write_text(
            "bind 127.0.0.1\n"
            f"port {self.port}\n"
            f'dir "{self.home.valkey}"\n'
            f'pidfile "{self.home.valkey / "valkey.pid"}"\n'
            f"requirepass {_secret(self.home)}\n"
            f"save {snapshots}\n"
            "databases 256\nappendonly no\nmaxmemory-policy noeviction\nloglevel warning\n"
        )
        path.chmod(0o600)
        self.engines.account.own(path)
        return path

    def _becomes_ready(self) -> bool:
        end = time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(f"AUTH {_secret(self.home)}\r\nPING\r\n".encode())
                    if b"+OK" in connection.recv(64):
                        return True
            except OSError:
                pass  # not listening yet
            time.sleep(0.02)
        self.halt()
        return False


def end_orphan(pidfile: Path, mark: str, sig: int) -> None:
    """Clear what a keeper killed outright left behind: a running server, or a pid file whose number is another process's now."""
    lines = _lines(pidfile)
    if not lines or not lines[0].strip().isdigit():
        return
    pid = int(lines[0])
    end = time.monotonic() + START_SECONDS
    while mark in _command_line(pid):
        if time.monotonic() > end:
            raise EmbeddedError(f"An earlier server (process {pid}) still uses {pidfile.parent}; end it and start again.")
        os.kill(pid, sig)
        time.sleep(0.1)
    pidfile.unlink(missing_ok=True)


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return done.stdout


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _secret(home: Home) -> str:
    """The password of both servers, made once per home and readable by its owner alone."""
    path = home.root / "password"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(16))
    return path.read_text()


def _clean_environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables or locale may steer the embedded servers."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
