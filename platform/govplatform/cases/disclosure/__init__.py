"""依申请公开: requests for information that an organ holds (deploy/decisions/096-disclosure-requests.md)."""
