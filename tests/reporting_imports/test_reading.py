# ruff: noqa: DTZ001 (cells of a spreadsheet name no zone)
import zipfile
from datetime import datetime
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS

from safetyplant.reporting.imports import limits
from safetyplant.reporting.imports.headers import understand_sheet
from safetyplant.reporting.imports.opening import open_source
from safetyplant.reporting.imports.reading import ReadOptions, UnreadableFile

CHINESE = "编号,单位,备注\n1,采油一队,法兰渗油需要处理\n2,集输站,压力表未检定\n"


def table_of(path: Path, options: ReadOptions | None = None, sheet: int = 0):
    options = options or ReadOptions()
    with open_source(path, options) as source:
        table = understand_sheet(source, source.sheets[sheet], options)
        return table, list(table.records())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encoding_is_found(write_csv, encoding):
    table, rows = table_of(write_csv(CHINESE, encoding=encoding))
    assert table.columns == ("编号", "单位", "备注")
    assert [row.cells for row in rows] == [["1", "采油一队", "法兰渗油需要处理"], ["2", "集输站", "压力表未检定"]]


def test_western_and_traditional_files(write_csv):
    assert table_of(write_csv("Société;Où\nÉté;né à Orléans\n", encoding="cp1252"))[0].columns == ("Société", "Où")
    assert table_of(write_csv("編號,單位\n安全檢查,採油廠\n" * 5, encoding="big5"))[0].columns == ("編號", "單位")


def test_named_encoding_wins_and_a_wrong_name_is_said(write_csv):
    path = write_csv("a,b\né,1\n", encoding="latin-1")
    assert table_of(path, ReadOptions(encoding="cp1251"))[1][0].cells == ["й", "1"]
    for name in ("klingon", "base64", "../x"):
        with pytest.raises(UnreadableFile):
            table_of(path, ReadOptions(encoding=name))


def test_chinese_far_behind_a_long_ascii_start(write_csv):
    path = write_csv("n,t\n" + "1,plain\n" * 200_000 + "2,隐患整改\n", encoding="gb18030")
    assert table_of(path)[1][-1].cells == ["2", "隐患整改"]


