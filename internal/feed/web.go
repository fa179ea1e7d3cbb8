package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tearline"
)

const (
	maxRedirects = 5
	// timeLimit is for one request, its answer included.
	timeLimit = 60 * time.Second
	// pause is between two requests to one host.
	pause = 2 * time.Second
	// patience is how long to wait for a host's turn. What takes longer is for
	// another time.
	patience = 2 * time.Minute
	// longest is the longest that a server may send us away for.
	longest = 7 * 24 * time.Hour
	// maxHosts bounds what is remembered of hosts.
	maxHosts = 10_000
)

// ask is one thing to be fetched.
type ask struct {
	etag, modified, accept string
	robots                 bool  // look first whether robots may
	most                   int64 // bytes, what is more is cut off; 0 is maxBody, and what is more an error
}

// answer is what came.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL // after redirects
}

// laterError says when a server may be asked again.
type laterError struct{ until time.Time }

func (e *laterError) Error() string { return "not before " + e.until.Format(time.RFC3339) }

func later(what string, until time.Time, err error) error {
	return &tearline.Error{
		Op: "feed", Kind: tearline.Transient, Public: fmt.Sprintf("%s: not to be asked before %s", what, until.UTC().Format("2006-01-02 15:04 UTC")),
		Hint: "its server asked for a pause, or has failed before; the watch comes back by itself", Err: errors.Join(&laterError{until}, err),
	}
}

// get fetches an address, redirects followed one by one: each host is asked as
// politely as the first.
func (r *Reader) get(ctx context.Context, u *url.URL, what ask) (answer, error) {
	first := u
	for range maxRedirects + 1 {
		if what.robots {
			if err := r.allowed(ctx, u); err != nil {
				return answer{}, err
			}
		}
		a, err := r.once(ctx, u, what)
		if err != nil {
			return answer{}, err
		}
		switch a.status {
		case http.StatusOK:
			return a, nil
		case http.StatusNotModified:
			if what.etag != "" || what.modified != "" {
				return a, nil
			}
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			if u, err = redirected(u, a.header.Get("Location")); err != nil {
				return answer{}, err
			}
			continue
		}
		return answer{}, r.refused(u, a)
	}
	return answer{}, webError(first, tearline.Invalid, fmt.Sprintf("redirects more than %d times", maxRedirects), nil)
}

func redirected(from *url.URL, to string) (*url.URL, error) {
	ref, err := url.Parse(to)
	if err != nil || to == "" {
		return nil, webError(from, tearline.Invalid, "redirects to nowhere", err)
	}
	u := from.ResolveReference(ref)
	u.User = nil
	if u, err = Address(u.String()); err != nil {
		return nil, webError(from, tearline.Invalid, "redirects to what is no web address", err)
	}
	if from.Scheme == "https" && u.Scheme != "https" {
		return nil, webError(from, tearline.Invalid, "redirects to an address without protection", nil)
	}
	return u, nil
}

// refused says what a status means for who asked.
func (r *Reader) refused(u *url.URL, a answer) error {
	what := fmt.Sprintf("the server answered %d %s", a.status, http.StatusText(a.status))
	if a.status == http.StatusTooManyRequests || a.status >= 500 {
		if until, ok := r.retryAfter(a.header); ok {
			return later(u.Redacted(), until, errors.New(what))
		}
		return webError(u, tearline.Transient, what, nil)
	}
	return webError(u, tearline.Invalid, what, nil)
}

// retryAfter reads when to come back (RFC 9110 §10.2.3): seconds or a date.
func (r *Reader) retryAfter(h http.Header) (time.Time, bool) {
	v, now := h.Get("Retry-After"), r.clock.Now()
	if v == "" {
		return time.Time{}, false
	}
	until, err := http.ParseTime(v)
	if n, e := strconv.ParseInt(v, 10, 32); e == nil && n >= 0 {
		until, err = now.Add(time.Duration(n)*time.Second), nil
	}
	if err != nil {
		return time.Time{}, false
	}
	if limit := now.Add(longest); until.After(limit) {
		until = limit
	}
	return until, true
}

func webError(u *url.URL, kind tearline.Kind, what string, err error) error {
	return &tearline.Error{Op: "feed.get", Kind: kind, Public: u.Redacted() + ": " + what, Err: err}
}

