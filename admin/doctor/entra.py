"""Tokens of Microsoft Entra to read Azure's own configuration with: of an app registration in the environment, else of
whoever is signed in to the Azure CLI."""

from __future__ import annotations

from functools import cache

from admin.doctor.web import NoToken


@cache
def token(scope: str) -> str:
    """A bearer token for a scope, kept for the run. Raises NoToken."""
    from azure.core.exceptions import AzureError
    from azure.identity import AzureCliCredential, ChainedTokenCredential, EnvironmentCredential

    try:
        credential = ChainedTokenCredential(EnvironmentCredential(), AzureCliCredential(process_timeout=30))
        return credential.get_token(scope).token
    except (AzureError, ValueError):
        # azure-identity's own text may hold what was sent.
        raise NoToken("nobody is signed in to the Azure CLI") from None
