"""What the telephony library says of itself, as one JSON object: `python -m appliance.telephony.library`.

A program of its own, because only a line's process may load the library.
"""

import json
import sys

from appliance.telephony._pjsua2 import NATIVE, NO_NETWORK, make_endpoint


def main() -> None:
    endpoint = make_endpoint()
    facts = {"pjsip": str(endpoint.libVersion().full), "tls": NATIVE.tls_library(), "max_calls": NATIVE.call_limit()}
    endpoint.libDestroy(NO_NETWORK)  # otherwise it waits a second for answers that nobody owes it
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
