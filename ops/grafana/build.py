"""Writes the boards of Grafana: `python -m ops.grafana.build`. Change the tables, not the JSON.

A board is a table of panels: title, unit, then one expression a line with its legend. Tests parse
every expression, compare its metric names with those the code declares, and build the boards anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

BOARDS = Path(__file__).parent / "boards"
COLUMNS, WIDTH, HEIGHT = 3, 8, 8
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}

Json = dict[str, Any]


class Panel(NamedTuple):
    title: str
    unit: str
    lines: dict[str, str]
    """Legend to expression; `{{label}}` in a legend is replaced by Grafana."""


def rate(metric: str, by: str = "", window: str = "5m") -> str:
    return f"sum{f' by ({by})' if by else ''} (rate({metric}[{window}]))"


def quantiles(metric: str, window: str = "5m") -> dict[str, str]:
    """Median, and what one in twenty and one in a hundred had to bear."""
    return {
        f"p{percent}": f"histogram_quantile({percent / 100:g}, {rate(metric + '_bucket', 'le', window)})"
        for percent in (50, 95, 99)
    }


def share(part: str, whole: str) -> str:
    return f"{part} / clamp_min({whole}, 0.001)"


ROLES = 'job=~"hub|scheduler|sfu"'

TABLE: dict[str, tuple[str, list[Panel]]] = {
    "members": (
        "Alongside: is it up for members?",
        [
            Panel("Processes up", "short", {"{{job}}": f"sum by (job) (up{{{ROLES}}})"}),
            Panel("Sockets", "short", {"{{kind}}": "sum by (kind) (cw_hub_connections)"}),
            Panel(
                "Event loop lag, p99",
                "s",
                {
                    "{{job}}": f"histogram_quantile(0.99, {rate('cw_eventloop_lag_seconds_bucket', 'job, le')})"
                },
            ),
            Panel("What runs", "short", {"{{role}} {{version}}": "cw_build_info"}),
            Panel("Pairs on relay", "short", {"{{instance}}": "cw_sfu_sessions"}),
            Panel(
                "Attempts to connect that failed",
                "percentunit",
                {
                    "{{path}}": share(
                        rate('cw_ice_result_total{result="failed"}', "path", "15m"),
                        rate("cw_ice_result_total", "path", "15m"),
                    )
                },
            ),
            Panel("From both there to both connected", "s", quantiles("cw_join_seconds", "15m")),
            Panel(
                "From both there to the first picture",
                "s",
                quantiles("cw_first_frame_seconds", "15m"),
            ),
            Panel(
                "Bookings refused by us",
                "percentunit",
                {
                    "share": share(
                        rate('cw_booking_requests_total{result=~"error|not_durable"}'),
                        rate("cw_booking_requests_total"),
                    )
                },
            ),
            Panel("Booking takes", "s", quantiles("cw_booking_seconds")),
            Panel("Timers fire late by", "s", quantiles("cw_timer_lateness_seconds")),
            Panel("From booking to partner", "s", quantiles("cw_match_wait_seconds", "1h")),
            Panel(
                "Partners changed by the pass",
                "ops",
                {"{{stage}} {{result}}": rate("cw_plan_changes_total", "stage, result", "1h")},
            ),
            Panel("The pass takes", "s", quantiles("cw_plan_seconds", "1h")),
            Panel("Bookings in a slot at its pass", "short", quantiles("cw_match_pool_size", "1h")),
            Panel(
                "Sessions judged",
                "ops",
                {"{{outcome}}": rate("cw_sessions_total", "outcome", "1h")},
            ),
            Panel("Flags", "ops", {"{{fault}}": rate("cw_flags_total", "fault", "1h")}),
            Panel("Sign-ins", "ops", {"{{result}}": rate("cw_auth_total", "result")}),
            Panel("Letters", "ops", {"{{result}}": rate("cw_mail_total", "result")}),
            Panel("A call takes", "s", quantiles("cw_api_seconds")),
        ],
    ),
    "hubs": (
        "Alongside: hubs",
        [
            Panel("Sockets", "short", {"{{instance}} {{kind}}": "cw_hub_connections"}),
            Panel("Handshakes", "ops", {"{{result}}": rate("cw_hub_connects_total", "result")}),
            Panel("Sockets closed", "ops", {"{{code}}": rate("cw_hub_disconnects_total", "code")}),
            Panel("Messages", "ops", {"{{type}}": rate("cw_hub_messages_total", "type")}),
            Panel("Refused", "ops", {"{{reason}}": rate("cw_hub_rejected_total", "reason")}),
            Panel("Resumed", "ops", {"{{result}}": rate("cw_hub_resume_total", "result")}),
            Panel("Waiting to be read", "bytes", quantiles("cw_hub_send_queue_bytes")),
            Panel("Presence not yet kept", "short", {"{{instance}}": "cw_hub_records_pending"}),
            Panel("Workers that answer", "short", {"{{instance}}": "cw_hub_workers"}),
            Panel("Lines tried", "ops", {"{{result}}": rate("cw_hub_probes_total", "result")}),
            Panel(
                "Faults of ours", "ops", {"{{instance}}": rate("cw_hub_failures_total", "instance")}
            ),
            Panel(
                "Calls",
                "ops",
                {"{{route}} {{status}}": rate("cw_api_seconds_count", "route, status")},
            ),
            Panel(
                "Calls over a limit", "ops", {"{{route}}": rate("cw_ratelimited_total", "route")}
            ),
            Panel(
                "Invite links over their limit", "ops", {"links": rate("cw_links_limited_total")}
            ),
            Panel("Letters waiting", "short", {"waiting": "max(cw_mail_waiting)"}),
        ],
    ),
    "media": (
        "Alongside: relay workers",
        [
            Panel("Pairs", "short", {"{{instance}}": "cw_sfu_sessions"}),
            Panel("Stress", "percentunit", {"{{instance}}": "cw_sfu_stress_ratio"}),
            Panel(
                "Carries in batches (1) or one by one (0)",
                "short",
                {"{{instance}}": "cw_sfu_fast_path"},
            ),
            Panel("Packets", "pps", {"{{dir}}": rate("cw_sfu_packets_total", "dir")}),
            Panel("Bytes", "Bps", {"{{dir}}": rate("cw_sfu_bytes_total", "dir")}),
            Panel("Dropped", "pps", {"{{reason}}": rate("cw_sfu_dropped_packets_total", "reason")}),
            Panel("Handshakes", "ops", {"{{result}}": rate("cw_sfu_handshakes_total", "result")}),
            Panel("Legs", "ops", {"{{state}}": rate("cw_sfu_leg_states_total", "state")}),
        ],
    ),
    "scheduler": (
        "Alongside: bookings, timers, outbox",
        [
            Panel(
                "Commands",
                "ops",
                {"{{op}} {{result}}": rate("cw_booking_requests_total", "op, result")},
            ),
            Panel("A command takes", "s", quantiles("cw_booking_seconds")),
            Panel("Timers pending", "short", {"pending": "max(cw_timers_pending)"}),
            Panel("Timers fire late by", "s", quantiles("cw_timer_lateness_seconds")),
            Panel(
                "Events not yet handled",
                "short",
                {"{{group}}": "max by (group) (cw_outbox_pending)"},
            ),
            Panel(
                "Oldest of them",
                "s",
                {"{{group}}": "max by (group) (cw_outbox_age_seconds)"},
            ),
            Panel(
                "Events handled",
                "ops",
                {"{{group}} {{result}}": rate("cw_outbox_handled_total", "group, result")},
            ),
            Panel(
                "Queued work",
                "ops",
                {"{{queue}} {{result}}": rate("cw_queue_handled_total", "queue, result")},
            ),
            Panel(
                "Queued work is late by",
                "s",
                {"{{queue}}": "max by (queue) (cw_queue_late_seconds)"},
            ),
            Panel(
                "Webhooks called", "ops", {"{{result}}": rate("cw_webhook_calls_total", "result")}
            ),
        ],
    ),
    "store": (
        "Alongside: the store, as we see it",
        [
            Panel("Calls", "ops", {"{{fn}}": rate("cw_redis_command_seconds_count", "fn")}),
            Panel("A call takes", "s", quantiles("cw_redis_command_seconds")),
            Panel("Failures", "ops", {"{{error}}": rate("cw_redis_errors_total", "error")}),
            Panel(
                "Writes that replicas had in time",
                "percentunit",
                {
                    "share": share(
                        rate('cw_wait_replicas_total{result="ok"}'), rate("cw_wait_replicas_total")
                    )
                },
            ),
            Panel(
                "Written to journals",
                "ops",
                {"{{result}}": rate("cw_journal_writes_total", "result")},
            ),
            Panel(
                "Looked for after a failover",
                "ops",
                {"{{result}}": rate("cw_journal_replayed_total", "result")},
            ),
        ],
    ),
}


def board(uid: str, title: str, panels: list[Panel]) -> Json:
    return {
        "uid": f"alongside-{uid}",
        "title": title,
        "tags": ["alongside"],
        "schemaVersion": 39,
        "editable": False,
        "timezone": "utc",
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "panels": [panel(number, each) for number, each in enumerate(panels)],
    }


def panel(number: int, each: Panel) -> Json:
    row, column = divmod(number, COLUMNS)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": each.title,
        "datasource": DATASOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": each.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True}},
        "targets": [
            {"refId": chr(ord("A") + i), "expr": expr, "legendFormat": legend}
            for i, (legend, expr) in enumerate(each.lines.items())
        ],
    }


def built() -> dict[str, str]:
    """File name to content, for all boards."""
    return {
        f"{uid}.json": json.dumps(board(uid, title, panels), indent=2) + "\n"
        for uid, (title, panels) in TABLE.items()
    }


def main() -> None:
    BOARDS.mkdir(exist_ok=True)
    for name, content in built().items():
        (BOARDS / name).write_text(content)


if __name__ == "__main__":
    main()
