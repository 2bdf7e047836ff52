from decimal import Decimal

import pytest

from web.look import charts


@pytest.mark.parametrize(("span", "by"), [("9.9", "5"), ("1.6", "1"), ("102", "50"), ("0.3", "0.1"), ("30", "10"), ("7", "2.5")])
def test_steps_are_round(span, by):
    assert charts.step(Decimal(span)) == Decimal(by)


def test_scale_encloses_and_starts_at_zero_for_bars():
    lines, low, high = charts.scale(Decimal(0), Decimal("9.9"), 20, 200, "")
    assert (low, high) == (0, 10)
    assert lines == ((200, "0"), (110, "5"), (20, "10"))


def test_scale_of_a_cut_axis_lies_outside_its_values():
    _, low, high = charts.scale(Decimal("97.9"), Decimal("99.5"), 20, 200, "%")
    assert low <= Decimal("97.9") and high >= Decimal("99.5") and low > 0


def test_bars_stand_on_the_foot_and_tell_extremes_and_last():
    plot = charts.bars([{"label": str(n), "value": Decimal(v)} for n, v in enumerate(("8.9", "3.1", "9.9", "6.4"))])
    assert all(bar.y + bar.height == plot.foot for bar in plot.bars)
    assert [bar.text for bar in plot.bars] == ["", "3.1", "9.9", "6.4"]
    assert plot.bars[1].height * 3 < plot.bars[2].height + 9  # 3.1 : 9.9 within rounding


def test_unfinished_period_is_marked():
    plot = charts.bars([{"label": "10", "value": 5}, {"label": "11", "value": 2, "partial": True}])
    assert [bar.partial for bar in plot.bars] == [False, True]


def test_five_series_are_refused_and_four_are_not():
    series = [{"name": str(n), "values": [n]} for n in range(1, 5)]
    assert len(charts.grouped(series, ["1"]).bars) == 4
    with pytest.raises(ValueError, match="small multiples"):
        charts.grouped([*series, {"name": "5", "values": [5]}], ["1"])


def test_line_labels_its_end_and_draws_the_target_at_its_height():
    plot = charts.line([{"label": "1", "value": Decimal(98)}, {"label": "2", "value": Decimal(99)}], unit="%", target={"value": 99, "label": "目标"})
    assert [point.text for point in plot.points] == ["", "99%"]
    assert plot.target is not None and plot.target.y == plot.points[1].y


def test_empty_charts_do_not_break():
    assert charts.bars([]).bars == () and charts.line([]).points == ()
