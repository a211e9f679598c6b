"""What a phone downloads: the app's scripts stay small. Charts come apart, on pages that have some."""

import gzip
from pathlib import Path

from django.conf import settings

MOST = 120 * 1024


def test_the_scripts_of_the_app_are_at_most_120_kilobytes_compressed() -> None:
    scripts = [path for path in (Path(settings.BASE_DIR) / "static" / "dist").glob("*.js") if path.name != "charts.js"]
    assert {path.name for path in scripts} >= {"app.js", "field.js", "sw.js"}
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= MOST
