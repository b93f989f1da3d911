"""The stack on moto: its resources, the handlers of all functions, and what drives them."""
