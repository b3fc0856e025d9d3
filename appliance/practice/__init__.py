"""A municipality in a box: an exchange and its citizens, over real SIP and RTP."""
