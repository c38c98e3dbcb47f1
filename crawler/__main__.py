"""`python -m crawler` is the console script `firstprint`."""

from crawler.commands.cli import main

if __name__ == "__main__":
    main()
