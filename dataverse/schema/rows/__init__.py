"""Components as rows of Dataverse's own tables: what should stand in them, what does, and the steps between.

One module for each sort of component turns declarations into rows (`Row`); `desired` puts them in order; `found` reads
what an environment has of them, and `steps` compares. What only the environment knows (`references`) stands in a row as
a placeholder until the row is written.
"""
