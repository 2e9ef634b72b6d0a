"""Rows of provider accounts, and numbers at them: made once, mended, and never touched beyond that."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from dataverse.store.choices import NUMBER_TYPES, NumberType
from dataverse.store.new_number import NewNumber, create_number, set_provider
from dataverse.store.provider_accounts import AccountChange, ShownAccount, carry_out, changes, stored_accounts
from dataverse.webapi.errors import RowNotFound
from messaging.numbers import read_address

_COUNTED = count(1)
SHOWN = ShownAccount(
    type="twilio",
    inbound_url="https://sms.example.com/in",
    status_url="https://sms.example.com/status",
    two_way=True,
    delivery_reports=True,
    media=False,
)


@pytest.fixture
def client(in_the_emulator):
    return in_the_emulator.client


@pytest.fixture
def name():
    """The callback id of an account that no other test has."""
    return f"account-{next(_COUNTED)}"


def stored(client, name):
    (row,) = [each for each in stored_accounts(client) if each.callback_id == name]
    return row


def bring_about(client, name, account):
    """Whatever has to change for an account to be shown so; the columns that did."""
    (made,) = [*changes({name: account}, stored_accounts(client))] or [None]
    if made is not None:
        carry_out(client, made)
    return made and made.columns


def test_a_row_is_made_once_and_then_only_what_differs_is_mended(client, name):
    made = bring_about(client, name, SHOWN)
    again = bring_about(client, name, SHOWN)
    mended = bring_about(client, name, replace(SHOWN, media=True, inbound_url="https://sms.example.com/elsewhere"))

    assert len(made) == 6
    assert again is None
    assert mended == ("inbound_url", "media")
    assert stored(client, name).shown == replace(SHOWN, media=True, inbound_url="https://sms.example.com/elsewhere")
    assert stored(client, name).name == name


def test_what_is_not_known_is_left_as_it_stands(client, name):
    bring_about(client, name, SHOWN)

    assert bring_about(client, name, replace(SHOWN, inbound_url=None, status_url=None, media=None)) is None
    assert stored(client, name).shown == SHOWN


def test_two_who_make_it_at_once_make_one_row_that_both_wanted(client, name):
    change = AccountChange(callback_id=name, wanted=SHOWN, stored=None, columns=("type", "media"))
    carry_out(client, change)
    carry_out(client, replace(change, wanted=replace(SHOWN, media=True)))

    assert stored(client, name).shown.media is True


def test_a_row_that_is_not_wanted_any_more_stays(client, name):
    bring_about(client, name, SHOWN)

    assert not [each for each in changes({}, stored_accounts(client)) if each.callback_id == name]
    assert stored(client, name).active


def test_a_number_is_made_once_and_can_get_another_account(client, name, in_the_emulator):
    bring_about(client, name, SHOWN)
    seller = in_the_emulator.seller()
    new = NewNumber(
        address=read_address(in_the_emulator.customer()),
        type=NumberType.TOLL_FREE,
        name="West",
        provider=name,
        owner=seller,
    )
    first, second = create_number(client, new), create_number(client, replace(new, name="East"))
    query = f"txv_phonenumbers?$filter=txv_digits%20eq%20'{new.address.digits}'&$expand=txv_smsproviderid"
    (row,) = client.rows(query)

    assert (first, second) == (True, False)
    assert (row["txv_name"], row["txv_numbertype"]) == ("West", NUMBER_TYPES[NumberType.TOLL_FREE])
    assert row["txv_smsproviderid"]["txv_callbackid"] == name

    bring_about(client, f"{name}-b", SHOWN)
    set_provider(client, row["txv_phonenumberid"], f"{name}-b")
    (moved,) = client.rows(query)
    assert moved["txv_smsproviderid"]["txv_callbackid"] == f"{name}-b"


def test_a_number_at_an_account_that_there_is_not_is_refused(client, in_the_emulator):
    new = NewNumber(
        address=read_address(in_the_emulator.customer()),
        type=NumberType.GEOGRAPHIC,
        name="x",
        provider="nobody",
        owner=in_the_emulator.seller(),
    )

    with pytest.raises(RowNotFound):
        create_number(client, new)
