package feed_test

import (
	"net/netip"
	"strings"
	"testing"

	"tearline/internal/feed"
)

func TestRobots(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, robots string
		yes, no      string // paths
	}{
		{"empty", "", "/ /a", ""},
		{"all", "User-agent: *\nDisallow: /", "", "/ /a"},
		{"nothing", "User-agent: *\nDisallow:", "/ /a", ""},
		{"a folder", "User-agent: *\nDisallow: /private/ # ours", "/ /private /privately", "/private/ /private/a?b=c"},
		{"the longest counts", "User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b /a/b/c", "/a /a/c"},
		{"allowing counts of two as long", "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", ""},
		{"wildcards", "User-agent: *\nDisallow: /*/print$\nDisallow: *.pdf\n", "/a/printed /print", "/a/print /a/b/print /x.pdf?y"},
		{"our own group", "User-agent: *\nDisallow: /\n\nUser-agent: Tearline\nDisallow: /b\n", "/a", "/b"},
		{"a group for several", "User-agent: other\nUser-agent: tearline/2\nDisallow: /b\nUser-agent: x\nDisallow: /\n", "/a", "/b"},
		{"others' groups", "User-agent: other\nDisallow: /\nSitemap: /s", "/a", ""},
		{"rules of nobody", "Disallow: /\nnonsense\n", "/a", ""},
		{"upper case, Windows", "USER-AGENT:*\r\nDISALLOW:/b\r\n", "/a /B", "/b"},
	} {
		for _, want := range []struct {
			paths string
			ok    bool
		}{{tt.yes, true}, {tt.no, false}} {
			for p := range strings.FieldsSeq(want.paths) {
				if got := feed.RobotsAllow(tt.robots, p); got != want.ok {
					t.Errorf("%s: %s: %v", tt.name, p, got)
				}
			}
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /", "/ab")
	f.Fuzz(func(t *testing.T, robots, path string) {
		feed.RobotsAllow(robots, path)
		if !feed.RobotsAllow("User-agent: *\nDisallow:\n", path) {
			t.Error("nothing forbidden, and not allowed")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rss))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"}]}`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id></entry></feed>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := feed.Parse("https://gazette.example/", b)
		if err != nil {
			return
		}
		for _, i := range got.Items {
			if i.Link != "" && !strings.HasPrefix(i.Link, "http") || i.Name() == "" {
				t.Errorf("%+v", i)
			}
		}
	})
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ip   string
		want bool
	}{
		{"93.184.216.34", true},
		{"2606:2800:220:1::1", true},
		{"127.0.0.1", false},
		{"10.1.2.3", false},
		{"172.16.0.1", false},
		{"192.168.1.1", false},
		{"169.254.169.254", false},
		{"100.64.0.1", false},
		{"0.0.0.0", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"::1", false},
		{"::", false},
		{"fe80::1", false},
		{"fc00::1", false},
		{"::ffff:127.0.0.1", false},
		{"64:ff9b::7f00:1", false},
		{"2002:7f00:1::", false},
	} {
		if got := feed.Public(netip.MustParseAddr(tt.ip)); got != tt.want {
			t.Errorf("%s: %v", tt.ip, got)
		}
	}
}
