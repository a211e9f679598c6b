# ruff: noqa: DTZ001 (cells of a spreadsheet name no zone)
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from safetyplant.reporting.imports import (
    Boolean,
    CellFault,
    Choice,
    Date,
    DateTime,
    Integer,
    Many,
    Money,
    Name,
    Number,
    Text,
    TimeOfDay,
)
from safetyplant.reporting.imports.parsers import CellStyle
from safetyplant.reporting.imports.parsers.cells import cell_text, refuse_unreadable
from safetyplant.reporting.imports.parsers.dates import day_month_evidence

PLANT = ZoneInfo("Asia/Shanghai")
DMY = CellStyle(date_order="dmy")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/27/1996", (1996, 3, 27)),
        ("1996-03-27", (1996, 3, 27)),
        ("2026年6月18日 14:20", (2026, 6, 18, 14, 20)),
        ("2026年6月18日（星期四）14时20分", (2026, 6, 18, 14, 20)),
        ("2026.6.18", (2026, 6, 18)),
        ("２０２６／６／１８　１４：２０", (2026, 6, 18, 14, 20)),
        ("1/1/2010 7:15 AM", (2010, 1, 1, 7, 15)),
        ("1/1/2010 12:05 AM", (2010, 1, 1, 0, 5)),
        ("1/1/2010 12:05 PM", (2010, 1, 1, 12, 5)),
        ("1/1/2010 13:05", (2010, 1, 1, 13, 5)),
        ("1/1/2010 13:05 PM", (2010, 1, 1, 13, 5)),
        ("12/15/2015 10:40:07 AM", (2015, 12, 15, 10, 40, 7)),
        ("2026/6/18 下午2:20", (2026, 6, 18, 14, 20)),
        ("2026/6/18 晚上8点半", (2026, 6, 18, 20, 30)),
        ("20260618", (2026, 6, 18)),
        ("202606181420", (2026, 6, 18, 14, 20)),
        ("46191", (2026, 6, 18)),
        ("46191.5", (2026, 6, 18, 12)),
        (46191, (2026, 6, 18)),
        (46191.25, (2026, 6, 18, 6)),
        ("27-Mar-96", (1996, 3, 27)),
        ("March 27, 1996 3 PM", (1996, 3, 27, 15)),
        ("2026-06-18T14:20", (2026, 6, 18, 14, 20)),
        (datetime(2026, 6, 18, 14, 20), (2026, 6, 18, 14, 20)),
        (date(2026, 6, 18), (2026, 6, 18)),
    ],
)
def test_moments_in_every_style_are_plant_time(written, meant):
    assert DateTime()(written) == datetime(*meant, tzinfo=PLANT)
    assert Date()(written) == date(*meant[:3])


def test_moment_that_names_its_zone_keeps_it():
    assert DateTime()("2026-06-18T14:20:00Z") == datetime(2026, 6, 18, 22, 20, tzinfo=PLANT)
    assert Date()("2026-06-18T20:00:00Z") == date(2026, 6, 19)


@pytest.mark.parametrize(
    "written",
    [
        "2026",
        "6.18",
        "31/31/2020",
        "2/30/2020",
        "2026-06-18 25:00",
        "soon",
        "0",
        "99999999",
        "1e5",
        "12:30",
        "1/1/0001",
        "４５",
        True,
    ],
)
def test_what_is_not_certainly_a_date_is_a_fault(written):
    with pytest.raises(CellFault):
        DateTime()(written)


def test_order_of_day_and_month_comes_from_the_column():
    assert Date()("13/2/2026", DMY) == date(2026, 2, 13)
    assert Date()("3/4/2026", DMY) == date(2026, 4, 3)
    with pytest.raises(CellFault, match="other way round"):
        Date()("13/2/2026")
    assert [day_month_evidence(cell) for cell in ("13/2/2026", "2/13/2026", "2/3/2026", "2/2/2026", "2026-13-02", 5)] == [
        "dmy",
        "mdy",
        "either",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("￥1,234.56", "1234.56"),
        ("¥ 1,234", "1234"),
        ("1.2万元", "12000"),
        ("3亿", "300000000"),
        ("$1,627", "1627"),
        ("US$ 5", "5"),
        ("(300)", "-300"),
        ("-￥5", "-5"),
        ("１２３４", "1234"),
        ("人民币 500元整", "500"),
        (1627, "1627"),
        (12.5, "12.5"),
        ("0", "0"),
    ],
)
def test_money_in_every_style(written, meant):
    assert Money()(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written", ["12,5", "1,23", "1.2.3", "five", "1e400", "9" * 31, float("nan"), float("inf"), "1元2", "=1+1"]
)
def test_numbers_are_never_guessed(written):
    with pytest.raises(CellFault):
        Money()(written)


