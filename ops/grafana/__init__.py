"""Grafana: what it is told about our metrics."""
