"""From a paper to PDF, by typst: no system library, and user text is data, never markup."""

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from safetyplant.reporting.papers.blocks import Paper, Pictures
from safetyplant.reporting.papers.pictures import shrink

TEMPLATE = Path(__file__).parent / "paper.typ"
FAMILY = "Noto Sans SC"


def render_paper(build: Callable[[], Paper], *, language: str) -> bytes:
    """The PDF of what `build` says, in this language: `build` is called with it in force.

    Raises ImproperlyConfigured if the fonts are missing: a paper of empty boxes would be signed unread.
    """
    with translation.override(language), tempfile.TemporaryDirectory(prefix="paper-") as folder:
        root = Path(folder)
        paper = build()
        data = _data(paper, root) | {"language": "zh" if language.startswith("zh") else "en"}
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (root / "paper.typ").write_bytes(TEMPLATE.read_bytes())
        return typst.compile(root / "paper.typ", root=root, font_paths=_fonts(), format="pdf")


def paper_response(build: Callable[[], Paper], *, filename: str, language: str | None = None) -> HttpResponse:
    """The paper in the reader's language unless another is asked for, shown in the browser, saved as `filename`.pdf."""
    content = render_paper(build, language=language or translation.get_language() or "en")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}.pdf"'
    return response


@cache
def _fonts() -> Any:
    folder = settings.BASE_DIR / "build" / "fonts"
    if not any(folder.glob("*.ttf")):
        raise ImproperlyConfigured("The fonts of printed papers are missing. Run: make setup")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _data(paper: Paper, root: Path) -> dict[str, Any]:
    if paper.address:
        segno.make(paper.address, error="m", micro=False).save(str(root / "code.svg"), border=0)
    return {
        "title": str(paper.title),
        "number": paper.number,
        "issuer": paper.issuer,
        "mark": str(paper.mark),
        "footer": str(paper.footer),
        "has_code": bool(paper.address),
        "family": FAMILY,
        "page_words": _("Page {page} of {pages}"),
        "blocks": [_block(position, block, root) for position, block in enumerate(paper.blocks)],
    }


def _block(position: int, block: Any, root: Path) -> dict[str, Any]:
    data = {"kind": block.kind, "heading": str(block.heading), **block.as_data()}
    if isinstance(block, Pictures):
        data["files"] = []
        for number, picture in enumerate(block.pictures):
            name = f"{position}-{number}.jpg"
            (root / name).write_bytes(shrink(picture))
            data["files"].append(name)
    return data
