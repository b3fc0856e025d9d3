"""What the telephony library says of itself, as one JSON object: `python -m appliance.telephony.library`.

A program of its own, because only a line's process may load the library.
"""

import json
import sys
from typing import Final

from appliance.telephony._pjsua2 import NO_NETWORK, call_limit, make_endpoint, tls_library

_MORE_THAN_ANY: Final = 10_000


def main() -> None:
    endpoint = make_endpoint(_MORE_THAN_ANY)
    facts = {"pjsip": str(endpoint.libVersion().full), "tls": tls_library(), "max_calls": call_limit()}
    endpoint.libDestroy(NO_NETWORK)  # otherwise it waits a second for answers that nobody owes it
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
