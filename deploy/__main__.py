"""`python -m deploy run|setup [--tests]`: from a bare machine to a running product, with the standard library alone.

This module must be readable by any Python 3, so that an old one is told what is missing rather than shown a traceback.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - see above
    version = sys.version.split()[0]
    sys.exit("SafetyPlant needs Python 3.11 or newer, and this is " + version + ". Name one: make PYTHON=python3.11 run")

from deploy.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
