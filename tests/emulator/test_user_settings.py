"""What users have chosen: one row each, from the first moment, found beside the user."""

from __future__ import annotations

FRENCH = 1036
LANGUAGE = "user_settings($select=uilanguageid)"


def test_a_user_has_settings_from_the_beginning_in_the_language_of_the_organization(web) -> None:
    user = web.user()

    assert web.row(f"usersettingscollection({user})?$select=uilanguageid,localeid")["uilanguageid"] == 1033
    (settings,) = web.row(f"systemusers({user})?$select=fullname&$expand={LANGUAGE}")["user_settings"]
    assert (settings["systemuserid"], settings["uilanguageid"]) == (user, 1033)


def test_the_users_of_a_fresh_environment_have_settings(web, say) -> None:
    assert web.row(f"usersettingscollection({say.administrator})")["uilanguageid"] == 1033


def test_a_user_chooses_a_language(web) -> None:
    user = web.user()

    assert web.patch(f"usersettingscollection({user})", {"uilanguageid": FRENCH}).status_code == 204

    found = web.row(f"usersettingscollection?$select=uilanguageid&$filter=systemuserid eq {user}")["value"]
    assert [row["uilanguageid"] for row in found] == [FRENCH]


def test_the_settings_of_members_are_found_through_their_team_in_one_query(web) -> None:
    user, team = web.user(), web.team()
    web.patch(f"usersettingscollection({user})", {"uilanguageid": FRENCH})
    web.post(f"teams({team})/teammembership_association/$ref", {"@odata.id": f"{web.root}systemusers({user})"})

    (row,) = web.row(
        f"systemusers?$select=systemuserid&$expand={LANGUAGE}"
        f"&$filter=teammembership_association/any(t:t/teamid eq {team})"
    )["value"]

    assert (row["systemuserid"], row["user_settings"][0]["uilanguageid"]) == (user, FRENCH)


def test_settings_lead_to_their_user(web) -> None:
    user = web.user("Noor")

    row = web.row(f"usersettingscollection({user})?$expand=systemuserid_systemuser($select=fullname)")

    assert row["systemuserid_systemuser"]["fullname"] == "Noor Demo"


def test_settings_are_neither_made_nor_deleted_by_hand(web) -> None:
    user = web.user()

    assert web.post("usersettingscollection", {"uilanguageid": FRENCH}).status_code == 501
    assert web.delete(f"usersettingscollection({user})").status_code == 501
