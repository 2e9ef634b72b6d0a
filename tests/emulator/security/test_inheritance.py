"""Whatever happens in whatever order, rows inherit what their ancestors hand down, and nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.security.rights import OWNER, RIGHTS

MASKS = {"ReadAccess": 1, "WriteAccess": 2, "ReadAccess,AppendAccess": 5}
ROW, USER = st.integers(0, 4), st.integers(0, 2)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), USER, ROW),
        st.tuples(st.just("move"), ROW, ROW | st.none()),
        st.tuples(st.just("assign"), ROW, USER),
        st.tuples(st.just("share"), ROW, USER, st.sampled_from(list(MASKS))),
        st.tuples(st.just("modify"), ROW, USER, st.sampled_from(list(MASKS))),
        st.tuples(st.just("revoke"), ROW, USER),
        st.tuples(st.just("delete"), ROW),
    ),
    max_size=12,
)


class Model:
    """Rows with their parents, owners and direct shares; moves may make circles."""

    def __init__(self, world, users):
        self.world, self.users = world, users
        self.parent, self.owner, self.direct = {}, {}, {}

    def run(self, name, *arguments):
        if name == "create" or self.parent:
            getattr(self, name)(*arguments)

    def pick(self, number):
        return list(self.parent)[number % len(self.parent)]

    def create(self, user, above):
        parent = self.pick(above) if self.parent and above < 4 else None
        values = {"txv_about": ("txv_item", parent)} if parent else {}
        row = self.world.row("txv_item", self.users[user], **values)
        self.parent[row], self.owner[row], self.direct[row] = parent, self.users[user], {}

    def move(self, number, above):
        row, parent = self.pick(number), None if above is None else self.pick(above)
        self.world.change("txv_item", row, txv_about=(parent and "txv_item", parent))
        self.parent[row] = parent

    def assign(self, number, user):
        row = self.pick(number)
        self.world.change("txv_item", row, ownerid=("systemuser", self.users[user]))
        self.owner[row] = self.users[user]

    def share(self, number, user, mask):
        row, principal = self.pick(number), self.users[user]
        self.world.share(self.owner[row], "txv_item", row, principal, mask)
        self.direct[row][principal] = self.direct[row].get(principal, 0) | MASKS[mask]

    def modify(self, number, user, mask):
        row, principal = self.pick(number), self.users[user]
        self.world.share(self.owner[row], "txv_item", row, principal, mask, action="ModifyAccess")
        self.direct[row][principal] = MASKS[mask]

    def revoke(self, number, user):
        row, principal = self.pick(number), self.users[user]
        self.world.revoke(self.owner[row], "txv_item", row, principal)
        self.direct[row].pop(principal, None)

    def delete(self, number):
        row = self.pick(number)
        for child in [each for each, parent in self.parent.items() if parent == row]:
            self.world.change("txv_item", child, txv_about=(None, None))
            self.parent[child] = None
        self.world.delete("txv_item", row)
        for each in (self.parent, self.owner, self.direct):
            del each[row]

    def rights(self, row, user):
        if self.owner[row] == user:
            return set(RIGHTS)
        mask, above, seen = self.direct[row].get(user, 0), self.parent[row], {row}
        while above is not None and above not in seen:
            mask |= self.direct[above].get(user, 0) | (OWNER if self.owner[above] == user else 0)
            seen.add(above)
            above = self.parent[above]
        return {right for right, bit in RIGHTS.items() if mask & bit}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_rows_inherit_what_their_ancestors_hand_down(world, db, actions):
    for table in world.schema.tables:
        db.execute(f'delete from "{table}"')
    unit = world.unit()
    role = world.role("Basic", "txv_item")
    model = Model(world, [world.user(unit, role) for _ in range(3)])
    for action in actions:
        model.run(*action)
    for row in model.parent:
        for user in model.users:
            assert world.may(user, "txv_item", row) == model.rights(row, user)
    empty = "select count(*) from principalobjectaccess where not accessrightsmask | inheritedaccessrightsmask"
    assert db.execute(empty).fetchone() == (0,)
