"""What to enter at Twilio.

The names of pages and fields: https://www.twilio.com/docs/messaging/services and …/usage/webhooks/messaging-webhooks.
The part behind the `#`: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides; it is not signed.
"""

from __future__ import annotations

from providers.setup_step import INBOUND_URL, SetupStep

RETRIES = "#rc=5&rp=5xx,ct,rt"  # five more tries: after a 5xx, where a connection or an answer takes too long

STEPS = (
    SetupStep(
        title="Incoming texts",
        where="Twilio Console › Phone Numbers › Manage › Active numbers › the number › Messaging Configuration › "
        "A message comes in",
        what="Choose Webhook and HTTP POST, paste this URL, and save. What stands behind the # has to stay: without it "
        "Twilio does not try again when a text cannot be taken at once. Do this for every number.",
        value=INBOUND_URL + RETRIES,
    ),
    SetupStep(
        title="Numbers in a Messaging Service",
        where="Twilio Console › Messaging › Services › the service › Integration › Incoming Messages",
        what="Only if the number is in the sender pool of a Messaging Service, which then has the last word: leave it "
        "at Defer to sender's webhook, or choose Send a webhook and paste this URL as the request URL.",
        value=INBOUND_URL + RETRIES,
    ),
    SetupStep(
        title="Delivery reports",
        where="Nowhere at Twilio",
        what="There is nothing to enter: every text that is sent tells Twilio where its delivery reports are to go.",
    ),
    SetupStep(
        title="Proof of origin",
        where="Twilio Console › Account › API keys & tokens › Auth Token",
        what="Twilio signs every call with the auth token. It belongs to the callback_secrets of the account in the "
        "setting PROVIDERS; while it is being changed, put both the old one and the new one there.",
    ),
)
