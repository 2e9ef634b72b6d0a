"""What the commands say of themselves, all together."""

from __future__ import annotations

ABOUT = """\
Look after Textverse in an environment of Dynamics 365.

The first time, in this order:
  provision        makes the tables, forms, roles and all the rest that is missing
  providers urls   says what to enter at the provider of your numbers
  users grant      gives the roles to those who text, and to the function app
  numbers add      says which numbers you have, and who answers them
  doctor           looks whether all of it fits together

Every command can be repeated, and does nothing where there is nothing left to do.

Ways to sign in (--auth):
  azure-cli        as whoever ran az login; this is the usual one
  device-code      with a code to enter in a browser, on any machine
  client-secret    as an app registration: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET
  development      without proof, at an emulator on this machine

Exit codes:
  0  done, and nothing is wrong
  1  something was found that needs you, or was refused: it says what
  2  the command line cannot be understood: nothing was done
  3  something cannot be reached now: run the same command again later

Examples:
  python -m admin provision --plan --url https://contoso.crm4.dynamics.com
  python -m admin provision --settings settings.json
  python -m admin doctor --settings settings.json --json"""
