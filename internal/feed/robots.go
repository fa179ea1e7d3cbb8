package feed

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"tearline"
)

const (
	maxRobots  = 512 << 10 // RFC 9309 §2.5 asks for 500 KiB at least
	maxRules   = 5000
	robotsLast = 24 * time.Hour // RFC 9309 §2.4
)

// robotsCache is what hosts say that robots may do.
type robotsCache struct {
	mu sync.Mutex
	m  map[string]robotsEntry
}

type robotsEntry struct {
	rules robotsRules
	until time.Time
}

// allowed errs if a page is not for robots, or if it cannot be told.
func (r *Reader) allowed(ctx context.Context, u *url.URL) error {
	rules, err := r.robotsOf(ctx, u)
	if err != nil {
		return err
	}
	if !rules.allow(target(u)) {
		return webError(u, tearline.Invalid, "robots.txt asks programs to stay away", nil)
	}
	return nil
}

func (r *Reader) robotsOf(ctx context.Context, u *url.URL) (robotsRules, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	now := r.clock.Now()
	r.robots.mu.Lock()
	e, ok := r.robots.m[at.String()]
	r.robots.mu.Unlock()
	if ok && now.Before(e.until) {
		return e.rules, nil
	}
	// One that is not there, or is not for us, forbids nothing (RFC 9309
	// §2.3.1.3); one that cannot be had forbids all for now (§2.3.1.4).
	a, err := r.get(ctx, at, ask{accept: "text/plain, */*;q=0.1", most: maxRobots})
	if err != nil && tearline.KindOf(err) != tearline.Invalid {
		return robotsRules{}, err
	}
	e = robotsEntry{rules: parseRobots(a.body), until: now.Add(robotsLast)}
	r.robots.mu.Lock()
	defer r.robots.mu.Unlock()
	if r.robots.m == nil || len(r.robots.m) > maxHosts {
		r.robots.m = map[string]robotsEntry{}
	}
	r.robots.m[at.String()] = e
	return e.rules, nil
}

// target is the part of an address that rules speak of.
func target(u *url.URL) string {
	s := u.EscapedPath()
	if s == "" {
		s = "/"
	}
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	return s
}

// robotsRules are those of one group.
type robotsRules struct{ list []robotsRule }

type robotsRule struct {
	allow   bool
	pattern string
}

// parseRobots returns the rules for [Agent] or, if there are none, for all
// (RFC 9309 §2.2.1). What is not understood is passed over.
func parseRobots(b []byte) robotsRules {
	var ours, all robotsRules
	named, toOurs, toAll, inRules := false, false, false, false
	for l := range bytes.Lines(b) {
		text, _, _ := strings.Cut(string(l), "#")
		key, value, ok := strings.Cut(text, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if inRules {
				toOurs, toAll, inRules = false, false, false
			}
			toAll = toAll || value == "*"
			if product, _, _ := strings.Cut(value, "/"); strings.EqualFold(strings.TrimSpace(product), Agent) {
				toOurs, named = true, true
			}
		case "allow", "disallow":
			inRules = true
			rule := robotsRule{strings.EqualFold(strings.TrimSpace(key), "allow"), value}
			if value == "" {
				continue
			}
			if toOurs {
				ours.add(rule)
			}
			if toAll {
				all.add(rule)
			}
		}
	}
	if named {
		return ours
	}
	return all
}

func (r *robotsRules) add(rule robotsRule) {
	if len(r.list) < maxRules && len(rule.pattern) <= 2048 {
		r.list = append(r.list, rule)
	}
}

// allow applies the rule with the longest pattern; of two as long the one that
// allows (RFC 9309 §2.2.2).
func (r *robotsRules) allow(path string) bool {
	best, allow := -1, true
	for _, rule := range r.list {
		if n := len(rule.pattern); n < best || n == best && !rule.allow || !matches(rule.pattern, path) {
			continue
		}
		best, allow = len(rule.pattern), rule.allow
	}
	return allow
}

// matches compares a path with a pattern, in which * stands for anything and
// a $ at its end for the end; otherwise a pattern is a beginning.
func matches(pattern, path string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for i, p := range parts[1:] {
		if whole && i+1 == last {
			return strings.HasSuffix(rest, p)
		}
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			return false
		}
		rest = after
	}
	return !whole || rest == ""
}
