"""Our tables in Dataverse, as data: what there should be, what there is, and the steps from one to the other.

`names` has every logical name once, `tables` declares, `desired` assembles; `actual` reads an environment, `plan`
compares without I/O, `apply` carries the steps out. Nothing is ever dropped, renamed or shortened.
"""
