#!/usr/bin/env python3
"""Record real traffic between real servers and clients, with true labels. See README.md."""

import sys

from testbed.cli import main

if __name__ == "__main__":
    sys.exit(main())