def test_one_broken_byte_does_not_change_the_encoding(write_csv):
    path = write_csv(CHINESE)
    path.write_bytes(path.read_bytes() + b"3,\xff,ok\n")
    assert table_of(path)[1][-1].cells == ["3", "\ufffd", "ok"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_found(write_csv, delimiter):
    table, rows = table_of(write_csv(delimiter.join("abc") + "\n" + delimiter.join(('"x, y; z"', "2", "3")) + "\n"))
    assert table.columns == ("a", "b", "c")
    assert rows[0].cells == ["x, y; z", "2", "3"]


def test_row_numbers_are_those_of_a_spreadsheet(write_csv):
    path = write_csv('a,b\n"two\nlines",1\n\n,\nx,2\n')
    assert [(row.number, row.cells) for row in table_of(path)[1]] == [(2, ["two\nlines", "1"]), (5, ["x", "2"])]


def test_title_rows_and_merged_headers(write_xlsx):
    rows = [
        ["事故损失统计表"],
        ["制表：安全科", None, None, "2026年6月"],
        ["编号", "日期", "损失", None, "备注"],
        [None, None, "直接", "间接", None],
        ["A1", datetime(2026, 6, 18, 14, 20), 1.5, 2, "x"],
        [],
        ["A2", datetime(2026, 6, 19), None, 2],
    ]
    path = write_xlsx({"损失": rows}, merges={"损失": ["A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"]})
    table, found = table_of(path)
    assert table.columns == ("编号", "日期", "损失 直接", "损失 间接", "备注")
    assert table.titles[0] == "事故损失统计表"
    assert [(row.number, row.cells) for row in found] == [
        (5, ["A1", datetime(2026, 6, 18, 14, 20), 1.5, 2, "x"]),
        (7, ["A2", datetime(2026, 6, 19), None, 2]),
    ]


def test_two_header_rows_in_plain_text(write_csv):
    table, rows = table_of(write_csv("编号,损失,,备注\n,直接,间接,\nA1,1,2,x\n"))
    assert table.columns[:3] == ("编号", "损失 直接", "损失 间接")
    assert [row.number for row in rows] == [3]


def test_named_header_row_and_no_header(write_csv):
    path = write_csv("x,1\na,b\nc,d\n")
    assert table_of(path, ReadOptions(header_row=2))[0].columns == ("a", "b")
    table, rows = table_of(path, ReadOptions(header_row=0))
    assert (table.columns, len(rows)) == (("A", "B"), 3)


def test_repeated_and_missing_column_names(write_csv):
    assert table_of(write_csv("date,,Date,x\n1,2,3,4\n"))[0].columns == ("date", "B", "Date (2)", "x")


def test_sheets_of_a_workbook(write_xlsx):
    path = write_xlsx({"甲": [["a", "b"], [1, 2]], "乙": [["a", "b"], [3, 4], [5, 6]]})
    assert [row.cells for row in table_of(path, sheet=1)[1]] == [[3, 4], [5, 6]]


def test_dates_in_the_other_date_system(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["a", "b"])
    book.active.append([datetime(2026, 6, 18), "x"])
    book.save(tmp_path / "mac.xlsx")
    assert table_of(tmp_path / "mac.xlsx")[1][0].cells == [datetime(2026, 6, 18), "x"]


def test_shared_strings_are_plain_texts_by_index(tmp_path, write_xlsx):
    path = write_xlsx({"S": [["a", "b"], ["x", 1]]})
    cells = '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>0</v></c></row>'
    shared = "<si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si>"
    rewritten = tmp_path / "shared.xlsx"
    rewrite(path, rewritten, rows=cells, shared=shared)
    assert table_of(rewritten)[1][0].cells == ["rich", "plain"]


def rewrite(path: Path, to: Path, *, rows: str = "", shared: str = "", before: str = "") -> None:
    """A copy of a workbook with rows of our own behind the header (row 1)."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = f"{before}<worksheet {space}><sheetData>{header}{rows}</sheetData></worksheet>".encode()
            elif name == "[Content_Types].xml" and shared:
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            new.writestr(name, data)
        if shared:
            new.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999"><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>77</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</row>',
        '<row r="2">' + "<c><v>1</v></c>" * 100 + "<!--" + "x" * (17 * 1024 * 1024) + "--></row>",
    ],
)
def test_hostile_sheets_are_refused_in_words(tmp_path, write_xlsx, rows):
    rewrite(write_xlsx({"S": [["a"]]}), tmp_path / "bad.xlsx", rows=rows)
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "bad.xlsx")


def test_entity_declarations_are_refused(tmp_path, write_xlsx):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    rewrite(write_xlsx({"S": [["a"]]}), tmp_path / "bad.xlsx", before=bomb)
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "bad.xlsx")
    rewrite(write_xlsx({"S": [["a"]]}), tmp_path / "late.xlsx", before=f"<!--{'x' * 5000}-->{bomb}")
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "late.xlsx")


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, write_xlsx):
    rewrite(write_xlsx({"S": [["a"]]}), tmp_path / "bomb.xlsx", rows=f"<!--{'0' * (64 * 1024 * 1024)}-->")
    assert (tmp_path / "bomb.xlsx").stat().st_size < 1024 * 1024
    with pytest.raises(UnreadableFile, match="unpacks"):
        table_of(tmp_path / "bomb.xlsx")


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0old", b"<html><table>", b"%PDF-1.7", b"", b"\n\n , \n", b"\xff\xd8\xff\xe0"]
)
def test_other_files_are_refused_in_words(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(UnreadableFile):
        table_of(tmp_path / "x")


def test_truncated_workbook_is_refused(tmp_path, write_xlsx):
    data = write_xlsx({"S": [["a", "b"]] * 50}).read_bytes()
    for length in (100, len(data) // 2, len(data) - 10):
        (tmp_path / "cut.xlsx").write_bytes(data[:length])
        with pytest.raises(UnreadableFile):
            table_of(tmp_path / "cut.xlsx")


def test_endless_lines_and_quotes_become_faults_of_their_rows(write_csv, monkeypatch):
    monkeypatch.setattr(limits, "LINE_CHARS", 2_000)
    monkeypatch.setattr(limits, "CELL_CHARS", 500)
    path = write_csv("a,b\n1," + "x" * 5_000 + '\n2,ok\n3,"never closed\n' + "4,more\n" * 500)
    with open_source(path) as source:
        rows = list(islice(source.rows(""), 5))
    assert len(rows[1].cells[1]) > limits.CELL_CHARS
    assert rows[2].cells == ["2", "ok"]
    assert rows[3].fault
