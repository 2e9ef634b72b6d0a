"""Our tables in Dataverse, as data: what there should be, what there is, and the steps from one to the other.

`names` has every logical name once, `tables` and the modules beside it declare, `desired` assembles; `actual` reads an
environment, `plan` compares without I/O, `apply` carries the steps out. What is no table is a row of one of Dataverse's
own tables: see `rows`. Nothing is ever dropped, renamed, shortened or taken away.
"""
