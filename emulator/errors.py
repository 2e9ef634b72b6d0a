"""Errors as Dataverse answers them: an HTTP status, a hexadecimal code and a sentence."""

from __future__ import annotations


class DataverseError(Exception):
    """A request that is refused; becomes `{"error": {"code": …, "message": …}}` with the status."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def payload(self) -> dict[str, object]:
        return {"error": {"code": self.code, "message": self.message}}


def not_supported(what: str) -> DataverseError:
    """What Dataverse can do and this emulator cannot: said loudly, never answered wrongly."""
    return DataverseError(501, "0x80040800", f"The emulator does not support {what}.")


def bad_query(message: str) -> DataverseError:
    """A query that Dataverse's OData parser refuses."""
    return DataverseError(400, "0x80060888", message)


def does_not_exist(table: str, row_id: str) -> DataverseError:
    """404: no row with this id."""
    return DataverseError(404, "0x80040217", f"{table} With Id = {row_id} Does Not Exist")
