"""What customers decided about being texted, per number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dataverse.store.batches import answers
from dataverse.store.choices import CONSENT_OF, CONSENTS
from dataverse.store.queries import get
from dataverse.store.rows import Row, moment_or_none
from dataverse.store.writes import stamp
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from messaging import ids
from messaging.consent import Consent, KnownConsent
from messaging.events import OptOutSeen


@dataclass(frozen=True, slots=True)
class Consents:
    """Keeps one row per customer number."""

    client: Client

    def find(self, event: OptOutSeen) -> KnownConsent:
        """The choice that holds, and the message that shows the new one (one `$batch` of two reads)."""
        # By the number, not by the id of our making: a consent may have been entered by others.
        consent = (
            "txv_consents?$select=txv_consentid,txv_choice,txv_decidedon"
            f"&$filter=txv_digits eq {quote_literal(event.customer.key)}"
        )
        evidence = (
            "txv_textmessages?$select=txv_textmessageid"
            f"&$filter=txv_providermessageid eq {quote_literal(event.message_id)}"
            f" and txv_provideraccount eq {quote_literal(event.account)}"
        )
        held, shown = answers(self.client, [get(consent), get(evidence)])
        return KnownConsent(
            consent=next(map(_consent, held), None),
            evidence=next((UUID(str(row["txv_textmessageid"])) for row in shown), None),
        )

    def record(self, event: OptOutSeen, known: KnownConsent) -> None:
        """Write the choice, at the version that was read (one round trip)."""
        body: dict[str, object] = {
            "txv_name": event.customer.value,
            "txv_digits": event.customer.key,
            "txv_choice": CONSENTS[event.choice],
            "txv_decidedon": stamp(event.occurred_at or event.received_at),
            "txv_source": f"{event.account} {event.message_id}"[:200],
        }
        if known.evidence is not None:
            body["txv_evidenceid@odata.bind"] = f"/txv_textmessages({known.evidence})"
        held = known.consent
        condition = {"If-Match": held.etag} if held else {"If-None-Match": "*"}
        path = f"txv_consents({held.id if held else ids.consent_id(event.customer.key)})"
        self.client.send(Request(method="PATCH", path=path, headers=condition, body=body, repeatable=True))


def _consent(row: Row) -> Consent:
    return Consent(
        id=UUID(str(row["txv_consentid"])),
        choice=CONSENT_OF.get(row["txv_choice"]),
        decided_on=moment_or_none(row["txv_decidedon"]),
        etag=str(row["@odata.etag"]),
    )
