from inspections.asking import Condition, asked_items

CHAIN = [Condition(1), Condition(2, 1, "fail"), Condition(3, 2, "pass"), Condition(4, 1, "na")]


def test_what_is_asked_follows_the_answers() -> None:
    assert asked_items(CHAIN, {}) == {1}
    assert asked_items(CHAIN, {1: "fail"}) == {1, 2}
    assert asked_items(CHAIN, {1: "fail", 2: "pass"}) == {1, 2, 3}
    assert asked_items(CHAIN, {1: "na", 2: "pass"}) == {1, 4}


def test_what_is_not_asked_counts_as_not_answered() -> None:
    """Item 2 was answered before item 1 was changed: item 3, which depends on it, is not asked either."""
    assert asked_items(CHAIN, {1: "pass", 2: "pass"}) == {1}
