"""Every kind of recorded change, with the function that makes it."""

from __future__ import annotations

from emulator.metadata.catalog import Definer
from emulator.metadata.define import (
    change_column,
    change_table,
    define_column,
    define_key,
    define_option_set,
    define_table,
)
from emulator.metadata.relate import define_polymorphic_lookup, define_relationship

DEFINERS: dict[str, Definer] = {
    "table": define_table,
    "column": define_column,
    "key": define_key,
    "relationship": define_relationship,
    "polymorphic lookup": define_polymorphic_lookup,
    "option set": define_option_set,
    "change of table": change_table,
    "change of column": change_column,
}
