"""What Azure Functions loads: the setting PYTHON_SCRIPT_FILE_NAME names this file, and the worker finds `app` in it."""

from function_app.app import app

__all__ = ["app"]
