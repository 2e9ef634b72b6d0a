"""Query functions about dates: which stretch of time each means, by rows just inside and just outside of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.errors import DataverseError
from emulator.odata.fiscal import FiscalCalendar
from emulator.odata.functions import FUNCTIONS
from emulator.odata.read import retrieve_multiple

TUESDAY = datetime(2026, 3, 10, 12, 34, 56, 789, tzinfo=UTC)
NOW, SECOND = "2026-03-10T12:34:57Z", timedelta(seconds=1)
LEAP_DAY = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 0, 0, 0, tzinfo=UTC)


@pytest.fixture
def found(db, schema, context):
    """The moments, of some, for which a query function holds at a certain time."""

    def ask(clock, call, moments, column="createdon"):
        db.execute('delete from "contact"')
        for number, moment in enumerate(moments):
            key = f"00000000-0000-4000-8000-{number:012x}"
            db.execute(f'insert into "contact" ("contactid", "{column}") values (?, ?)', (key, moment))
        query = f"$select={column}&$filter=Microsoft.Dynamics.CRM.{call}"
        body = retrieve_multiple(replace(context, now=lambda: clock), schema.tables["contact"], query)
        return [row[column] for row in body["value"]]

    return ask


def moment(text):
    return datetime.fromisoformat(text)


def stored(value):
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


PERIODS = [
    (TUESDAY, "Today", (), "2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z"),
    (TUESDAY, "Yesterday", (), "2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"),
    (TUESDAY, "Tomorrow", (), "2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z"),
    (TUESDAY, "Last7Days", (), "2026-03-03T00:00:00Z", NOW),
    (TUESDAY, "Next7Days", (), "2026-03-10T12:34:56Z", "2026-03-18T00:00:00Z"),
    (TUESDAY, "LastWeek", (), "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z"),
    (TUESDAY, "ThisWeek", (), "2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"),
    (SUNDAY, "ThisWeek", (), "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z"),
    (TUESDAY, "NextWeek", (), "2026-03-15T00:00:00Z", "2026-03-22T00:00:00Z"),
    (TUESDAY, "LastMonth", (), "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
    (TUESDAY, "ThisMonth", (), "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    (TUESDAY, "NextMonth", (), "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"),
    (TUESDAY, "LastYear", (), "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    (TUESDAY, "ThisYear", (), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    (TUESDAY, "NextYear", (), "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
    (TUESDAY, "LastXHours", (2,), "2026-03-10T10:00:00Z", NOW),
    (TUESDAY, "LastXDays", (2,), "2026-03-08T00:00:00Z", NOW),
    (TUESDAY, "LastXWeeks", (2,), "2026-02-24T00:00:00Z", NOW),
    (TUESDAY, "LastXMonths", (2,), "2026-01-10T00:00:00Z", NOW),
    (LEAP_DAY, "LastXMonths", (12,), "2023-02-28T00:00:00Z", "2024-03-01T00:00:00Z"),
    (TUESDAY, "LastXYears", (2,), "2024-03-10T00:00:00Z", NOW),
    (TUESDAY, "NextXHours", (2,), "2026-03-10T12:34:56Z", "2026-03-10T15:00:00Z"),
    (TUESDAY, "NextXDays", (2,), "2026-03-10T12:34:56Z", "2026-03-13T00:00:00Z"),
    (TUESDAY, "NextXWeeks", (2,), "2026-03-10T12:34:56Z", "2026-03-25T00:00:00Z"),
    (TUESDAY, "NextXMonths", (2,), "2026-03-10T12:34:56Z", "2026-05-11T00:00:00Z"),
    (TUESDAY, "NextXYears", (2,), "2026-03-10T12:34:56Z", "2028-03-11T00:00:00Z"),
    (TUESDAY, "OlderThanXMinutes", (4,), None, "2026-03-10T12:30:00Z"),
    (TUESDAY, "OlderThanXHours", (4,), None, "2026-03-10T08:00:00Z"),
    (TUESDAY, "OlderThanXDays", (4,), None, "2026-03-06T00:00:00Z"),
    (TUESDAY, "OlderThanXWeeks", (1,), None, "2026-03-03T00:00:00Z"),
    (TUESDAY, "OlderThanXMonths", (3,), None, "2025-12-10T00:00:00Z"),
    (TUESDAY, "OlderThanXYears", (1,), None, "2025-03-10T00:00:00Z"),
    (TUESDAY, "On", ("'2026-03-09'",), "2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"),
    (TUESDAY, "OnOrAfter", ("'2026-03-09T15:00:00Z'",), "2026-03-09T00:00:00Z", None),
    (TUESDAY, "OnOrBefore", ("2026-03-09",), None, "2026-03-10T00:00:00Z"),
    (TUESDAY, "LastFiscalPeriod", (), "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    (TUESDAY, "ThisFiscalPeriod", (), "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    (TUESDAY, "NextFiscalPeriod", (), "2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"),
    (TUESDAY, "LastFiscalYear", (), "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    (TUESDAY, "ThisFiscalYear", (), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    (TUESDAY, "NextFiscalYear", (), "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
    (TUESDAY, "LastXFiscalPeriods", (2,), "2025-07-01T00:00:00Z", NOW),
    (TUESDAY, "LastXFiscalYears", (2,), "2024-01-01T00:00:00Z", NOW),
    (TUESDAY, "NextXFiscalPeriods", (2,), "2026-03-10T12:34:56Z", "2026-10-01T00:00:00Z"),
    (TUESDAY, "NextXFiscalYears", (2,), "2026-03-10T12:34:56Z", "2029-01-01T00:00:00Z"),
    (TUESDAY, "InFiscalYear", (2025,), "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    (TUESDAY, "InFiscalPeriodAndYear", (2, 2025), "2025-04-01T00:00:00Z", "2025-07-01T00:00:00Z"),
    (TUESDAY, "InOrAfterFiscalPeriodAndYear", (2, 2025), "2025-04-01T00:00:00Z", None),
    (TUESDAY, "InOrBeforeFiscalPeriodAndYear", (2, 2025), None, "2025-07-01T00:00:00Z"),
]


def called(name, values):
    names = FUNCTIONS[name].parameters
    return f"{name}(PropertyName='createdon'{''.join(f',{n}={v}' for n, v in zip(names, values, strict=True))})"


@pytest.mark.parametrize(("clock", "name", "values", "first", "after"), PERIODS)
def test_a_function_means_a_stretch_of_time(found, clock, name, values, first, after):
    inside = [stored(edge) for edge in (first and moment(first), after and moment(after) - SECOND) if edge]
    outside = [stored(edge) for edge in (first and moment(first) - SECOND, after and moment(after)) if edge]
    assert found(clock, called(name, values), [*inside, None, *outside]) == inside


def test_every_date_function_is_tested_here():
    dates = {name for name, each in FUNCTIONS.items() if each.build.__module__.endswith(".dates")}
    assert dates - {name for _, name, *_ in PERIODS} == {"InFiscalPeriod"}


def test_not_on_is_also_true_for_null(found):
    moments = ["2026-03-08T23:59:59Z", "2026-03-09T00:00:00Z", None]
    assert found(TUESDAY, called("NotOn", ["'2026-03-09'"]), moments) == ["2026-03-08T23:59:59Z", None]


def test_a_fiscal_period_without_a_year_is_that_of_every_year(found):
    moments = ["2025-01-01T00:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z", None]
    assert found(TUESDAY, called("InFiscalPeriod", [1]), moments) == moments[:2]


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("Today", ["2026-03-09", "2026-03-10", "2026-03-11"], ["2026-03-10"]),
        ("LastXHours", ["2026-03-09", "2026-03-10", "2026-03-11"], ["2026-03-10"]),
        ("LastXDays", ["2026-03-07", "2026-03-08", "2026-03-10", "2026-03-11"], ["2026-03-08", "2026-03-10"]),
        ("OlderThanXHours", ["2026-03-09", "2026-03-10", "2026-03-11"], ["2026-03-09", "2026-03-10"]),
    ],
)
def test_a_date_without_a_time_counts_from_midnight(found, name, days, expected):
    count = ",PropertyValue=13" if name == "LastXHours" else ",PropertyValue=2" if "X" in name else ""
    assert found(TUESDAY, f"{name}(PropertyName='birthdate'{count})", days, column="birthdate") == expected


@pytest.fixture
def organization(insert):
    def put(**values):
        insert("organization", 0xF0, **values)

    return put


@pytest.mark.parametrize(
    ("settings", "name", "values", "first", "after"),
    [
        ({"fiscalcalendarstart": "2010-07-01T00:00:00Z"}, "ThisFiscalYear", (), "2025-07-01", "2026-07-01"),
        ({"fiscalcalendarstart": "2010-07-01T00:00:00Z"}, "ThisFiscalPeriod", (), "2026-01-01", "2026-04-01"),
        ({"fiscalcalendarstart": "2010-07-01T00:00:00Z"}, "InFiscalYear", (2025,), "2025-07-01", "2026-07-01"),
        (
            {"fiscalcalendarstart": "2010-07-01T00:00:00Z", "fiscalyeardisplaycode": 2},
            *("InFiscalYear", (2025,), "2024-07-01", "2025-07-01"),
        ),
        ({"fiscalperiodtype": 2000}, "ThisFiscalPeriod", (), "2026-01-01", "2027-01-01"),
        ({"fiscalperiodtype": 2001}, "NextFiscalPeriod", (), "2026-07-01", "2027-01-01"),
        ({"fiscalperiodtype": 2003}, "LastFiscalPeriod", (), "2026-02-01", "2026-03-01"),
        ({"fiscalperiodtype": 2004}, "ThisFiscalPeriod", (), "2026-02-26", "2026-03-26"),
        ({"fiscalperiodtype": 2004}, "InFiscalPeriodAndYear", (13, 2025), "2025-12-03", "2026-01-01"),
    ],
)
def test_the_organization_says_what_its_fiscal_year_is(found, organization, settings, name, values, first, after):
    organization(**settings)
    inside = [f"{first}T00:00:00Z", stored(moment(f"{after}T00:00:00Z") - SECOND)]
    outside = [stored(moment(f"{first}T00:00:00Z") - SECOND), f"{after}T00:00:00Z"]
    assert found(TUESDAY, called(name, values), [*inside, *outside]) == inside


CALENDARS = st.builds(
    FiscalCalendar, st.integers(1, 12), st.integers(1, 28), st.sampled_from([12, 6, 3, 1, 0]), st.booleans()
)


@given(calendar=CALENDARS, day=st.dates(date(1753, 1, 1), date(9990, 12, 31)))
def test_every_day_is_in_one_period_of_one_fiscal_year(calendar, day):
    year, period = calendar.year(day), calendar.period(day)
    first, after = calendar.bounds(year, period)
    assert first <= day < after
    assert calendar.begin(year) <= first < after <= calendar.begin(year + 1)
    assert calendar.bounds(year, period + 1)[0] == after


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("InFiscalPeriod(PropertyName='createdon',PropertyValue=5)", "has 4 periods"),
        ("InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=9,PropertyValue2=2025)", "has 4 periods"),
        ("InFiscalYear(PropertyName='createdon',PropertyValue=20250)", "beyond the dates"),
        ("InFiscalYear(PropertyName='createdon',PropertyValue=9999)", "beyond the dates"),
        ("LastXYears(PropertyName='createdon',PropertyValue=2026)", "beyond the dates"),
        ("NextXMonths(PropertyName='createdon',PropertyValue=2147483647)", "beyond the dates"),
        ("InFiscalYear(PropertyName='createdon',PropertyValue='2025')", "positive number"),
        ("InFiscalPeriod(PropertyName='age',PropertyValue=1)", "not a date"),
        ("ThisFiscalYear(PropertyName='fullname')", "not a date"),
        ("ThisWeek(PropertyName='createdon',PropertyValue=1)", "The parameters of"),
        ("InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue=1)", "PropertyValue1, PropertyValue2"),
    ],
)
def test_periods_that_there_are_not_are_refused(found, call, message):
    with pytest.raises(DataverseError) as caught:
        found(TUESDAY, call, [])
    assert caught.value.status == 400
    assert message in caught.value.message
