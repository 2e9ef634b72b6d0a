"""Twilio Programmable Messaging.

Callbacks are forms (or queries of a GET), signed with HMAC over URL and parameters; inbound texts want TwiML back.
https://www.twilio.com/docs/messaging/guides/webhook-request, …/guides/outbound-message-status-in-status-callbacks
"""

from providers.twilio.provider import Twilio

__all__ = ["Twilio"]
