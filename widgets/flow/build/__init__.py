"""From an app's file to a folder that any web server can serve: ``flow build``."""

from flow.build.builder import BuildError, BuildResult, FlowBuilder

__all__ = ["BuildError", "BuildResult", "FlowBuilder"]
