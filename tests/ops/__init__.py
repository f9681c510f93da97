"""What operators are given works: compositions, alerts, boards, the supervisor."""