// once makes one request when its host's turn has come.
func (r *Reader) once(ctx context.Context, u *url.URL, what ask) (a answer, err error) {
	h := r.hosts.of(u.Host)
	if err := h.enter(ctx, r.clock, u); err != nil {
		return a, err
	}
	until := time.Time{}
	defer func() { h.leave(r.clock.Now(), until) }()

	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return a, webError(u, tearline.Invalid, "no web address", err)
	}
	req.Header.Set("User-Agent", r.agent)
	req.Header.Set("Accept", what.accept)
	for name, v := range map[string]string{"If-None-Match": what.etag, "If-Modified-Since": what.modified} {
		if v != "" {
			req.Header.Set(name, v)
		}
	}
	res, err := r.client.Do(req)
	if err != nil {
		return a, unreachable(u, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, cmp.Or(what.most, maxBody+1)))
	if err != nil {
		return a, unreachable(u, err)
	}
	if len(body) > maxBody {
		return a, webError(u, tearline.Invalid, fmt.Sprintf("more than %d MiB", maxBody>>20), nil)
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		until, _ = r.retryAfter(res.Header)
	}
	return answer{status: res.StatusCode, header: res.Header, body: body, url: u}, nil
}

// unreachable says that a server could not be had. That an address is not for
// us to reach does not pass; all else may.
func unreachable(u *url.URL, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, errInside) {
		return webError(u, tearline.Invalid, errInside.Error(), err)
	}
	return webError(u, tearline.Transient, "the server cannot be reached", err)
}

// hosts are those that were asked something.
type hosts struct {
	mu sync.Mutex
	m  map[string]*host
}

// A host is asked one thing at a time.
type host struct {
	turn  chan struct{}
	ready time.Time // with the turn held
}

func (h *hosts) of(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.m == nil || len(h.m) > maxHosts {
		h.m = map[string]*host{}
	}
	x := h.m[name]
	if x == nil {
		x = &host{turn: make(chan struct{}, 1)}
		h.m[name] = x
	}
	return x
}

// enter waits for the host's turn; after it the caller must leave.
func (h *host) enter(ctx context.Context, c Clock, u *url.URL) error {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	wait := h.ready.Sub(c.Now())
	var err error
	switch {
	case wait > patience:
		err = later(u.Redacted(), h.ready, nil)
	case wait > 0:
		err = c.Sleep(ctx, wait)
	}
	if err != nil {
		<-h.turn
	}
	return err
}

// leave gives the turn to the next, who waits for as long as is polite, or as
// the server asked.
func (h *host) leave(now, until time.Time) {
	if h.ready = now.Add(pause); until.After(h.ready) {
		h.ready = until
	}
	<-h.turn
}

// Client makes an HTTP client that is not led into the house: it connects to
// addresses on the public internet, to the host that the user named, and to
// the proxy that the environment names; behind a proxy only addresses written
// as numbers can be told. It follows what the Go programs on this machine do
// about proxies and certificates.
func Client() *http.Client {
	g := &guard{}
	return &http.Client{Transport: &http.Transport{
		Proxy: g.proxy, DialContext: g.dial,
		// Each request dials anew: where one may go is decided as it dials, and
		// a connection that another request was allowed is not for this one.
		DisableKeepAlives:   true,
		TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
		MaxConnsPerHost: 1, MaxResponseHeaderBytes: 64 << 10,
	}}
}

var errInside = errors.New("not an address on the public internet")

type trusted struct{}

// trust lets requests made with the context reach the host of an address that
// the user named, wherever it is.
func trust(ctx context.Context, u *url.URL) context.Context {
	return context.WithValue(ctx, trusted{}, hostPort(u))
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

type guard struct{ proxies sync.Map }

func (g *guard) proxy(req *http.Request) (*url.URL, error) {
	p, err := http.ProxyFromEnvironment(req)
	if err != nil || p == nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(req.URL.Hostname()); err == nil && !public(ip) && req.Context().Value(trusted{}) != hostPort(req.URL) {
		return nil, errInside
	}
	g.proxies.Store(hostPort(p), true)
	return p, nil
}

func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second}
	if _, ok := g.proxies.Load(addr); !ok && ctx.Value(trusted{}) != strings.ToLower(addr) {
		d.Control = outside
	}
	return d.DialContext(ctx, network, addr)
}

// outside refuses a connection by the address that the name turned out to
// have.
func outside(_, addr string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(addr)
	if err != nil || !public(a.Addr()) {
		return errInside
	}
	return nil
}

// inner are the blocks that are not on the public internet besides those that
// package netip knows (IANA's special-purpose registries).
var inner = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("fec0::/10"),
}

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" {
		return false
	}
	for _, p := range inner {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
