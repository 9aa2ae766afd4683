"""Makes `python -m mockserver` the same as `mockserver`."""

import sys

from mockserver.cli import main

if __name__ == "__main__":  # a worker process imports this file again
    sys.exit(main())
