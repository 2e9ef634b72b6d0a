"""The fiscal years of an organization and the periods that they are divided into.

Settings are columns of the organization's row: `fiscalcalendarstart` (its month and day count; January 1 without one),
`fiscalperiodtype` (2000 a year, 2001 half years, 2002 quarters, 2003 months, 2004 four weeks; quarters without one) and
`fiscalyeardisplaycode` (a year is called after the day on which it begins, 1, or ends, 2).
"""

from __future__ import annotations

import calendar
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from emulator.odata.sql import fetch

_MONTHS = {2000: 12, 2001: 6, 2002: 3, 2003: 1, 2004: 0}
_FOUR_WEEKS = 28
_SETTINGS = "select * from organization limit 1"


def months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last day; raises `OverflowError` beyond the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """`month` and `day` begin a year, `months` is the length of a period (0: four weeks, the thirteenth with the rest).

    Methods raise `OverflowError` for years that no date can have.
    """

    month: int = 1
    day: int = 1
    months: int = 3
    named_by_end: bool = False

    @property
    def periods(self) -> int:
        """How many periods a year has."""
        return 12 // self.months if self.months else 13

    def begin(self, year: int) -> date:
        """The first day of the fiscal year with this number."""
        starts_before = self.named_by_end and (self.month, self.day) != (1, 1)
        return months_later(date(2000, 1, self.day), (year - starts_before - 2000) * 12 + self.month - 1)

    def year(self, day: date) -> int:
        """The fiscal year that a day is in."""
        return max(year for year in (day.year - 1, day.year, day.year + 1) if self.begin(year) <= day)

    def bounds(self, year: int, period: int) -> tuple[date, date]:
        """The first day of a period, and the day after its last. Periods below 1 and above the last are in other
        years; four-week periods are never longer than their year."""
        more, index = divmod(period - 1, self.periods)
        first, after = self.begin(year + more), self.begin(year + more + 1)
        if self.months:
            return months_later(first, index * self.months), months_later(first, (index + 1) * self.months)
        begins = first + timedelta(days=index * _FOUR_WEEKS)
        return begins, after if index + 1 == self.periods else begins + timedelta(days=_FOUR_WEEKS)

    def period(self, day: date) -> int:
        """The number of the period that a day is in, from 1."""
        year = self.year(day)
        return next(period for period in range(self.periods, 0, -1) if self.bounds(year, period)[0] <= day)


@lru_cache(maxsize=4096)
def _period_number(day: str, month: int, first: int, months: int) -> int:
    return FiscalCalendar(month, first, months).period(date.fromisoformat(day))


def period_number(value: object, month: int, day: int, months: int) -> int | None:
    """The number of the period that a stored date or date-time is in; None for null. For SQLite."""
    return None if value is None else _period_number(str(value)[:10], month, day, months)


def fiscal_calendar(db: sqlite3.Connection) -> FiscalCalendar:
    """The calendar that the organization's row describes."""
    row = next(iter(fetch(db, (_SETTINGS, ()))), {})
    start = row.get("fiscalcalendarstart")
    first = date.fromisoformat(str(start)[:10]) if start else date(2000, 1, 1)
    months = _MONTHS.get(int(str(row.get("fiscalperiodtype") or 2002)), 3)
    return FiscalCalendar(first.month, first.day, months, row.get("fiscalyeardisplaycode") == 2)
