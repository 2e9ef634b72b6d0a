"""The demo's web site: a customer's phone beside what the sellers get in Dynamics."""
