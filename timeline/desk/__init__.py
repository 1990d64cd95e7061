"""THE EDITORS' DESK: who may do what, what differs between two versions, and how a version comes into force."""
