module tearline/bench/fingerprint

go 1.26.0

replace (
	tearline => ../..
	tearline/bench/kit => ../kit
)

require (
	tearline v0.0.0
	tearline/bench/kit v0.0.0-00010101000000-000000000000
)

require golang.org/x/text v0.43.0 // indirect
