from dataclasses import replace

from inspections.comparing import compare_items, match_items
from inspections.services.standards import ItemText

WORDS = ("Guard rail around the crank", "Control cabinet closed", "Relief valve in date", "Fire water level above limit")
OLD = [ItemText(str(n), text, "MECH", "G2") for n, text in enumerate(WORDS, start=1)]


def renumbered(items):
    return [replace(item, number=str(n)) for n, item in enumerate(items, start=1)]


def told(old, new):
    return [(c.kind, (c.old or c.new).text, c.fields) for c in compare_items(old, new).changes]


def test_equal_versions_differ_in_nothing():
    comparison = compare_items(OLD, OLD)
    assert (comparison.changes, comparison.same) == ([], 4)


def test_an_item_put_in_between_moves_no_other():
    new = renumbered([OLD[0], ItemText("", "Noise area marked", "PPE", "G3"), *OLD[1:]])
    assert told(OLD, new) == [("added", "Noise area marked", ())]


def test_a_removed_item_is_shown_where_it_stood():
    new = renumbered([OLD[0], replace(OLD[1], points=3), OLD[3]])
    assert told(OLD, new) == [("changed", WORDS[1], ("points",)), ("removed", WORDS[2], ())]


def test_another_wording_is_the_same_item():
    new = [replace(OLD[0], text="Guard rail around the crank and belt", score_cap=59, section="Pump"), *OLD[1:]]
    assert told(OLD, new) == [("changed", WORDS[0], ("text", "section", "score_cap"))]


def test_wholly_other_words_are_another_item():
    new = [replace(OLD[0], text="Oxygen measured before entry"), *OLD[1:]]
    assert [kind for kind, _text, _fields in told(OLD, new)] == ["removed", "added"]


def test_only_what_left_its_order_has_moved():
    new = renumbered([OLD[3], OLD[0], OLD[1], OLD[2]])
    assert told(OLD, new) == [("changed", WORDS[3], ("place",))]


def test_a_condition_on_an_item_with_another_number_is_the_same():
    old = [*OLD[:3], replace(OLD[3], shown_if="3", shown_on="fail")]
    new = renumbered([OLD[0], OLD[2], replace(OLD[3], shown_if="2", shown_on="fail")])
    assert told(old, new) == [("removed", WORDS[1], ())]
    other = [*OLD[:3], replace(OLD[3], shown_if="1", shown_on="fail")]
    assert told(old, other) == [("changed", WORDS[3], ("condition",))]


def test_chinese_words_alone_are_compared_too():
    old = [ItemText("1", "", "MECH", "G2", text_zh="曲柄皮带轮护栏齐全牢固")]
    new = [ItemText("1", "", "MECH", "G2", text_zh="曲柄和皮带轮护栏齐全牢固")]
    assert told(old, new)[0][2] == ("text_zh",)


def test_items_of_the_same_words_are_paired_in_their_order():
    twice = [OLD[0], replace(OLD[0], number="2", points=5)]
    assert match_items(twice, twice) == {0: 0, 1: 1}
