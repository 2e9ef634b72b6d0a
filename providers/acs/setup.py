"""What to enter at Azure Communication Services: two event subscriptions of the resource.

The names of pages and fields: https://learn.microsoft.com/azure/communication-services/quickstarts/sms/handle-sms-events
and https://learn.microsoft.com/azure/event-grid/delivery-properties.
"""

from __future__ import annotations

from providers.acs.secret import HEADER, PARAMETER
from providers.setup_step import INBOUND_URL, STATUS_URL, SetupStep

_EVENTS = "Azure portal › the Communication Services resource › Events › Event Subscription"

STEPS = (
    SetupStep(
        title="Incoming texts",
        where=_EVENTS,
        what="Begin an event subscription for SMS Received alone. Choose the endpoint type Web Hook and this URL as "
        "the endpoint; the schema may be Event Grid or CloudEvents. Go on to the next step before you create it.",
        value=INBOUND_URL,
    ),
    SetupStep(
        title="Proof of origin",
        where="the same page › Delivery Properties",
        what="Add a header of this name and the type Static. Its value is one of the callback_secrets of the account "
        "in the setting PROVIDERS; mark it as a secret. Then create the subscription. If it cannot be validated, put "
        f"the secret behind the URL instead, as the query parameter {PARAMETER}. An account with options.entra needs "
        "neither: there the subscription signs in with Microsoft Entra.",
        value=HEADER,
    ),
    SetupStep(
        title="Delivery reports",
        where=_EVENTS,
        what="Create a second event subscription, for SMS Delivery Report Received alone, with this URL and the same "
        "header.",
        value=STATUS_URL,
    ),
)
