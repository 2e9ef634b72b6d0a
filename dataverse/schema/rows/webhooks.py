"""Webhooks with their steps and the images of rows that go along.

The secret is written and never read. Whether it is the one that was written stands in a digest in the description of
the webhook, which tells nothing of it.

Source: Microsoft Learn, "Register a webhook" and the references of the three tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from dataverse.schema.components import EventStep, Image, Webhook, component_id
from dataverse.schema.rows.kinds import IMAGE, STEP, WEBHOOK
from dataverse.schema.rows.references import Sort, placeholder
from dataverse.schema.rows.row import Ids, Row, described, digest

_CONTRACT, _NORMAL, _JSON, _HTTP_HEADER = 8, 1, 2, 5
_ASYNCHRONOUS, _POST_OPERATION, _SERVER_ONLY = 1, 40, 0
_PRE_IMAGE, _POST_IMAGE = 0, 1


def webhook_rows(webhook: Webhook, ids: Ids) -> Iterator[Row]:
    """The endpoint, and then its steps, each followed by its images."""
    yield _endpoint(webhook)
    for step in webhook.steps:
        yield _step(step, ids.get(webhook.id, webhook.id))
        for image in step.images:
            yield _image(image, step)


def _endpoint(webhook: Webhook) -> Row:
    settings = Element("settings")
    SubElement(settings, "setting", name=webhook.header, value=webhook.secret)
    mark = digest(webhook.id, webhook.header, webhook.secret)
    seen = {
        "url": webhook.url,
        "authtype": _HTTP_HEADER,
        "description": described("Posts changes of rows to Textverse.", mark),
    }
    written = {**seen, "authvalue": tostring(settings, encoding="unicode")}
    return Row(
        kind=WEBHOOK,
        id=webhook.id,
        what=f"webhook {webhook.name}",
        name=webhook.name,
        values={
            "name": webhook.name,
            "contract": _CONTRACT,
            "connectionmode": _NORMAL,
            "messageformat": _JSON,
            **written,
        },
        fixed={"contract": _CONTRACT},
        kept={**seen, "isauthvalueset": True},
        mend=written,
    )


def _step(step: EventStep, endpoint: str) -> Row:
    runs = {
        "mode": _ASYNCHRONOUS,
        "stage": _POST_OPERATION,
        "filteringattributes": ",".join(step.columns) or None,
        "statecode": 0,
    }
    binds = {"eventhandler_serviceendpoint@odata.bind": f"/serviceendpoints({endpoint})"}
    message = placeholder(Sort.MESSAGE, step.message)
    message_filter = placeholder(Sort.FILTER, f"{step.message} of {step.table}")
    return Row(
        kind=STEP,
        id=step.id,
        what=f"event step {step.message} of {step.table}",
        values={
            "name": step.name,
            "rank": 1,
            "supporteddeployment": _SERVER_ONLY,
            "asyncautodelete": True,
            "sdkmessageid@odata.bind": f"/sdkmessages({message})",
            "sdkmessagefilterid@odata.bind": f"/sdkmessagefilters({message_filter})",
            **{column: value for column, value in runs.items() if column != "statecode"},
            **binds,
        },
        kept={**runs, "_eventhandler_value": endpoint},
        mend={**runs, "statuscode": 1, **binds},
    )


def _image(image: Image, step: EventStep) -> Row:
    shows = {"imagetype": _PRE_IMAGE if image.before else _POST_IMAGE, "attributes": ",".join(image.columns)}
    return Row(
        kind=IMAGE,
        id=component_id("image", f"{step.message}:{step.table}:{image.alias}"),
        what=f"image {image.alias} of {step.message} of {step.table}",
        values={
            "name": image.alias,
            "entityalias": image.alias,
            "messagepropertyname": "Id" if step.message == "Create" else "Target",
            "sdkmessageprocessingstepid@odata.bind": f"/sdkmessageprocessingsteps({step.id})",
            **shows,
        },
        kept=shows,
        mend=shows,
    )
