"""The commands: look whether a start is possible, set up what is missing, hand over to the supervisor."""

import argparse
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from deploy import setup
from deploy.say import Fault
from safetyplant.embedded import EmbeddedError, home_of, locks
from safetyplant.embedded.home import var_of

CHECKOUT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("command", choices=["run", "setup"])
    parser.add_argument("--tests", action="store_true", help="also what the checks and tests need, a browser among it")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        if options.command == "run":
            refuse_early(CHECKOUT)
        setup.prepare(CHECKOUT, for_tests=options.tests)
    except (Fault, EmbeddedError) as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"SafetyPlant cannot start: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    if options.command == "run":
        sys.stdout.flush()
        python = str(setup.python_of(CHECKOUT))
        # The same process goes on, so that whoever started it holds the right process id.
        os.execv(python, [python, "-m", "deploy.supervise"])  # noqa: S606 - no shell is wanted
    return 0


def refuse_early(checkout: Path) -> None:
    """What would fail after a minute of setting up is said at once."""
    home_of(checkout)  # writable
    refuse_second_run(checkout)
    refuse_taken_port(port_wanted())


def refuse_second_run(checkout: Path) -> None:
    if locks.is_held(var_of(checkout) / "run.lock"):
        raise Fault(f"SafetyPlant already runs from {checkout}; stop that one first (Ctrl-C in its terminal).")


def port_wanted() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Fault(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Fault(
                f"Port {port} may not be used by this account; choose another, for example: PORT=8001 make run"
            ) from error
        except OSError as error:
            raise Fault(f"Port {port} is in use; stop what uses it or choose another, for example: PORT=8001 make run") from error


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
