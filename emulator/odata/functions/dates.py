"""Query functions about dates and times. The user's time zone is UTC, as the emulator has no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from emulator.context import Sql
from emulator.errors import bad_query
from emulator.odata import periods
from emulator.odata.fiscal import FiscalCalendar, fiscal_calendar
from emulator.odata.functions.operands import VALUE, Function, positive, stored
from emulator.odata.joins import Operand
from emulator.odata.literals import written
from emulator.odata.nodes import Node
from emulator.odata.properties import edm_type
from emulator.odata.sql import every

_TWO_VALUES = (f"{VALUE}1", f"{VALUE}2")
_MOMENT, _DATE = "Edm.DateTimeOffset", "Edm.Date"


def _date_function(period: Callable[..., periods.Period], parameters: tuple[str, ...] = ()) -> Function:
    """The function that is true within a period, which follows from the property and the parameters."""

    def build(operand: Operand, *values: Node) -> Sql:
        kind = _kind(operand)
        try:
            bounds = [None if bound is None else _bound(kind, bound) for bound in period(operand, *values)]
        except OverflowError:
            raise bad_query("The period is beyond the dates that there are.") from None
        pairs = zip((">=", "<"), bounds, strict=True)
        return every([(f"{operand.sql} {operator} ?", (bound,)) for operator, bound in pairs if bound is not None])

    return Function(build, parameters)


def _kind(operand: Operand) -> str:
    kind = edm_type(operand.column)
    if kind not in {_MOMENT, _DATE}:
        raise bad_query(f"The property '{operand.column.logical_name}' is not a date.")
    return kind


def _bound(kind: str, moment: datetime) -> str:
    """As the column stores it. A day counts as its first moment, so that the next day is the first one behind noon."""
    if kind == _MOMENT:
        return written(moment)
    begun = moment == periods.midnight(moment.date())
    return (moment.date() if begun else moment.date() + timedelta(1)).isoformat()


def _now(operand: Operand) -> datetime:
    return operand.source.context.now().astimezone(UTC)


def _calendar(operand: Operand) -> FiscalCalendar:
    return fiscal_calendar(operand.source.context.db)


def _fixed(period: Callable[[datetime], periods.Period]) -> Function:
    return _date_function(lambda operand: period(_now(operand)))


def _counted(period: Callable[[datetime, int], periods.Period]) -> Function:
    return _date_function(lambda operand, count: period(_now(operand), positive(count)), (VALUE,))


def _given(period: Callable[[date], periods.Period]) -> Function:
    return _date_function(lambda operand, day: period(_day(operand, day)), (VALUE,))


def _day(operand: Operand, value: Node) -> date:
    return date.fromisoformat(str(stored(operand, value))[:10])


def _fiscal_fixed(period: Callable[[FiscalCalendar, datetime], periods.Period]) -> Function:
    return _date_function(lambda operand: period(_calendar(operand), _now(operand)))


def _fiscal_counted(period: Callable[[FiscalCalendar, datetime, int], periods.Period]) -> Function:
    return _date_function(lambda operand, count: period(_calendar(operand), _now(operand), positive(count)), (VALUE,))


def _fiscal_given(period: Callable[[date, date], periods.Period]) -> Function:
    def bounds(operand: Operand, number: Node, year: Node) -> periods.Period:
        calendar = _calendar(operand)
        return period(*calendar.bounds(positive(year), _period_number(calendar, number)))

    return _date_function(bounds, _TWO_VALUES)


def _fiscal_year(operand: Operand, value: Node) -> periods.Period:
    calendar, year = _calendar(operand), positive(value)
    return periods.midnight(calendar.begin(year)), periods.midnight(calendar.begin(year + 1))


def _in_fiscal_period(operand: Operand, value: Node) -> Sql:
    """The period with this number, of any year."""
    _kind(operand)
    calendar = _calendar(operand)
    number = _period_number(calendar, value)
    found = f"dataverse_fiscal_period({operand.sql}, ?, ?, ?) is ?"
    return found, (calendar.month, calendar.day, calendar.months, number)


def _period_number(calendar: FiscalCalendar, value: Node) -> int:
    number = positive(value)
    if number > calendar.periods:
        raise bad_query(f"A fiscal year of the organization has {calendar.periods} periods, there is no {number}.")
    return number


FUNCTIONS = {
    **{name: _fixed(period) for name, period in periods.FIXED.items()},
    **{name: _counted(period) for name, period in periods.COUNTED.items()},
    **{name: _given(period) for name, period in periods.GIVEN.items()},
    "NotOn": _given(periods.GIVEN["On"]).negated(),
    **{name: _fiscal_fixed(period) for name, period in periods.FISCAL_FIXED.items()},
    **{name: _fiscal_counted(period) for name, period in periods.FISCAL_COUNTED.items()},
    **{name: _fiscal_given(period) for name, period in periods.FISCAL_GIVEN.items()},
    "InFiscalYear": _date_function(_fiscal_year, (VALUE,)),
    "InFiscalPeriod": Function(_in_fiscal_period, (VALUE,)),
}
