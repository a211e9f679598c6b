"""What forms of this room make of what is typed."""

import pytest

from inspections.forms.hazards import LONGEST_TITLE, split_text


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("Gate broken", "Gate broken", ""),
        ("  Gate broken \n", "Gate broken", ""),
        ("Gate broken.\nIt hangs on one hinge.", "Gate broken.", "Gate broken.\nIt hangs on one hinge."),
        ("护栏损坏。" + "铰链脱落，无法关闭，" * 20, "护栏损坏", "护栏损坏。" + "铰链脱落，无法关闭，" * 20),
    ],
)
def test_a_short_text_is_the_title_and_a_long_one_keeps_whole(text, title, description):
    assert split_text(text) == (title, description.strip())


@pytest.mark.parametrize("text", ["word " * 100, "字" * 400, "x" * 4000])
def test_a_long_text_without_sentences_is_cut_and_nothing_is_lost(text):
    title, description = split_text(text)
    assert len(title) <= LONGEST_TITLE
    assert title.endswith("…")
    assert description == text.strip()
