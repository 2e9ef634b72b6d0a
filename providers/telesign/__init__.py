"""TeleSign's SMS, Inbound SMS and Messaging products.

Callbacks are JSON, signed with HMAC-SHA256 over the raw body. https://developer.telesign.com/enterprise/docs/transaction-callback-service
"""

from providers.telesign.provider import TeleSign

__all__ = ["TeleSign"]
