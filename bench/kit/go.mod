module tearline/bench/kit

go 1.26.0
