"""Questions to the database that have an answer only if something was done by half."""

from __future__ import annotations

from emulator.metadata.physical import companion


def dangling(schema):
    """Questions after lookups that point to nothing; where nothing happens on delete they may."""
    for link in schema.one_to_many.values():
        one, many = schema.tables[link.referenced_table], schema.tables[link.referencing_table]
        lookup = many.columns[link.referencing_column]
        of_parties = (many.logical_name, lookup.logical_name) == ("activityparty", "activityid")  # see `torn`
        if link.cascades.delete != "NoCascade" and one.logical_name != "owner" and not of_parties:
            here = f"\"{companion(lookup.logical_name)}\" = '{one.logical_name}'" if lookup.is_polymorphic else "1"
            ids = f'SELECT "{one.primary_id}" FROM "{one.logical_name}"'
            yield (
                f'SELECT "{many.primary_id}", "{lookup.logical_name}" FROM "{many.logical_name}" WHERE {here} '
                f'AND "{lookup.logical_name}" IS NOT NULL AND "{lookup.logical_name}" NOT IN ({ids})'
            )


def torn(schema):
    """Questions after halves: of activities and their mirror, of parties, of jobs, of versions, of owners."""
    columns = "activityid, subject, statecode, ownerid, regardingobjectid, versionnumber"
    activities = [name for name, each in schema.tables.items() if each.is_activity and name != "activitypointer"]
    union = " UNION ALL ".join(f'SELECT {columns} FROM "{name}"' for name in activities)
    mirror = f"SELECT {columns} FROM activitypointer"
    yield f"SELECT * FROM ({union}) EXCEPT {mirror}"
    yield f"{mirror} EXCEPT SELECT * FROM ({union})"
    yield "SELECT activityid FROM activityparty WHERE activityid NOT IN (SELECT activityid FROM activitypointer)"
    yield "SELECT operation FROM _webhook WHERE operation NOT IN (SELECT asyncoperationid FROM asyncoperation)"
    for name, table in schema.tables.items():
        if table.change_tracking:
            yield f'SELECT versionnumber FROM "{name}" WHERE versionnumber > (SELECT value FROM _version)'
            row = f'SELECT 1 FROM "{name}" WHERE "{table.primary_id}" = d.id AND versionnumber < d.version'
            yield f"SELECT d.id FROM _deletion d WHERE d.entity = '{name}' AND EXISTS ({row})"
        if table.ownership == "UserOwned":
            there = "ownerid IS NOT NULL AND ownerid IN (SELECT ownerid FROM owner)"
            yield f'SELECT "{table.primary_id}" FROM "{name}" WHERE NOT ({there})'
