"""A robot at the instance's public doors: REST, WebSocket, and the life it leads there."""
