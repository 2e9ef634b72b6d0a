"""A client that keeps a copy of a table by delta links."""

from __future__ import annotations

import pytest

TRACK = "odata.track-changes"


class Mirror:
    """The rows of a table as its changes were told, by id; `link` is where the next round begins, or the next page."""

    def __init__(self, web, entity_set, key, *, query="", page_size=None):
        self.web, self.key = web, key
        self.prefer = TRACK + (f",odata.maxpagesize={page_size}" if page_size else "")
        self.link = f"{entity_set}{query}"
        self.rows = {}
        self.pages = []

    def read_page(self):
        """Reads one page; whether it was the last one of its round."""
        answer = self.web.get(self.link, Prefer=self.prefer)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        self.pages.append(page)
        for item in page["value"]:
            if item.get("reason") == "deleted":
                self.rows.pop(item["id"], None)
            else:
                self.rows[item[self.key]] = item
        self.link = page.get("@odata.nextLink") or page["@odata.deltaLink"]
        return "@odata.deltaLink" in page

    def read_round(self):
        """Reads what is left of a round; its items."""
        before = len(self.pages)
        while not self.read_page():
            pass
        return [item for page in self.pages[before:] for item in page["value"]]


@pytest.fixture
def mirror(fresh):
    def mirror(entity_set="contacts", key="contactid", web=None, **more):
        return Mirror(web or fresh, entity_set, key, **more)

    return mirror
