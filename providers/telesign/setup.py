"""What to enter at TeleSign, and what to ask its support for: the URL for incoming texts cannot be set by customers.

https://learn.microsoft.com/dynamics365/sales/configure-sms-provider says the same of TeleSign.
"""

from __future__ import annotations

from providers.setup_step import INBOUND_URL, STATUS_URL, SetupStep

STEPS = (
    SetupStep(
        title="Incoming texts",
        where="an e-mail to support@telesign.com",
        what="Name your customer id and your numbers, and ask for this URL to be set for incoming texts (Inbound SMS).",
        value=INBOUND_URL,
    ),
    SetupStep(
        title="Delivery reports",
        where="TeleSign portal › SMS Settings › Status Callback",
        what="Switch it to Enabled and paste this URL. For an Enterprise account TeleSign's support has to do it: ask "
        "in the same e-mail.",
        value=STATUS_URL,
    ),
    SetupStep(
        title="Proof of origin",
        where="TeleSign portal › Dashboard › API Key",
        what="TeleSign signs every call with the API key. It belongs to the callback_secrets of the account in the "
        "setting PROVIDERS, in base64 as the portal shows it.",
    ),
)
