"""The pages of `pane` outside of Dynamics: served from this machine, and their generated part."""
