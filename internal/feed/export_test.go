package feed

// RobotsAllow reports whether a robots.txt lets us fetch a path.
func RobotsAllow(robots, path string) bool {
	r := parseRobots([]byte(robots))
	return r.allow(path)
}

// Parse reads a feed's bytes.
var Parse = parse

// Public reports whether an address is on the public internet.
var Public = public
