"""算术修正: what a bid's price is when its own figures contradict each other, found in the order the rules give.

Money in fen, quantities Decimal. A correction binds only after the bidder has confirmed it in writing; refusing it ends the bid.
Sources: 87号令 第五十九条 (procurement: four steps in this order unless the document differs);
评标委员会和评标方法暂行规定 第十九条 (works: words over figures; unit price over total, save an obviously misplaced point).
"""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from evaluation.rules.capitals import parse_capitals
from evaluation.rules.decimals import half_up

OPENING_TABLE, WORDS, MISPLACED_POINT, SUM_OF_LINES = "opening_table", "words", "misplaced_point", "sum_of_lines"
PROCUREMENT_ORDER = (OPENING_TABLE, WORDS, MISPLACED_POINT, SUM_OF_LINES)
WORKS_ORDER = (WORDS, MISPLACED_POINT, SUM_OF_LINES)
SHIFTS = tuple(Fraction(10) ** n for n in (-4, -3, -2, -1, 1, 2, 3, 4))


@dataclass(frozen=True)
class Line:
    """One row of the priced list. amount: the product as the bidder wrote it."""

    name: str
    quantity: Decimal
    unit_price: int
    amount: int


@dataclass(frozen=True)
class Quotation:
    """Where a bid states its price. figures, words: 小写 and 大写 of the opening table (in works: of the bid letter).

    content: the total inside the bid documents, where it is stated a second time.
    """

    figures: int
    words: str | None = None
    content: int | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Step:
    """One contradiction and its resolution: fen before and after; where: the line's name, empty for the total."""

    rule: str
    before: int
    after: int
    where: str = ""


@dataclass(frozen=True)
class Corrected:
    price: int
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]


def correct_procurement(quotation: Quotation) -> Corrected:
    """第五十九条: opening table over content; words over figures; a misplaced point yields to the table's total and
    changes the unit price; otherwise the sum of unit price × quantity is the price. ValueError if the words cannot be read."""
    price, steps = quotation.figures, []
    if quotation.content is not None and quotation.content != price:
        steps.append(Step(OPENING_TABLE, quotation.content, price))
    price, more = _words(quotation, price)
    steps += more
    lines, points_moved = _move_points(quotation.lines, price)
    steps += points_moved
    if lines and _sum(lines) != price:
        steps.append(Step(SUM_OF_LINES, price, _sum(lines)))
        price = _sum(lines)
    return Corrected(price, tuple(steps), _multiplied(lines))


def correct_works(quotation: Quotation) -> Corrected:
    """第十九条: words over figures; then each line's product follows its unit price, unless that price's point is obviously
    misplaced: there the line's amount stands and the unit price changes; the total is the sum of the lines."""
    price, steps = _words(quotation, quotation.figures)
    lines = []
    for line in quotation.lines:
        if line.amount == product(line):
            lines.append(line)
        elif (moved := moved_point(line, line.amount)) is not None:
            steps.append(Step(MISPLACED_POINT, line.unit_price, moved, line.name))
            lines.append(replace(line, unit_price=moved))
        else:
            steps.append(Step(SUM_OF_LINES, line.amount, product(line), line.name))
            lines.append(replace(line, amount=product(line)))
    total = sum(line.amount for line in lines)
    if lines and total != price:
        steps.append(Step(SUM_OF_LINES, price, total))
        price = total
    ordered = sorted(steps, key=lambda step: WORKS_ORDER.index(step.rule))
    return Corrected(price, tuple(ordered), tuple(lines))


def product(line: Line) -> int:
    """Unit price × quantity, rounded half up to the fen."""
    return int(half_up(Fraction(line.unit_price) * Fraction(line.quantity), 0))


def moved_point(line: Line, amount: int) -> int | None:
    """The unit price with its point moved up to four places so that the product is `amount`; None if no move does that."""
    for shift in SHIFTS:
        unit = line.unit_price * shift
        if unit.denominator == 1 and unit > 0 and product(replace(line, unit_price=int(unit))) == amount:
            return int(unit)
    return None


def in_order(rules: Sequence[str], order: Sequence[str]) -> bool:
    """Were corrections entered in the order given? Steps may be left out, none may come before an earlier one of the order."""
    if any(rule not in order for rule in rules):
        return False
    places = [order.index(rule) for rule in rules]
    return places == sorted(places)


def _words(quotation: Quotation, price: int) -> tuple[int, list[Step]]:
    if quotation.words is None:
        return price, []
    spelt = parse_capitals(quotation.words)
    return spelt, [] if spelt == price else [Step(WORDS, price, spelt)]


def _move_points(lines: tuple[Line, ...], total: int) -> tuple[tuple[Line, ...], list[Step]]:
    """Moves the point of unit prices if, and only if, the sum then equals the opening table's total: else nothing is obvious.

    Either the lines' own amounts betray the misplaced points, or one single line does when the total is taken as right.
    """
    short = total - _sum(lines)
    if not lines or not short:
        return lines, []
    by_amount = [(n, moved_point(line, line.amount)) for n, line in enumerate(lines) if line.amount != product(line)]
    by_total = [(n, moved_point(line, product(line) + short)) for n, line in enumerate(lines)]
    only = [move for move in by_total if move[1] is not None]
    for moves in (dict(by_amount), dict(only) if len(only) == 1 else {}):
        units = {n: unit for n, unit in moves.items() if unit is not None}
        trial = tuple(replace(line, unit_price=units.get(n, line.unit_price)) for n, line in enumerate(lines))
        if units and _sum(trial) == total:
            return trial, [Step(MISPLACED_POINT, lines[n].unit_price, unit, lines[n].name) for n, unit in units.items()]
    return lines, []


def _sum(lines: tuple[Line, ...]) -> int:
    return sum(product(line) for line in lines)


def _multiplied(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(replace(line, amount=product(line)) for line in lines)
