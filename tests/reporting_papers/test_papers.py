"""Papers are set in type: Chinese as Chinese, user text as text, many pages, photos at a size one can mail."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext
from PIL import Image

from safetyplant.reporting.papers import (
    Facts,
    Notice,
    Paper,
    PaperPicture,
    Pictures,
    Signatures,
    Table,
    Text,
    render_paper,
    typesetting,
)
from tests.reporting_papers.pixels import ink, pages_of, title_of


def paper(title="Inspection report", *blocks, **changes):
    return Paper(title=title, number="INS-2026-0001", issuer="Third branch factory", blocks=blocks, **changes)


def rendered(title="Inspection report", *blocks, language="en", **changes):
    return render_paper(lambda: paper(title, *blocks, **changes), language=language)


def picture(width=4000, height=3000):
    stream = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(stream, "JPEG")
    return PaperPicture(lambda: io.BytesIO(stream.getvalue()), "Guard rail")


def test_chinese_is_printed_not_boxes():
    # A letter of the private use area is in no font: what is printed for it is the box.
    titles = {
        title: title_of(rendered(title, language="zh-hans")) for title in ("安全检查", "整改通知", "\ue000\ue001\ue002\ue003")
    }
    assert len(set(titles.values())) == 3
    assert all(ink(pixels) > 0.01 for title, pixels in titles.items() if title[0] != "\ue000")


def test_user_text_is_never_markup():
    nasty = '#panic("read") $x$ *bold* `raw` \\ #image("/etc/passwd") <label> @ref'
    blocks = (
        Facts([(nasty, nasty)]),
        Text(nasty, nasty),
        Notice(nasty),
        Table([nasty], [[nasty]]),
        Signatures([(nasty, nasty, "")]),
    )
    assert len(pages_of(rendered(nasty, *blocks, footer=nasty, mark=nasty))) == 1


def test_a_long_table_goes_on_over_pages():
    rows = [[number, "Guard rail around crank"] for number in range(200)]
    assert len(pages_of(rendered("Report", Table(["No.", "Item"], rows, (1, 4))))) > 3


def test_ten_photos_of_twelve_megapixels_make_a_paper_one_can_mail():
    content = rendered("Report", Pictures([picture()] * 10, "Photos"), address="https://plant.example/inspections/1/")
    assert len(content) < 5_000_000
    assert len(pages_of(content)) >= 2


def test_words_are_in_the_language_asked_for():
    seen = []
    render_paper(lambda: seen.append(gettext("Hazard")) or paper(), language="zh-hans")
    assert seen == ["隐患"]


def test_missing_fonts_stop_the_paper(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    typesetting._fonts.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="fonts"):
            rendered()
    finally:
        typesetting._fonts.cache_clear()
