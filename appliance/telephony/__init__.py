"""Calls over SIP: pjsua2 behind one small interface, and the line process that drives them."""
