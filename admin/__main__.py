"""`python -m admin`."""

import sys

try:
    from admin.commands import main
except ModuleNotFoundError as error:
    sys.exit(
        f"This Python lacks the package {error.name}. Run the same command with the one that sets itself up:\n"
        f"  python3 dev.py admin {' '.join(sys.argv[1:])}"
    )

if __name__ == "__main__":
    main()