def test_decimal_comma_when_the_mapping_says_so():
    assert Number()("1.234,56", CellStyle(decimal=",")) == Decimal("1234.56")


def test_blanks_and_placeholders_are_nothing_not_zero():
    for blank in (None, "", "  ", "\u3000", "-", "—", "N/A", "NULL"):
        assert Money()(blank) is None
        assert Date()(blank) is None
        assert Integer()(blank) is None
    assert Many()("") == ()
    assert Text()("-") == "-"


def test_integers_refuse_parts_and_bounds():
    assert Integer()("12.0") == 12
    assert Integer()(12.0) == 12
    for written in ("12.5", -1):
        with pytest.raises(CellFault):
            Integer(minimum=0)(written)


def test_yes_and_no_in_both_languages():
    assert [Boolean()(word) for word in ("是", "Y", "ｙｅｓ", "√", True, 1)] == [True] * 6
    assert [Boolean()(word) for word in ("否", "N", "no", "×", False, "0")] == [False] * 6
    with pytest.raises(CellFault):
        Boolean()("perhaps")


def test_choice_by_code_or_word():
    level = Choice(lambda: {"G3": ("minor", "岗位级")})
    assert [level(word) for word in ("G3", "g3 ", "Minor", "岗位级", None)] == ["G3", "G3", "G3", "G3", None]
    with pytest.raises(CellFault, match="minor"):
        level("G9")


def test_many_values_in_one_cell():
    assert Many()("张三、李四； 王五/赵六\n张三") == ("张三", "李四", "王五", "赵六")
    assert Many()("a,b", CellStyle(separators=",")) == ("a", "b")
    assert Many(of=Integer())("1;2; ;３") == (1, 2, 3)


def test_several_columns_for_one_field():
    assert Money().combine(["110", "", "1,517", None], CellStyle()) == Decimal(1627)
    assert Money().combine(["", None], CellStyle()) is None
    assert DateTime().combine([datetime(2026, 6, 18), time(14, 20)], CellStyle()) == datetime(2026, 6, 18, 14, 20, tzinfo=PLANT)
    assert Text().combine(["a", None, " b "], CellStyle(), ": ") == "a: b"
    assert Many().combine(["a;b", "b;c"], CellStyle()) == ("a", "b", "c")


def test_times_of_day():
    written = ("14:20", "2:20 PM", "下午2:20", "14时20分", "1420", 0.5, time(8), "8点")
    meant = (time(14, 20), time(14, 20), time(14, 20), time(14, 20), time(14, 20), time(12), time(8), time(8))
    assert tuple(map(TimeOfDay(), written)) == meant
    for wrong in ("25:00", "14", "8:75"):
        with pytest.raises(CellFault):
            TimeOfDay()(wrong)


def test_names_lose_padding_and_texts_keep_their_lines():
    assert Name()("  Conoco\u3000 Inc. \n") == "Conoco Inc."
    assert Text()("\ufeff a\nb ") == "a\nb"
    with pytest.raises(CellFault, match="3"):
        Text(max_length=3)("abcd")


@pytest.mark.parametrize("cell", ["a\0b", "a\ud800", "a\ufffd", "#REF!", "x" * 100_001])  # noqa: PT014 (they differ)
def test_what_cannot_be_stored_or_meant_is_a_fault(cell):
    with pytest.raises(CellFault):
        refuse_unreadable(cell)


def test_cells_as_text_are_the_same_from_text_and_from_spreadsheets():
    assert [
        cell_text(cell) for cell in (32109.0, 32109, "32109 ", 0.1, True, datetime(2026, 6, 18), datetime(2026, 6, 18, 7, 5))
    ] == [
        "32109",
        "32109",
        "32109",
        "0.1",
        "TRUE",
        "2026-06-18",
        "2026-06-18 07:05:00",
    ]
