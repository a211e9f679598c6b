"""The keeper: `python -m safetyplant.embedded HOME durable|fast`."""

import sys
from pathlib import Path

from safetyplant.embedded.home import Home
from safetyplant.embedded.keeper import keep

if __name__ == "__main__":
    sys.exit(keep(Home(Path(sys.argv[1]), durable=sys.argv[2] == "durable")))
