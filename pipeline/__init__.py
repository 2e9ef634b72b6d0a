"""The use cases, over ports: accept a callback, ingest a text, track a delivery report, note a consent."""
