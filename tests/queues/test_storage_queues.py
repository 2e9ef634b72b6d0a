"""What only the queues of Azure Storage must do: settings, errors, and the form that the Functions host expects."""

from __future__ import annotations

import base64
import http.server
import subprocess
import sys
import threading
import time

import pytest
from azure.storage.queue import QueueServiceClient

from function_app.queues import StorageQueues
from messaging.errors import ConfigurationError, Unavailable

KEY = base64.b64encode(b"not a key of anyone").decode()


@pytest.fixture
def server():
    """A storage service that answers as it is told; its URL ends with the account's name."""
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Storage)
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


class _Storage(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls = getattr(self.server, "calls", 0) + 1
        status, code, wait = self.server.answer
        time.sleep(wait)
        self.send_response(status)
        self.send_header("x-ms-error-code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def connection(port):
    return f"AccountName=demo;AccountKey={KEY};QueueEndpoint=http://127.0.0.1:{port}/demo"


def refusal(port):
    with pytest.raises(Unavailable) as refused:
        StorageQueues.from_settings({"AzureWebJobsStorage": connection(port)}).send("events", "a private word")
    return str(refused.value)


@pytest.mark.azurite
def test_the_text_is_base64_and_never_expires(azurite, queue):
    azurite.send(queue, "grüße")
    raw = QueueServiceClient.from_connection_string(azurite.connection).get_queue_client(queue).receive_message()

    assert base64.b64decode(raw.content).decode() == "grüße"
    assert raw.expires_on.year == 9999


@pytest.mark.azurite
def test_two_threads_may_find_the_queue_missing_at_once(azurite, queue):
    threads = [threading.Thread(target=azurite.send, args=(queue, str(number))) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.text for each in azurite.receive(queue, lease_s=9, limit=32)) == [str(n) for n in range(8)]


def test_a_storage_that_nobody_serves_is_unavailable(unused_port):
    assert refusal(unused_port) == "the queue events takes no messages: ServiceRequestError"


@pytest.mark.parametrize(
    ("status", "code", "calls"),
    [
        (503, "ServerBusy", 2),
        (500, "InternalError", 2),
        (403, "AuthenticationFailed", 1),
        (409, "QueueBeingDeleted", 1),
    ],
)
def test_a_storage_that_refuses_is_unavailable_by_its_own_word(server, status, code, calls):
    server.answer = (status, code, 0)

    assert refusal(server.server_port) == f"the queue events takes no messages: {code}"
    assert server.calls == calls


def test_a_storage_that_does_not_answer_is_given_up_before_the_provider_gives_up(server):
    server.answer = (201, "", 20)
    started = time.monotonic()

    assert "takes no messages" in refusal(server.server_port)
    assert time.monotonic() - started < 20  # two attempts of two seconds each, on however slow a machine


def test_no_settings_are_a_configuration_error_that_says_what_to_set():
    with pytest.raises(ConfigurationError, match="AzureWebJobsStorage is missing: set a connection string"):
        StorageQueues.from_settings({})


def test_a_malformed_connection_string_is_a_configuration_error_that_does_not_quote_it():
    with pytest.raises(ConfigurationError) as refused:
        StorageQueues.from_settings({"AzureWebJobsStorage": f"nonsense;{KEY}"}).send("events", "x")

    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({"AzureWebJobsStorage": "UseDevelopmentStorage=true"}, "http://127.0.0.1:10001/devstoreaccount1/"),
        ({"AzureWebJobsStorage__accountName": "texts"}, "https://texts.queue.core.windows.net/"),
        ({"AzureWebJobsStorage__queueServiceUri": "https://q.example.net"}, "https://q.example.net/"),
    ],
)
def test_the_account_is_found_as_the_functions_host_finds_it(settings, url):
    queues = StorageQueues.from_settings(settings)

    assert queues._service.url == url


def test_importing_it_does_not_import_the_azure_sdk():
    script = "import sys, function_app.queues; sys.exit('azure.storage.queue' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
