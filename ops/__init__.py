"""What operators need: the supervisor of one machine, images, monitoring, relays."""
