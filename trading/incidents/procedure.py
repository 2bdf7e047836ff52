"""The table of an outage: recorded by one, closed by two."""
from kernel.machine import Move, Procedure
from law.citations import parse
from trading.incidents import rules

PROCEDURE = Procedure("incident", ("none", "open", "closed"), "none", ("closed",), (
    Move("trading.incidents.open", ("none",), "open", ("technician", "system"), parse("house"), (rules.probe_failed_or_witnessed,),
         zh="登记故障", en="Record an outage"),
    Move("trading.incidents.close", ("open",), "closed", ("technician", "regulator"), parse("house"), (rules.probe_good,),
         zh="登记恢复", en="Record the recovery"),
))
