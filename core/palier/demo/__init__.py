"""The demonstration: Ampère with three months behind it, Cathédrale beside it, nobody real."""
