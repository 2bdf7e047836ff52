"""A library of made-up experts and the staff that an evaluation needs."""
import hashlib
import io
from datetime import date, timedelta

from openpyxl import Workbook

from cli.cast.house import House, credit_code, employ
from experts.enlist import Enlist, enlist
from kernel.codes import ID_CHECKS, ID_WEIGHTS
from rooms.catalogue import furnish_all

HEAD = ["姓名", "身份证号", "手机", "邮箱", "工作单位", "单位代码", "职称", "从业年限", "专业代码", "地区"]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "安宁明远书文景行知微若谷清和致远思齐雨桐子衡一诺"


def resident_id(number: int) -> str:
    """A made-up number that passes the check of GB 11643-1999."""
    born = date(1962, 1, 1) + timedelta(days=number * 7 % 7000)
    first = f"110105{born:%Y%m%d}{number % 1000:03d}"
    return first + ID_CHECKS[sum(int(c) * w for c, w in zip(first, ID_WEIGHTS, strict=True)) % 11]


def person_name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number * 7 % len(GIVEN)] + GIVEN[number * 13 % len(GIVEN)]


def fill_library(house: House, civil: int = 40, services: int = 40, goods: int = 40, economics: int = 24) -> int:
    """Enlists experts from a spreadsheet by two registrars; returns how many."""
    codes = ["A080101"] * civil + ["C010101"] * services + ["B010101"] * goods + ["A060102"] * economics
    book, file = Workbook(), io.BytesIO()
    table = book.active
    assert table is not None
    table.append(HEAD)
    for n, code in enumerate(codes, 1):
        table.append([person_name(n), resident_id(n), f"1380000{n:04d}", f"expert{n}@experts.example", f"示例设计咨询单位{n}", credit_code(n, "91110105"), "高级", 12, code, "110105"])
    book.save(file)
    data = file.getvalue()
    cmd = Enlist(blob=house.centre.blobs.put(data).key, digest=hashlib.sha256(data).hexdigest())
    enlist(house.centre, house.people["dengji1"], cmd)
    enlist(house.centre, house.people["dengji2"], cmd)
    return len(codes)


def furnish(house: House) -> None:
    """27 rooms, and the people who keep them and the area."""
    furnish_all(house.centre, house.people["dengji1"])
    employ(house, "changdi1", "场地甲", "room_manager")
    guard = employ(house, "zhishou1", "值守甲", "area_guard")
    house.people["zhishou1"] = type(guard)("person", guard.id, channel="area")
    employ(house, "caiwu1", "财务甲", "cashier")
    employ(house, "dangan1", "档案甲", "archivist")
