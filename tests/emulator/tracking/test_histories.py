"""Tokens after a restore: those of the past go on, those of what never was are refused. Writers at the same time."""

from __future__ import annotations

import threading

import pytest

from emulator.server import Server


class Machine:
    """An emulator on a file, of which copies can be taken and put back."""

    def __init__(self, folder, say):
        self.folder, self.say = folder, say
        self.start("first")

    def start(self, name):
        self.server = Server(data=self.folder / name).start()
        self.web = self.say.web(self.server.url)

    def stop(self):
        self.web.session.close()
        self.server.stop()

    def copy(self, name):
        self.server.service.store.copy_to(self.folder / name)

    def put_back(self, name):
        self.server.service.put_back(self.folder / name)

    def follow(self, link):
        path = link.partition("/api/data/v9.2/")[2]
        return self.web.get(path, Prefer="odata.track-changes")

    def token(self):
        return self.web.get("contacts", Prefer="odata.track-changes").json()["@odata.deltaLink"]


@pytest.fixture
def machine(tmp_path, say):
    machine = Machine(tmp_path, say)
    yield machine
    machine.stop()


def test_a_restart_keeps_tokens_valid(machine):
    link = machine.token()
    machine.stop()
    machine.start("first")
    row = machine.web.create("contacts", {"lastname": "A"})
    assert [item["contactid"] for item in machine.follow(link).json()["value"]] == [row]


def test_tokens_from_before_a_copy_go_on_after_it_is_put_back(machine):
    link = machine.token()
    row = machine.web.create("contacts", {"lastname": "A"})
    machine.copy("copy")
    machine.web.create("contacts", {"lastname": "lost"})
    machine.put_back("copy")
    assert [item["contactid"] for item in machine.follow(link).json()["value"]] == [row]


def test_tokens_of_what_was_lost_are_refused_even_when_as_much_was_written_again(machine, say):
    machine.copy("copy")
    machine.web.create("contacts", {"lastname": "lost"})
    links = [machine.token()]
    machine.put_back("copy")
    machine.web.create("contacts", {"lastname": "another"})
    links.append(machine.token())
    machine.put_back("copy")
    for name in "ABCD":
        machine.web.create("contacts", {"lastname": name})
    for link in links:
        answer = machine.follow(link)
        assert (answer.status_code, say.code(answer)) == (400, "0x80044352")


def test_a_page_of_what_was_lost_is_refused(machine, say):
    machine.copy("copy")
    for name in "ABC":
        machine.web.create("contacts", {"lastname": name})
    page = machine.web.get("contacts", Prefer="odata.track-changes,odata.maxpagesize=1").json()
    machine.put_back("copy")
    answer = machine.follow(page["@odata.nextLink"])
    assert (answer.status_code, say.code(answer)) == (400, "0x80044352")


def test_no_change_of_writers_at_the_same_time_is_missed(fresh, say, mirror):
    """Each writer commits in its own time; the reader asks all the while."""
    contacts = mirror(query="?$select=lastname")
    contacts.read_round()
    told = []
    done = threading.Event()

    def write(number):
        web = say.web(fresh.origin)
        for count in range(15):
            items = [("POST", "contacts", {"lastname": f"{number}.{count}.{part}"}) for part in range(2)]
            web.batch(items) if count % 2 else web.batch(*items)
        web.session.close()

    def read():
        while not done.is_set():
            told.extend(contacts.read_round())

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    told.extend(contacts.read_round())
    names = [item["lastname"] for item in told]
    assert sorted(names) == sorted(f"{number}.{count}.{part}" for number in range(4) for count in range(15)
                                   for part in range(2))  # fmt: skip
