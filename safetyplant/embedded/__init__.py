"""A real PostgreSQL and a real Redis-protocol server from wheels, when no address of one is given.

One *keeper* process per home owns both servers. Everybody who uses them holds a shared file lock (a lease); the kernel
drops it however that process ends, and the keeper stops the servers when the last lease is gone. So `manage.py` commands
share the servers of a running `make run`, several commands share one pair, and nothing is left behind, even after SIGKILL.

Everything here is standard library: it runs before Django and before any setting is read.
"""

from safetyplant.embedded import running
from safetyplant.embedded.errors import EmbeddedError
from safetyplant.embedded.home import Home, home_of
from safetyplant.embedded.lease import CHECKOUT, Lease, acquire, provide

__all__ = ["CHECKOUT", "EmbeddedError", "Home", "Lease", "acquire", "home_of", "provide", "running"]
