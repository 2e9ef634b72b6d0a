"""Azure Communication Services, whose SMS events come through an Event Grid subscription of the web hook kind.

Event Grid does not sign: a delivery is proved by a secret header or by a token of Microsoft Entra.
https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events
"""

from providers.acs.provider import Acs

__all__ = ["Acs"]
