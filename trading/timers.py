"""Registers the timers of every folder of trading."""
import trading.awards.timers
import trading.bids.timers
import trading.green.timers
import trading.incidents.timers
import trading.opening.timers
import trading.projects.timers
import trading.subjects.timers  # noqa: F401
