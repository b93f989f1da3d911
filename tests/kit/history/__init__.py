"""Long random histories of grants, and what a plain replay makes of them."""
