"""DTLS, SRTP keys, the legs of pairs, and the relay made of them."""
