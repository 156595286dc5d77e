"""Viz: the values of a program, as trees, tables, bars and graphs that follow what happens to them."""

from sidekick.viz.component import Viz

__all__ = ["Viz"]
