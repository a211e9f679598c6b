"""Pictures of the pages a story passes, for the README: taken when PICTURES=1, into docs/pictures/."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "docs" / "pictures"


def picture(page: Any, name: str, *, full: bool = False) -> None:
    if os.environ.get("PICTURES") != "1":
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full)
