"""Every kind of recorded change, with the function that makes it."""

from __future__ import annotations

from emulator.metadata.catalog import Definer
from emulator.metadata.define import (
    change_column,
    change_table,
    define_column,
    define_option_set,
    define_table,
)
from emulator.metadata.keys import change_state_of_key, define_key
from emulator.metadata.options import change_option_set, delete_option, insert_option, order_options, update_option
from emulator.metadata.relate import change_relationship, define_polymorphic_lookup, define_relationship
from emulator.metadata.removal import (
    remove_column,
    remove_key,
    remove_option_set,
    remove_relationship,
    remove_table,
)

DEFINERS: dict[str, Definer] = {
    "table": define_table,
    "column": define_column,
    "key": define_key,
    "state of key": change_state_of_key,
    "relationship": define_relationship,
    "polymorphic lookup": define_polymorphic_lookup,
    "option set": define_option_set,
    "change of table": change_table,
    "change of column": change_column,
    "change of relationship": change_relationship,
    "change of option set": change_option_set,
    "new option": insert_option,
    "changed option": update_option,
    "deleted option": delete_option,
    "order of options": order_options,
    "deleted table": remove_table,
    "deleted column": remove_column,
    "deleted key": remove_key,
    "deleted relationship": remove_relationship,
    "deleted option set": remove_option_set,
}
