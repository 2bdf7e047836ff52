"""A list of experts as a spreadsheet. Reads within limits, names every fault of every row at once, believes nothing.

Limits: 20 MB as sent, 256 MB and 100,000 rows unpacked. A file that declares entities is refused: nothing in here needs any.
"""
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from experts.rules.categories import is_specialty
from kernel.codes import is_credit_code, is_resident_id, tidy
from kernel.errors import Text

SENT = 20 << 20
UNPACKED = 256 << 20
ROWS = 100_000
HEADS = {
    "姓名": "name", "身份证号": "id_number", "手机": "phone", "邮箱": "email", "工作单位": "employer", "单位代码": "employer_code",
    "职称": "title", "从业年限": "years", "专业代码": "specialties", "地区": "region",
}
TITLES = {"高级": "senior", "中级": "middle", "同等水平": "equal", "senior": "senior", "middle": "middle", "equal": "equal"}
# the ways in which a foreign file breaks the reader: archive, XML (ParseError is a SyntaxError), and what lies in the cells
BROKEN = (zipfile.BadZipFile, zlib.error, SyntaxError, EOFError, OSError, LookupError, ValueError, TypeError, AttributeError,
          ArithmeticError, AssertionError, NotImplementedError, RuntimeError, InvalidFileException)
NEEDED = ("name", "id_number", "employer", "title", "years", "specialties")


@dataclass(frozen=True)
class Row:
    name: str
    id_number: str
    phone: str
    email: str
    employer: str
    employer_code: str
    title: str
    years: int
    specialties: tuple[str, ...]
    region: str


@dataclass(frozen=True)
class Fault:
    """line: as the spreadsheet counts, from 1; 0 for the file itself."""

    line: int
    text: Text


def read(data: bytes) -> tuple[list[Row], list[Fault]]:
    """All good rows and all faults. The file is good only where there is no fault."""
    if reason := _closed(data):
        return [], [Fault(0, reason)]
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        table = book.worksheets[0].iter_rows(values_only=True)
        return _rows(table)
    except BROKEN as problem:
        return [], [Fault(0, Text(f"文件无法读取（{type(problem).__name__}）", f"The file cannot be read ({type(problem).__name__})"))]


def _closed(data: bytes) -> Text | None:
    """Why the file is not even opened."""
    if len(data) > SENT:
        return Text("文件超过 20 MB", "The file is larger than 20 MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > UNPACKED:
                return Text("文件解压后过大", "The file is too large when unpacked")
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    with archive.open(info) as part:
                        if b"<!DOCTYPE" in part.read(4096):
                            return Text("文件含有实体声明", "The file declares entities")
    except BROKEN:
        return Text("不是 xlsx 文件", "Not an xlsx file")
    return None


def _rows(table: Iterator[tuple[object, ...]]) -> tuple[list[Row], list[Fault]]:
    heads = [HEADS.get(_cell(value), _cell(value)) for value in next(table, ())]
    missing = [head for head in NEEDED if head not in heads]
    if missing:
        return [], [Fault(1, Text(f"缺少列：{'、'.join(missing)}", f"Columns missing: {', '.join(missing)}"))]
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, values in enumerate(table, 2):
        if line > ROWS + 1:
            return [], [Fault(0, Text(f"超过 {ROWS:,} 行", f"More than {ROWS:,} rows"))]
        fields = {head: _cell(value) for head, value in zip(heads, values, strict=False)}
        if not any(fields.values()):
            continue
        found = [Fault(line, text) for text in _wrong(fields)]
        mark = tidy(fields.get("id_number", ""))
        if mark in seen:
            found.append(Fault(line, Text(f"与第 {seen[mark]} 行重复", f"Same person as in row {seen[mark]}")))
        seen.setdefault(mark, line)
        faults += found
        if not found:
            rows.append(_row(fields))
    return rows, faults or ([] if rows else [Fault(0, Text("没有数据行", "No rows"))])


def _cell(value: object) -> str:
    return "" if value is None else str(value).strip()


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace("，", ",").replace("；", ",").replace(";", ",").replace(" ", ",").strip(",").split(",")))


def _wrong(fields: dict[str, str]) -> Iterator[Text]:
    if not 1 <= len(fields["name"]) <= 80:
        yield Text("姓名缺失或过长", "The name is missing or too long")
    if not is_resident_id(tidy(fields["id_number"])):
        yield Text("身份证号校验不通过", "The ID number fails its check")
    if not 1 <= len(fields["employer"]) <= 120:
        yield Text("工作单位缺失或过长", "The employer is missing or too long")
    if fields.get("employer_code") and not is_credit_code(tidy(fields["employer_code"])):
        yield Text("单位代码校验不通过", "The employer's credit code fails its check")
    if fields["title"] not in TITLES:
        yield Text("职称应为 高级、中级 或 同等水平", "The title is senior, middle or equal")
    if not (fields["years"].isascii() and fields["years"].isdigit() and int(fields["years"]) <= 70):
        yield Text("从业年限应为整数", "The years are a whole number")
    if not all(is_specialty(code) for code in _codes(fields["specialties"])):
        yield Text("专业代码应为字母加六位数字", "A specialty code is a letter and six digits")
    if fields.get("region") and not (len(fields["region"]) == 6 and fields["region"].isdigit()):
        yield Text("地区应为六位代码", "The region is a code of six digits")
    if len(fields.get("phone", "")) > 32 or len(fields.get("email", "")) > 160:
        yield Text("联系方式过长", "A contact is too long")


def _row(fields: dict[str, str]) -> Row:
    return Row(
        fields["name"], tidy(fields["id_number"]), fields.get("phone", ""), fields.get("email", ""), fields["employer"],
        tidy(fields.get("employer_code", "")), TITLES[fields["title"]], int(fields["years"]), _codes(fields["specialties"]), fields.get("region", ""),
    )
