"""The stretches of time that Dataverse's date functions mean, in UTC.

Each begins at its first moment and ends before its second; None leaves a side open. What counts backwards (`LastX…`)
reaches from the beginning of an hour or a day until now, what counts forwards (`NextX…`) from now to the end of one;
`This…`, `Last…` and `Next…` are whole weeks (Sunday to Saturday), months, years and fiscal years and periods.
Sources: Microsoft Learn, "Web API Query Function Reference" and "condition operator values"; where these are silent,
what the conversion of these operators in the public tool SQL 4 CDS has found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from emulator.odata.fiscal import FiscalCalendar, months_later

Period = tuple[datetime | None, datetime | None]
_DAYS = {"Day": 1, "Week": 7}
_MONTHS = {"Month": 1, "Year": 12}
_CLOCK = {"Minute": timedelta(minutes=1), "Hour": timedelta(hours=1)}


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), UTC)


def until(now: datetime) -> datetime:
    """Just after now: stored moments have whole seconds."""
    return now.replace(microsecond=0) + timedelta(seconds=1)


def _days(first: int, after: int) -> Callable[[datetime], Period]:
    return lambda now: (midnight(now.date() + timedelta(first)), midnight(now.date() + timedelta(after)))


def _weeks(count: int) -> Callable[[datetime], Period]:
    def period(now: datetime) -> Period:
        sunday = now.date() + timedelta(7 * count - now.isoweekday() % 7)
        return midnight(sunday), midnight(sunday + timedelta(7))

    return period


def _months(count: int) -> Callable[[datetime], Period]:
    def period(now: datetime) -> Period:
        first = months_later(now.date().replace(day=1), count)
        return midnight(first), midnight(months_later(first, 1))

    return period


def _years(count: int) -> Callable[[datetime], Period]:
    def period(now: datetime) -> Period:
        first = months_later(now.date().replace(month=1, day=1), 12 * count)
        return midnight(first), midnight(months_later(first, 12))

    return period


def _moved(now: datetime, unit: str, count: int, *, further: int = 0) -> datetime:
    """The beginning of now's minute, hour or day, `count` units later; `further` moves on to the next beginning."""
    if unit in _CLOCK:
        begun = now.replace(minute=now.minute if unit == "Minute" else 0, second=0, microsecond=0)
        return begun + (count + further) * _CLOCK[unit]
    day = now.date() + timedelta(further)
    return midnight(day + timedelta(count * _DAYS[unit]) if unit in _DAYS else months_later(day, count * _MONTHS[unit]))


def _last(unit: str) -> Callable[[datetime, int], Period]:
    return lambda now, count: (_moved(now, unit, -count), until(now))


def _next(unit: str) -> Callable[[datetime, int], Period]:
    return lambda now, count: (now, _moved(now, unit, count, further=1))


def _older(unit: str) -> Callable[[datetime, int], Period]:
    return lambda now, count: (None, _moved(now, unit, -count))


FIXED: Mapping[str, Callable[[datetime], Period]] = {
    "Today": _days(0, 1),
    "Yesterday": _days(-1, 0),
    "Tomorrow": _days(1, 2),
    "Last7Days": lambda now: (midnight(now.date() - timedelta(7)), until(now)),
    "Next7Days": lambda now: (now, midnight(now.date() + timedelta(8))),
    **{f"{name}Week": _weeks(count) for name, count in (("Last", -1), ("This", 0), ("Next", 1))},
    **{f"{name}Month": _months(count) for name, count in (("Last", -1), ("This", 0), ("Next", 1))},
    **{f"{name}Year": _years(count) for name, count in (("Last", -1), ("This", 0), ("Next", 1))},
}
COUNTED: Mapping[str, Callable[[datetime, int], Period]] = {
    **{f"LastX{unit}s": _last(unit) for unit in ("Hour", "Day", "Week", "Month", "Year")},
    **{f"NextX{unit}s": _next(unit) for unit in ("Hour", "Day", "Week", "Month", "Year")},
    **{f"OlderThanX{unit}s": _older(unit) for unit in ("Minute", "Hour", "Day", "Week", "Month", "Year")},
}
GIVEN: Mapping[str, Callable[[date], Period]] = {
    "On": lambda day: (midnight(day), midnight(day + timedelta(1))),
    "OnOrAfter": lambda day: (midnight(day), None),
    "OnOrBefore": lambda day: (None, midnight(day + timedelta(1))),
}


def _fiscal_period(calendar: FiscalCalendar, now: datetime, count: int) -> tuple[date, date]:
    day = now.date()
    return calendar.bounds(calendar.year(day), calendar.period(day) + count)


def _fiscal_year(calendar: FiscalCalendar, now: datetime, count: int) -> tuple[date, date]:
    year = calendar.year(now.date()) + count
    return calendar.begin(year), calendar.begin(year + 1)


_FISCAL = {"Period": _fiscal_period, "Year": _fiscal_year}
_Bounds = Callable[[FiscalCalendar, datetime, int], tuple[date, date]]


def _whole(bounds: _Bounds, count: int) -> Callable[[FiscalCalendar, datetime], Period]:
    def period(calendar: FiscalCalendar, now: datetime) -> Period:
        first, after = bounds(calendar, now, count)
        return midnight(first), midnight(after)

    return period


def _last_fiscal(bounds: _Bounds) -> Callable[[FiscalCalendar, datetime, int], Period]:
    return lambda calendar, now, count: (midnight(bounds(calendar, now, -count)[0]), until(now))


def _next_fiscal(bounds: _Bounds) -> Callable[[FiscalCalendar, datetime, int], Period]:
    return lambda calendar, now, count: (now, midnight(bounds(calendar, now, count)[1]))


FISCAL_FIXED: Mapping[str, Callable[[FiscalCalendar, datetime], Period]] = {
    f"{name}Fiscal{unit}": _whole(bounds, count)
    for unit, bounds in _FISCAL.items()
    for name, count in (("Last", -1), ("This", 0), ("Next", 1))
}
FISCAL_COUNTED: Mapping[str, Callable[[FiscalCalendar, datetime, int], Period]] = {
    **{f"LastXFiscal{unit}s": _last_fiscal(bounds) for unit, bounds in _FISCAL.items()},
    **{f"NextXFiscal{unit}s": _next_fiscal(bounds) for unit, bounds in _FISCAL.items()},
}
FISCAL_GIVEN: Mapping[str, Callable[[date, date], Period]] = {
    "InFiscalPeriodAndYear": lambda first, after: (midnight(first), midnight(after)),
    "InOrAfterFiscalPeriodAndYear": lambda first, after: (midnight(first), None),
    "InOrBeforeFiscalPeriodAndYear": lambda first, after: (None, midnight(after)),
}
