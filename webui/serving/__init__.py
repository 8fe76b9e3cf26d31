"""How the pages are served: connections with their deadlines, a lane for the portal and one for the
desk, and several processes that share a port."""
