"""Which columns tell what is said in a flow, and not how it travels.

Lengths with headers, times and the fields of single packets go with stacks, paths and the place of
the probe. How many messages there are, from which side and how long, goes with the service: trees
that see only that are less right at home and less wrong elsewhere.
"""

import re

OF_THE_WAY = re.compile(r"p\d+_|.*(ip_length|inter_arrival|duration)")


def columns(names):
    """Numbers of these columns; none where all are of single packets, as in nPrint."""
    return tuple(i for i, name in enumerate(names) if not OF_THE_WAY.match(name))
