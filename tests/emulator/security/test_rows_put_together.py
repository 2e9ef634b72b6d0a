"""Who may link rows and unlink them: Append on the row that holds the lookup, AppendTo on the one that it points to."""

from __future__ import annotations

import pytest

PARENT = "parentcustomerid_account@odata.bind"


@pytest.fixture
def rows(web, say):
    """An account and its contact, of nobody in particular, and a seller who has nothing to do with them."""

    class Rows:
        account = web.create("accounts", {"name": "A"})
        contact = web.create("contacts", {"lastname": "B", PARENT: f"/accounts({account})"})
        seller_id = web.user("Kim", role=say.salesperson)
        seller = web.as_user(seller_id)
        hers = seller.create("accounts", {"name": "Hers"})

        def parent(self):
            return web.row(f"contacts({self.contact})")["_parentcustomerid_value"]

        def grant(self, kind, row, *rights):
            mask = ",".join(f"{right}Access" for right in rights)
            who = {"@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": self.seller_id}
            what = {"@odata.type": f"Microsoft.Dynamics.CRM.{kind}", f"{kind}id": row}
            body = {"Target": what, "PrincipalAccess": {"AccessMask": mask, "Principal": who}}
            assert web.post("GrantAccess", body).status_code == 204

    return Rows()


@pytest.mark.parametrize(
    "path",
    [
        "contacts({contact})/parentcustomerid_account/$ref",
        "accounts({account})/contact_customer_accounts({contact})/$ref",
        "accounts({account})/contact_customer_accounts/$ref?$id=contacts({contact})",
    ],
)
def test_strangers_unlink_nothing(rows, path):
    path = path.format(account=rows.account, contact=rows.contact)
    assert rows.seller.delete(path).status_code == 403
    assert rows.parent() == rows.account
    rows.grant("contact", rows.contact, "Read", "Append")
    assert rows.seller.delete(path).status_code == 204
    assert rows.parent() is None


@pytest.mark.parametrize("from_above", [True, False])
def test_the_row_that_holds_the_lookup_is_appended(rows, from_above):
    def link():
        if from_above:
            path, body = f"accounts({rows.hers})/contact_customer_accounts/$ref", f"contacts({rows.contact})"
            return rows.seller.post(path, {"@odata.id": rows.seller.root + body}).status_code
        path, body = f"contacts({rows.contact})/parentcustomerid_account/$ref", f"accounts({rows.hers})"
        return rows.seller.put(path, {"@odata.id": rows.seller.root + body}).status_code

    rows.grant("contact", rows.contact, "Read", "AppendTo")
    assert link() == 403
    rows.grant("contact", rows.contact, "Append")
    assert link() == 204
    assert rows.parent() == rows.hers


def test_a_link_that_every_row_needs_stays(web, say):
    role = web.create("roles", {"name": "R", "businessunitid@odata.bind": f"/businessunits({say.business_unit})"})
    answer = web.delete(f"roles({role})/businessunitid/$ref")
    assert (answer.status_code, say.code(answer)) == (400, "0x80040200")
