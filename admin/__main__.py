"""`python -m admin`."""

from admin.commands import main

if __name__ == "__main__":
    main()
