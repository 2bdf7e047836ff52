"""Sealed bids, format TBID1: the key ceremony, the envelope and the threshold opening, without any side effect."""
