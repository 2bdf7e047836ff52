"""Registers the reactions of every folder of trading."""
import trading.awards.reactions
import trading.bids.reactions
import trading.green.reactions
import trading.incidents.reactions
import trading.notices.reactions
import trading.opening.reactions
import trading.projects.reactions
import trading.subjects.reactions  # noqa: F401
