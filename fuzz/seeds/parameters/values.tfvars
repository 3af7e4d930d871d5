name = "orders"
tags = { a = "b" }
list = ["x", 1, true, null]
